import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { About } from '@hearsay/training/files'
import { CommandError } from './command-error.ts'

/** Loads the modules of a model, each only if it is the one that the model learnt with. */
export async function loadModules({ extensions = [] }: About, base: string): Promise<string[]> {
  if (extensions.length === 0) return []
  const { digestsOf, isModel } = await import('@hearsay/home')
  const { loadExtension } = await import('@hearsay/scenario')
  for (const { file, sha256 } of extensions) {
    const path = resolve(base, file)
    if (!existsSync(path))
      throw new CommandError(
        `${path}: there is no such file, and the model learnt with it; say where it is: --base FOLDER`,
      )
    const found = digestsOf(file, base)
    const other = Object.keys({ ...found, ...sha256 }).find((name) => sha256[name] !== found[name])
    if (other === undefined) continue
    const digests = `its SHA-256 is ${found[other] ?? 'none'}, and should be ${sha256[other] ?? 'none'}`
    const problem = `is another file than the model learnt with: ${digests}`
    throw new CommandError(`${join(base, other)}: ${problem}; name the folder of the right one: --base FOLDER`)
  }
  const modules = extensions.filter(({ file }) => !isModel(file)).map(({ file }) => resolve(base, file))
  for (const path of modules) loadExtension(path)
  return modules
}
