import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { withDataAt } from '@hearsay/training/schema'
import { parse } from 'yaml'
import { parametersJsonSchema, scenarioJsonSchema } from './json-schema.ts'
import { parsePath, setPath, unknownPath } from './parameter-path.ts'
import { type Problem, ScenarioError } from './scenario-error.ts'
import { spelledOut } from './short-forms.ts'
import { isTree } from './tree.ts'

export interface LoadOptions {
  /** What errors call the text. */
  readonly file: string
  /** The folder that relative paths in `task` stand against; that of the file when left out. */
  readonly base?: string
  /** `path=value`, the value in YAML. They win over the sweep. */
  readonly overrides?: readonly string[]
  /** In place of the scenario's seeds. */
  readonly seed?: number
  /** In place of the scenario's network. */
  readonly network?: 'memory' | 'tcp' | 'virtual'
  /** In place of `task.data`, or of the file or folder that it names: where data are. */
  readonly dataDir?: string
}

/** An override with the words that gave it. */
export interface Override {
  readonly path: string[]
  readonly value: unknown
  readonly origin: string
  /** Absolute: a map there is read from this place instead, and the rest of it stays. */
  readonly place?: string
}

/** The overrides of a command line, in its order; `seed` and `dataDir` last. Throws ScenarioError. */
export function readOverrides(options: LoadOptions): Override[] {
  const problems: Problem[] = []
  const overrides = (options.overrides ?? []).flatMap((text): Override[] => {
    const origin = `--set ${text}`
    const equals = text.indexOf('=')
    if (equals < 1) {
      problems.push({ path: '', origin, message: 'expected path=value, such as task.dataset=mnist' })
      return []
    }
    const path = parsePath(text.slice(0, equals).trim())
    // What may be said of a cell may be said of all, and the schema of a whole scenario takes as long again to make.
    const unknown = unknownPath(parametersJsonSchema(), path) && unknownPath(scenarioJsonSchema(), path)
    if (unknown !== undefined) problems.push({ path: path.join('.'), origin, message: unknown })
    try {
      return [{ path, value: parse(text.slice(equals + 1), { merge: true }), origin }]
    } catch (error) {
      problems.push({ path: path.join('.'), origin, message: `the value is not YAML: ${(error as Error).message}` })
      return []
    }
  })
  if (problems.length > 0) throw new ScenarioError(options.file, problems)
  if (options.seed !== undefined) overrides.push({ path: ['seeds'], value: [options.seed], origin: '--seed' })
  if (options.dataDir !== undefined)
    overrides.push({
      path: ['task', 'data'],
      value: options.dataDir,
      origin: '--data',
      place: resolve(options.dataDir),
    })
  // A virtual network of the scenario keeps its options; another network has none.
  if (options.network === 'virtual')
    overrides.unshift({ path: ['network', 'transport'], value: 'virtual', origin: '--network' })
  else if (options.network !== undefined)
    overrides.unshift({ path: ['network'], value: options.network, origin: '--network' })
  return overrides
}

/** A copy of `data` with the overrides in it. Throws ScenarioError when a list has no such element. */
export function applyOverrides(data: unknown, overrides: readonly Override[], file: string): unknown {
  return overrides.reduce((tree, override) => {
    try {
      return overridden(isTree(tree) ? spelledOut(tree) : tree, override)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const { path, origin } = override
      throw new ScenarioError(file, [{ path: path.join('.'), origin, message: error.message }])
    }
  }, data)
}

/** A copy of `tree` with an override in it, or with what a sweep sets. Throws RangeError where there is no such place. */
export function overridden(tree: unknown, { path, value, place }: Pick<Override, 'path' | 'value' | 'place'>): unknown {
  const task = isTree(tree) ? tree.task : undefined
  if (place === undefined || !isTree(task) || !isTree(task.data)) return setPath(tree, path, value)
  const placed = withDataAt(task, place)
  if (!isDeepStrictEqual(placed, withDataAt(task, `${place}.`))) return setPath(tree, ['task'], placed)
  throw new RangeError(`${String(task.data.kind)} is not told so where it lies; say --set task.data.FIELD=PATH`)
}
