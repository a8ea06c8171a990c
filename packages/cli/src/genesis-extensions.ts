import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { extensionsIn, isModel } from '@hearsay/home'
import type { Genesis } from '@hearsay/ledger'
import type { SteadyTrainingOptions } from '@hearsay/training'
import { CommandError } from './command-error.ts'

/** What is an operator's own in a genesis. */
export interface OwnFiles {
  /** How training processes load its code. */
  readonly code: Pick<SteadyTrainingOptions, 'extensions'>
  /** Names of the tasks of a file of code, by its path from the folder of the genesis. */
  brought(module: string): readonly string[]
}

/**
 * Loads the code that a genesis names under `extensions` or by its task, once its digests are known to be right: what it brings may
 * then be named in it. Throws PeerError, and ScenarioError naming the file.
 */
export async function loadExtensionsOf(file: string): Promise<OwnFiles> {
  const named = extensionsIn(file).filter((extension) => !isModel(extension.file))
  if (named.length === 0) return { code: {}, brought: () => [] }
  // Only here: a genesis without extensions needs none of what these may bring.
  const { loadExtension } = await import('@hearsay/scenario')
  const files = named.map((extension) => join(dirname(file), extension.file))
  const brought = new Map(files.map((path) => [path, loadExtension(path).tasks]))
  return {
    code: { extensions: { files, from: import.meta.url } },
    brought: (module) => brought.get(join(dirname(file), module)) ?? [],
  }
}

/** The files of the extensions of a genesis, copied beside it; `folder` is new. Throws CommandError when one is there that is another. */
export function copyExtensions({ extensions = [] }: Genesis, from: string, folder: string): void {
  for (const name of extensions.flatMap(({ sha256 = {} }) => Object.keys(sha256))) {
    const to = join(folder, name)
    if (existsSync(to)) throw new CommandError(`${to}: is there already; nothing is written over`)
    mkdirSync(dirname(to), { recursive: true })
    cpSync(join(from, name), to)
  }
}
