import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { extensionsIn } from '@hearsay/home'
import type { Genesis } from '@hearsay/ledger'
import type { SteadyTrainingOptions } from '@hearsay/training'
import { CommandError } from './command-error.ts'

/** How training processes load what is an operator's own. */
export type OwnCode = Pick<SteadyTrainingOptions, 'extensions'>

/**
 * Loads the files that a genesis names under `extensions`, once their digests are known to be right: what they bring may then be
 * named in it. Throws PeerError, and ScenarioError naming the file.
 */
export async function loadExtensionsOf(file: string): Promise<OwnCode> {
  const files = extensionsIn(file).map((extension) => join(dirname(file), extension.file))
  if (files.length === 0) return {}
  // Only here: a genesis without extensions needs none of what these may bring.
  const { loadExtension } = await import('@hearsay/scenario')
  for (const path of files) loadExtension(path)
  return { extensions: { files, from: import.meta.url } }
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
