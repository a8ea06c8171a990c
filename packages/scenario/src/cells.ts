import { withModule } from '@hearsay/training/schema'
import { describeBehaviour, lyingGroups, maliciousCount } from './adversaries.ts'
import { checkParameters } from './checks.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './issues.ts'
import { parametersJsonSchema } from './json-schema.ts'
import type { Locate } from './locate.ts'
import { type Override, overridden } from './overrides.ts'
import { setPath, touches } from './parameter-path.ts'
import type { Problem } from './scenario-error.ts'
import { type Header, type Parameters, parameterNames, parametersSchema } from './schema.ts'
import { spelledOut } from './short-forms.ts'
import {
  type Assignment,
  type Combination,
  checkSweep,
  describeAssignments,
  describeValue,
  expandSweep,
} from './sweep.ts'
import { type Tree, toTree } from './tree.ts'
import { withTrust } from './trust.ts'

/** One point of a sweep: parameters that run once with each seed. */
export interface Cell {
  /** Position in the run, from 0. */
  readonly index: number
  /** Unique within the scenario. */
  readonly label: string
  /** Whether the label is a name that the author gave, and not who lies and how. */
  readonly labelled: boolean
  readonly parameters: Parameters
  readonly seeds: readonly number[]
}

interface Around {
  readonly overrides: readonly Override[]
  /** As of `withModule`. */
  readonly brought: (module: string) => readonly string[]
  readonly locate: Locate
}

/** The cells of a scenario whose `data` is given with overrides applied, and what is wrong with them. */
export function expandCells(
  header: Pick<Header, 'seeds' | 'sweep'>,
  data: Tree,
  { overrides, brought, locate }: Around,
): { cells: Cell[]; problems: Problem[] } {
  const base = Object.fromEntries(
    parameterNames.filter((name) => data[name] !== undefined).map((name) => [name, data[name]]),
  )
  const last = overrides.filter(({ path }) => parameterNames.includes(path[0]!))
  const misnamed = checkSweep(header.sweep).map((finding) => locate(finding))
  if (misnamed.length > 0) return { cells: [], problems: misnamed }
  const cells = new Map<string, Omit<Cell, 'index'>>()
  const combinations = expandSweep(header.sweep)
  const wrong: { problem: Problem; cell: string }[] = []
  for (const combination of combinations) {
    const { assignments } = combination
    const found = resolveCell(base, combination, last, brought)
    const cell = describeAssignments(assignments)
    wrong.push(...found.findings.map((finding) => ({ problem: locate(finding, assignments), cell })))
    if (found.parameters === undefined) continue
    // An override may have changed what the author's label says.
    const changed = assignments.some(({ path }) => last.some((override) => touches(override.path, path)))
    const isSaid = combination.label !== undefined && !changed
    const label = isSaid ? combination.label! : defaultLabel(found.parameters, stillTrue(assignments, last))
    // The scenario that a run keeps says every label, those that were made too.
    const labelled = isSaid && !label.startsWith(describeLiars(found.parameters))
    const key = JSON.stringify(found.parameters) + (isSaid ? label : '')
    if (!cells.has(key)) cells.set(key, { label, labelled, parameters: found.parameters, seeds: header.seeds })
  }
  return { cells: uniqueLabels([...cells.values()]), problems: withCells(wrong, combinations.length) }
}

/** Each problem once, with the cells that have it unless all have. */
function withCells(wrong: readonly { problem: Problem; cell: string }[], cells: number): Problem[] {
  const groups = Map.groupBy(wrong, ({ problem }) => JSON.stringify(problem))
  return [...groups.values()].map((group) => {
    const { problem, cell } = group[0]!
    if (group.length === cells) return problem
    const others = group.length === 1 ? '' : ` and ${group.length - 1} more`
    return { ...problem, message: `${problem.message} (in the cell ${cell}${others})` }
  })
}

function resolveCell(
  base: Tree,
  { assignments }: Combination,
  overrides: readonly Override[],
  brought: Around['brought'],
): { parameters?: Parameters; findings: Finding[] } {
  let tree: unknown = spelledOut(base)
  for (const each of [...assignments, ...overrides]) {
    try {
      tree = spelledOut(overridden(tree, each) as Tree)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return { findings: [{ path: each.path, message: error.message }] }
    }
  }
  const { task } = toTree(tree)
  const named = withModule(task, brought)
  if (typeof named === 'string') return { findings: [{ path: ['task', 'module'], message: named }] }
  if (named.task !== task) tree = { ...toTree(tree), task: named.task }
  const trusted = withTrust(toTree(tree))
  if (trusted.findings.length > 0) return { findings: [...trusted.findings] }
  tree = trusted.tree
  const parsed = parametersSchema().safeParse(tree)
  if (!parsed.success) return { findings: findingsOf(parsed.error.issues, tree, parametersJsonSchema()) }
  const findings = checkParameters(parsed.data)
  return findings.length > 0 ? { findings } : { parameters: withoutIdleBehaviours(parsed.data), findings }
}

/** Nobody lies in any way when nobody lies: cells that differ only so are one. */
function withoutIdleBehaviours(parameters: Parameters): Parameters {
  const { adversaries } = parameters
  if (!Array.isArray(adversaries))
    return adversaries.count > 0 ? parameters : { ...parameters, adversaries: { count: 0 } }
  const lying = adversaries.filter((group) => group.count > 0)
  return { ...parameters, adversaries: lying.length > 0 ? lying : { count: 0 } }
}

function uniqueLabels(cells: readonly Omit<Cell, 'index'>[]): Cell[] {
  const uses = new Map<string, number>()
  return cells.map((cell, index) => {
    const use = (uses.get(cell.label) ?? 0) + 1
    uses.set(cell.label, use)
    return { index, ...cell, label: use === 1 ? cell.label : `${cell.label} (${use})` }
  })
}

/** What a cell without a label is called: who lies and how, then whatever else the sweep changes. */
export function defaultLabel(parameters: Parameters, assignments: readonly Assignment[]): string {
  const others = assignments
    // Who vouches for whom is too much for a label.
    .filter(({ path }) => path[0] !== 'adversaries' && path[0] !== 'partitions' && path.join('.') !== 'trust')
    .map(({ path, value }) => `${path.at(-1)} ${describeValue(value)}`)
  return [describeLiars(parameters), ...others].join(', ')
}

/** Assignments as overrides leave them, without those that are overridden altogether. */
function stillTrue(assignments: readonly Assignment[], overrides: readonly Override[]): Assignment[] {
  let left = [...assignments]
  for (const { path, value } of overrides)
    left = left.flatMap((one) => {
      if (!touches(path, one.path)) return [one]
      if (path.length <= one.path.length) return []
      return [{ ...one, value: setPath(one.value, path.slice(one.path.length), value) }]
    })
  return left
}

/** `3 of 10 sign-flip (scale 10)`, `no liars`. */
function describeLiars(parameters: Parameters): string {
  if (maliciousCount(parameters) === 0) return 'no liars'
  const groups = lyingGroups(parameters).map((group, index) => {
    const share = index === 0 ? `${group.count} of ${parameters.peers}` : `${group.count}`
    return `${share} ${describeBehaviour(group)}`
  })
  return groups.join(' and ')
}
