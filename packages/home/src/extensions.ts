/** Files with code of an operator's own that a genesis names: what of them the peers of a network have to agree on. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { pathsIn } from '@hearsay/catalogue/extension'
import { type Genesis, type GenesisExtension, PeerError } from '@hearsay/ledger'

const mostFileBytes = 4 * 1024 * 1024
const mostWeightBytes = 400 * 1024 * 1024
const mostFiles = 1000

/**
 * The SHA-256 of each file of an extension: of itself and of all that it imports by relative paths, of a model also of its weights,
 * by their paths from the folder of the genesis. Throws PeerError naming the file that is missing, or outside of the folder.
 */
export function filesOf({ file }: GenesisExtension, folder: string): Record<string, string> {
  const named = isModel(file) ? 'task.model.tfjs' : 'extensions'
  const digests = new Map<string, string>()
  const add = (name: string, from?: string, weights = false): void => {
    if (digests.has(name)) return
    const path = join(folder, name)
    if (name.startsWith('../'))
      throw badFile(`${path}: is outside of the folder of the genesis, and ${from} imports it`)
    if (!isFile(path, weights ? mostWeightBytes : mostFileBytes)) {
      if (from === undefined) throw badFile(`${path}: there is no such file; the genesis names it under ${named}`)
      if (weights) throw badFile(`${path}: there is no such file; ${from} says that its weights are in it`)
      return
    }
    if (digests.size === mostFiles) throw badFile(`${join(folder, file)}: imports more than ${mostFiles} files`)
    const content = readFileSync(path)
    digests.set(name, createHash('sha256').update(content).digest('hex'))
    if (weights) return
    const text = content.toString('utf8')
    if (isModel(name)) for (const weight of weightsIn(text)) add(posix.join(posix.dirname(name), weight), name, true)
    // Paths of models are from the folder of the genesis.
    else for (const { path, model } of pathsIn(text)) add(posix.join(model ? '.' : posix.dirname(name), path), name)
  }
  add(posix.normalize(file))
  return Object.fromEntries([...digests].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The same of a file that may lie elsewhere, or import what does: of that its own digest alone. */
export function digestsOf(file: string, folder: string): Record<string, string> {
  try {
    return filesOf({ file }, folder)
  } catch {
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex')
    return { [posix.normalize(file)]: digest }
  }
}

/** What a task names in a genesis, and where: a module, and a model that is saved. */
const namedByTask = [['module'], ['model', 'tfjs']] as const

/**
 * A genesis as it is written, its files under `extensions` with those that its task names, which are part of it too.
 *
 * @param wrong is told of a path that leads elsewhere
 */
export function withFilesOfTask(
  given: unknown,
  wrong: (path: readonly string[], message: string) => void = () => {},
): unknown {
  const { task, extensions = [] } = (given ?? {}) as { readonly task?: unknown; readonly extensions?: unknown }
  if (!Array.isArray(extensions)) return given
  const files = extensions.map((one) => (typeof one === 'string' ? one : one?.file))
  const missing: string[] = []
  for (const path of namedByTask) {
    const said = path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined | null)?.[key],
      task,
    )
    if (typeof said !== 'string') continue
    const file = `./${posix.normalize(said)}`
    if (/^\.\/(\.\.)?\//.test(file)) wrong(['task', ...path], 'must be a path from the folder of the genesis, or below')
    else if (!files.some((one) => typeof one === 'string' && `./${posix.normalize(one)}` === file)) missing.push(file)
  }
  return missing.length === 0 ? given : { ...(given as object), extensions: [...extensions, ...missing] }
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

function isFile(path: string, most: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile() !== true) return false
  if (found.size > most) throw badFile(`${path}: more than ${most} bytes`)
  return true
}

/** What is no code, but a model that TensorFlow.js saved. */
export function isModel(file: string): boolean {
  return file.endsWith('.json')
}

/** Names of the files of weights in a text of model.json; what is wrong with it is told when it is loaded. */
function weightsIn(text: string): string[] {
  try {
    const { weightsManifest } = (JSON.parse(text) ?? {}) as { weightsManifest?: { paths?: unknown[] }[] }
    const paths = [weightsManifest].flat().flatMap((group) => group?.paths ?? [])
    return paths.filter((path) => typeof path === 'string')
  } catch {
    return []
  }
}

function badFile(message: string): PeerError {
  return new PeerError('bad-file', message)
}
