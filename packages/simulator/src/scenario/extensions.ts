import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { basename, dirname, resolve } from 'node:path'
import { suggestion } from '@hearsay/catalogue'
import { kindOf, poisonSchemas } from '@hearsay/training/schema'
import type { Finding } from './issues.ts'
import { REGISTRIES } from './registries.ts'
import { ScenarioError } from './scenario-error.ts'

/** A TypeScript file with rules, attacks, topologies, … of one's own. */
export interface Extension {
  /** Without its folder. */
  readonly name: string
  readonly text: string
}

/** Behaviours that are no attacks, and whose names are taken. */
const taken = (): string[] => poisonSchemas().map(kindOf)
/** What extensions import has to be ours, wherever the file is and whatever is installed there. */
const OURS = /^@hearsay\/(catalogue|aggregation|adversary|protocol)(\/updates|\/random)?$/

/** What a file may export. */
const KINDS = Object.keys(REGISTRIES)

/** Files that were loaded, in whatever folder, by SHA-256 of their text: they are known. */
const loaded = new Set<string>()
/** The same by path. A module is loaded once in a process, so its file may not change. */
const digests = new Map<string, string>()
/** What is wrong with them, by path: asked once more for a file that it could not load, Node gives another reason. */
const refused = new Map<string, readonly string[]>()

/**
 * Loads the files of `extensions` and registers what they export as lists, see `REGISTRIES`.
 * Paths are from the folder of the scenario, `file`. Their code runs in this process with all its rights, as that of any program that one starts.
 */
export function loadExtensions(
  paths: readonly string[],
  file: string,
): { readonly extensions: readonly Extension[]; readonly findings: readonly Finding[] } {
  const extensions: Extension[] = []
  const findings: Finding[] = []
  for (const [index, path] of paths.entries()) {
    const found = (message: string): void => {
      findings.push({ path: ['extensions', index], at: 'value', message })
    }
    const name = basename(path)
    if (extensions.some((other) => other.name === name)) {
      found(`there is another ${name}: the folder of a run keeps them side by side, so name them differently`)
      continue
    }
    try {
      const place = resolve(dirname(file), path)
      const text = readFileSync(place, 'utf8')
      extensions.push({ name, text })
      const digest = createHash('sha256').update(text).digest('hex')
      if (loaded.has(digest)) continue
      if ((digests.get(place) ?? digest) !== digest) {
        found(`${path}: has changed since this process loaded it; start another`)
        continue
      }
      digests.set(place, digest)
      const faults = refused.get(place) ?? faultsOf(place)
      for (const fault of faults) found(`${path}: ${fault}`)
      if (faults.length === 0) loaded.add(digest)
      else refused.set(place, faults)
    } catch (error) {
      found(`${path}: ${reasonOf(error)}`)
    }
  }
  return { extensions, findings }
}

/**
 * Registers what one file exports, outside any scenario; the path is from the working folder. Gives the SHA-256 of its text.
 * @throws ScenarioError naming the file
 */
export function loadExtension(path: string): string {
  const { extensions, findings } = loadExtensions([path], '')
  if (findings.length > 0)
    throw new ScenarioError(
      path,
      findings.map(({ message }) => ({ path: '', message, origin: '--extension' })),
    )
  return createHash('sha256').update(extensions[0]!.text).digest('hex')
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

function faultsOf(place: string): string[] {
  try {
    return register(load(place))
  } catch (error) {
    const at = placeIn([basename(place)], error)
    return [at === undefined ? reasonOf(error) : `${reasonOf(error)} (${at})`]
  }
}

function load(place: string): Readonly<Record<string, unknown>> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, OURS.test(specifier) ? { ...context, parentURL: import.meta.url } : context),
    // A module, whatever a package.json above it says of files that end in .ts: what `npm init` writes says CommonJS.
    load: (url, context, next) =>
      next(url, url.endsWith('.ts') ? { ...context, format: 'module-typescript' } : context),
  })
  try {
    // Not import(): the scenario is checked in one go, and what it may say depends on this.
    return createRequire(import.meta.url)(place) as Readonly<Record<string, unknown>>
  } finally {
    hooks.deregister()
  }
}

/** Registers what a module exports; says what is wrong with it, each with the export. */
function register(module: Readonly<Record<string, unknown>>): string[] {
  if (KINDS.every((kind) => module[kind] === undefined))
    return [`exports no list called ${KINDS.slice(0, -1).join(', ')} or ${KINDS.at(-1)}`]
  return [
    ...misspelt(module),
    ...Object.entries(REGISTRIES).flatMap(([kind, registry]) => addAll(kind, module[kind], registry)),
  ]
}

function misspelt(module: Readonly<Record<string, unknown>>): string[] {
  const missing = KINDS.filter((kind) => module[kind] === undefined)
  return Object.keys(module).flatMap((name) => {
    const hint = KINDS.includes(name) ? '' : suggestion(name, missing)
    return hint === '' ? [] : [`its export ${name} means nothing${hint}`]
  })
}

function addAll(kind: string, given: unknown, registry: { add(member: never): void }): string[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) return [`its export ${kind} is not a list`]
  return given.flatMap((one: unknown, index) => {
    try {
      if (taken().includes((one as { readonly name?: string } | undefined)?.name ?? ''))
        throw new Error(`There is a behaviour "${(one as { name: string }).name}" already.`)
      registry.add(one as never)
      return []
    } catch (error) {
      return [`its export ${kind}[${index}]: ${(error as Error).message}`]
    }
  })
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file; paths are from the folder of the scenario'
  if (code === 'EISDIR') return 'is a folder; an extension is one TypeScript file'
  if (code === 'ERR_REQUIRE_ASYNC_MODULE') return 'it may not await at its top'
  return `cannot be loaded: ${message?.split('\n')[0] ?? String(error)}`
}
