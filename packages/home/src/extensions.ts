/** Files with code of an operator's own that a genesis names: what of them the peers of a network have to agree on. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type Genesis, type GenesisExtension, PeerError } from '@hearsay/ledger'

const mostFileBytes = 4 * 1024 * 1024
const mostFiles = 1000

/**
 * What a module imports by a path, as far as that is written out, and models that it names with `tfjs`, whose paths are from the
 * folder of the genesis. It may find more, in a comment, and that is no harm.
 */
const IMPORT = /\b(?:from|import|require|(tfjs))\b\s*[(:]?\s*(['"])(\.{1,2}\/[^'"\n]+)\2/g

/**
 * The SHA-256 of each file of an extension: of itself and of all that it imports by relative paths, by their paths from the folder of
 * the genesis. Throws PeerError naming the file that is missing, or outside of the folder.
 */
export function filesOf({ file }: GenesisExtension, folder: string): Record<string, string> {
  const digests = new Map<string, string>()
  const add = (name: string, from?: string): void => {
    if (digests.has(name)) return
    const path = join(folder, name)
    if (name.startsWith('../'))
      throw badFile(`${path}: is outside of the folder of the genesis, and ${from} imports it`)
    if (!isFile(path)) {
      if (from === undefined) throw badFile(`${path}: there is no such file; the genesis names it under extensions`)
      return
    }
    if (digests.size === mostFiles) throw badFile(`${join(folder, file)}: imports more than ${mostFiles} files`)
    const text = readFileSync(path, 'utf8')
    digests.set(name, createHash('sha256').update(text).digest('hex'))
    for (const [, model, , path] of text.matchAll(IMPORT))
      add(posix.join(model === undefined ? posix.dirname(name) : '.', path!), name)
  }
  add(posix.normalize(file))
  return Object.fromEntries([...digests].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * A genesis with the digests of its extensions, which are part of its record: peers whose files differ have different networks.
 *
 * @throws PeerError naming the file when the genesis has digests, and one is another
 */
export function withDigests(genesis: Genesis, folder: string): Genesis {
  if (genesis.extensions === undefined) return genesis
  return { ...genesis, extensions: genesis.extensions.map((extension) => pinned(extension, folder)) }
}

/** With its digests; see `withDigests`. */
export function pinned(extension: GenesisExtension, folder: string): GenesisExtension {
  const sha256 = filesOf(extension, folder)
  const due = extension.sha256 ?? sha256
  const names = [...new Set([...Object.keys(due), ...Object.keys(sha256)])].sort()
  const other = names.find((name) => due[name] !== sha256[name])
  if (other === undefined) return { ...extension, sha256 }
  const problem =
    due[other] === undefined
      ? 'is imported, and is not among those of the genesis'
      : sha256[other] === undefined
        ? 'is missing, or no longer imported'
        : `is another file than the genesis says: its SHA-256 is ${sha256[other]}, and should be ${due[other]}`
  throw badFile(`${join(folder, other)}: ${problem}. Get the files that belong to this genesis`)
}

function isFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile() !== true) return false
  if (found.size > mostFileBytes) throw badFile(`${path}: more than ${mostFileBytes} bytes`)
  return true
}

function badFile(message: string): PeerError {
  return new PeerError('bad-file', message)
}
