import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunError } from '@hearsay/results'

/** A file of the folder of a run. Throws RunError `no-run` where there is none. */
export function readOfRun(folder: string, name: string): string {
  const path = join(folder, name)
  if (!existsSync(path))
    throw new RunError('no-run', `${folder} is not the folder of a run: it has no ${name}; try runs/latest`)
  return readFileSync(path, 'utf8')
}

/** Throws as `readOfRun`, and where it is not JSON. */
export function readJson<T>(folder: string, name: string): T {
  try {
    return JSON.parse(readOfRun(folder, name)) as T
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new RunError('no-run', `${join(folder, name)} is not JSON: ${error.message}`, { cause: error })
  }
}
