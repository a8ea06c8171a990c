import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import { addExports, loadModule, pathsIn } from '@hearsay/catalogue/extension'
import type { Finding } from './finding.ts'
import type { NamedFile } from './modules.ts'
import { allRegistries } from './registries.ts'
import { ScenarioError } from './scenario-error.ts'

/** A TypeScript file with rules, attacks, topologies, … of one's own. */
export interface Extension {
  /** Without its folder. */
  readonly name: string
  /** Absolute. */
  readonly path: string
  readonly text: string
  /** Names of the tasks that it brings. */
  readonly tasks: readonly string[]
  /** What it imports by paths beside it or below, by these paths from its folder. */
  readonly imports: readonly OwnFile[]
}

export interface OwnFile {
  readonly name: string
  readonly text: string
}

/** Files of these names beside a scenario are all that its extensions need, but what they import from elsewhere. */
export function filesOf(extensions: readonly Extension[]): OwnFile[] {
  return extensions.flatMap(({ name, text, imports }) => [{ name, text }, ...imports])
}

const mostImports = 1000

/** Names of the tasks of files that were loaded, in whatever folder, by SHA-256 of their text: they are known. */
const loaded = new Map<string, readonly string[]>()
/** The same by path. A module is loaded once in a process, so its file may not change. */
const digests = new Map<string, string>()
/** What is wrong with them, by path: asked once more for a file that it could not load, Node gives another reason. */
const refused = new Map<string, readonly string[]>()

/**
 * Loads the files of `extensions` and registers what they export as lists, see `allRegistries`.
 * Paths are from the folder of the scenario, `file`. Their code runs in this process with all its rights, as that of any program that one starts.
 */
export function loadExtensions(
  named: readonly NamedFile[],
  file: string,
): { readonly extensions: readonly Extension[]; readonly findings: readonly Finding[] } {
  const extensions: Extension[] = []
  const findings: Finding[] = []
  for (const { path: source, file: path } of named) {
    const found = (message: string): void => {
      findings.push({ path: source, message })
    }
    const name = basename(path)
    // A task may name what stands under `extensions` too.
    if (source[0] !== 'extensions' && extensions.some((other) => other.path === resolve(dirname(file), path))) continue
    if (extensions.some((other) => other.name === name)) {
      found(`there is another ${name}: the folder of a run keeps them side by side, so name them differently`)
      continue
    }
    try {
      const place = resolve(dirname(file), path)
      const text = readFileSync(place, 'utf8')
      const digest = createHash('sha256').update(text).digest('hex')
      if (!loaded.has(digest) && (digests.get(place) ?? digest) !== digest) {
        found(`${path}: has changed since this process loaded it; start another`)
        continue
      }
      digests.set(place, digest)
      if (!loaded.has(digest)) for (const fault of load(place, digest)) found(`${path}: ${fault}`)
      extensions.push({ name, path: place, text, tasks: loaded.get(digest) ?? [], imports: importsOf(place, text) })
    } catch (error) {
      found(`${path}: ${reasonOf(error)}`)
    }
  }
  return { extensions, findings }
}

/**
 * Registers what one file exports, outside any scenario; the path is from the working folder. Gives the SHA-256 of its text, and
 * the names of the tasks that it brings.
 * @throws ScenarioError naming the file
 */
export function loadExtension(path: string): { readonly sha256: string; readonly tasks: readonly string[] } {
  const { extensions, findings } = loadExtensions([{ path: ['extensions', 0], file: path }], '')
  if (findings.length > 0)
    throw new ScenarioError(
      path,
      findings.map(({ message }) => ({ path: '', message, origin: '--extension' })),
    )
  const { text, tasks } = extensions[0]!
  return { sha256: createHash('sha256').update(text).digest('hex'), tasks }
}

/** Where in one of these files an error came about, such as `own.ts:14:33`, by its stack. */
export function placeIn(names: readonly string[], error: unknown): string | undefined {
  const { stack, cause } = (error ?? {}) as Error
  // What a rule throws is in another error, which has its own stack.
  if (cause !== undefined) return placeIn(names, cause) ?? placeIn(names, { stack })
  const line = String(stack)
    .split('\n')
    .find((each) => names.some((name) => each.includes(`/${name}:`)))
  return line?.slice(line.lastIndexOf('/') + 1).replace(')', '')
}

function importsOf(place: string, text: string): OwnFile[] {
  const found = new Map<string, string>()
  const add = (from: string, content: string): void => {
    for (const { path } of pathsIn(content).filter(({ model }) => !model)) {
      const file = resolve(dirname(from), path)
      const name = relative(dirname(place), file)
      if (name.startsWith('..') || file === place || found.has(name) || found.size === mostImports) continue
      if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) continue
      const inner = readFileSync(file, 'utf8')
      found.set(name, inner)
      add(file, inner)
    }
  }
  add(place, text)
  return [...found].map(([name, inner]) => ({ name, text: inner }))
}

/** Says what is wrong with a file, if anything is. */
function load(place: string, digest: string): readonly string[] {
  const faults = refused.get(place) ?? register(place, digest)
  if (faults.length > 0) refused.set(place, faults)
  return faults
}

function register(place: string, digest: string): string[] {
  try {
    const module = loadModule(place, import.meta.url)
    const faults = addExports(module, allRegistries)
    const { tasks = [] } = module as { readonly tasks?: readonly { readonly name: string }[] }
    if (faults.length === 0)
      loaded.set(
        digest,
        tasks.map(({ name }) => name),
      )
    return faults
  } catch (error) {
    const at = placeIn([basename(place)], error)
    return [at === undefined ? reasonOf(error) : `${reasonOf(error)} (${at})`]
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file; paths are from the folder of the scenario'
  if (code === 'EISDIR') return 'is a folder; an extension is one TypeScript file'
  if (code === 'ERR_REQUIRE_ASYNC_MODULE') return 'it may not await at its top'
  return `cannot be loaded: ${message?.split('\n')[0] ?? String(error)}`
}
