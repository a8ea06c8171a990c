import { createRequire, registerHooks } from 'node:module'
import { runInNewContext } from 'node:vm'
import { suggestion } from './suggestion.ts'

/** What extensions import has to be ours, wherever the file is and whatever is installed there. */
const ownPackage = /^@hearsay\//

/** So long may a file of a user's own take to be loaded, or a function of it to give what is asked for. */
export const ownCodeMs = 60_000

/** Thrown for code of a user's own that does not come to an end. */
export class NeverReturns extends Error {
  override readonly name = 'NeverReturns'
  constructor(what: string, deadlineMs: number) {
    super(`${what} does not return within ${deadlineMs / 1000} s`)
  }
}

/** What `work` gives; throws NeverReturns when it, whatever it is at, does not come to an end. */
export function beforeDeadline<Result>(work: () => Result, what: string, deadlineMs = ownCodeMs): Result {
  try {
    // Nothing is run in that context but `work`, which is of this one: it is the way to end what does not.
    return runInNewContext('work()', { work }, { timeout: deadlineMs, displayErrors: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new NeverReturns(what, deadlineMs)
  }
}

/** Registries by the names of the lists that extensions export. */
export type Registries = Readonly<Record<string, { add(member: never): void }>>

/**
 * What a TypeScript file of a user's own exports, loaded in one go. `from` is the URL of a module of ours, which sees all that
 * such a file may import. Its code runs in this process with all its rights, as that of any program that one starts.
 */
export function loadModule(file: string, from: string): Readonly<Record<string, unknown>> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, ownPackage.test(specifier) ? { ...context, parentURL: from } : context),
    // A module, whatever a package.json above it says of files that end in .ts: what `npm init` writes says CommonJS.
    load: (url, context, next) =>
      next(url, url.endsWith('.ts') ? { ...context, format: 'module-typescript' } : context),
  })
  try {
    // Not import(): what is checked next depends on it.
    const load = () => createRequire(import.meta.url)(file) as Readonly<Record<string, unknown>>
    return beforeDeadline(load, 'its code')
  } finally {
    hooks.deregister()
  }
}

const imported = /\b(?:from|import|require|(tfjs))\b\s*[(:]?\s*(['"])(\.{1,2}\/[^'"\n]+)\2/g

/**
 * What the text of a module imports by a path, as far as that is written out, and models that it names with `tfjs`. It may find
 * more, in a comment, and that is no harm.
 */
export function pathsIn(text: string): { readonly path: string; readonly model: boolean }[] {
  return [...text.matchAll(imported)].map(([, model, , path]) => ({ path: path!, model: model !== undefined }))
}

/** Adds what a module exports; says what is wrong with it, each with the export. */
export function addExports(module: Readonly<Record<string, unknown>>, registries: Registries): string[] {
  const names = Object.keys(registries)
  if (names.every((name) => module[name] === undefined))
    return [`exports no list called ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`]
  return [...misspelt(module, names), ...addKnown(module, registries)]
}

/** The same of the lists that are known here; whatever else there is may mean something elsewhere. */
export function addKnown(module: Readonly<Record<string, unknown>>, registries: Registries): string[] {
  return Object.entries(registries).flatMap(([name, registry]) => addAll(name, module[name], registry))
}

function misspelt(module: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  const missing = names.filter((name) => module[name] === undefined)
  return Object.keys(module).flatMap((name) => {
    const hint = names.includes(name) ? '' : suggestion(name, missing)
    return hint === '' ? [] : [`its export ${name} means nothing${hint}`]
  })
}

function addAll(name: string, given: unknown, registry: Registries[string]): string[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) return [`its export ${name} is not a list`]
  return given.flatMap((one: unknown, index) => {
    try {
      registry.add(one as never)
      return []
    } catch (error) {
      return [`its export ${name}[${index}]: ${(error as Error).message}`]
    }
  })
}
