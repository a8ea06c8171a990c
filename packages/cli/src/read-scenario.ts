import { readFileSync } from 'node:fs'
import { CommandError } from './command-error.ts'

/** The text of a scenario. Throws CommandError when there is none. */
export function readScenario(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT')
      throw new CommandError(`${file}: there is no such file. Scenarios that ship are in scenarios/.`)
    if (code === 'EISDIR') throw new CommandError(`${file} is a folder; a scenario is a YAML file.`)
    throw error
  }
}
