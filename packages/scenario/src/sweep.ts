import { oneLine } from '@hearsay/catalogue/words'
import type { Finding } from './finding.ts'
import { parametersJsonSchema } from './json-schema.ts'
import { isLine, lineRule } from './line.ts'
import { parsePath, unknownPath } from './parameter-path.ts'
import type { Tree } from './tree.ts'

/** One parameter that a cell changes, and where in the file it says so. */
export interface Assignment {
  readonly path: string[]
  readonly value: unknown
  readonly source: PropertyKey[]
}

/** One combination of a sweep, before defaults and checks. */
export interface Combination {
  readonly label?: string
  readonly assignments: readonly Assignment[]
}

/**
 * All combinations of a `sweep`, in the order of the file; the first parameter changes slowest. Without a sweep, the
 * one empty combination.
 */
export function expandSweep(sweep: Tree | readonly Tree[] | undefined): Combination[] {
  if (sweep === undefined) return [{ assignments: [] }]
  return entriesOf(sweep).flatMap(([entry, source]) => expandEntry(entry, source))
}

/** The maps of a sweep, and where they stand. */
function entriesOf(sweep: Tree | readonly Tree[]): [Tree, PropertyKey[]][] {
  if (!Array.isArray(sweep)) return [[sweep as Tree, ['sweep']]]
  return sweep.map((entry: Tree, index) => [entry, ['sweep', index]])
}

function expandEntry(entry: Tree, source: PropertyKey[]): Combination[] {
  const { label, ...parameters } = entry
  let lists: Assignment[][] = [[]]
  for (const [key, given] of Object.entries(parameters)) {
    const values = Array.isArray(given) ? given : [given]
    const choices = values.map((value, index) => ({
      path: parsePath(key),
      value,
      source: [...source, key, ...(Array.isArray(given) ? [index] : [])],
    }))
    lists = lists.flatMap((list) => choices.map((choice) => [...list, choice]))
  }
  return lists.map((assignments) => {
    if (typeof label !== 'string') return { assignments }
    const varied = assignments.filter((assignment) => Array.isArray(entry[assignment.path.join('.')]))
    const several = lists.length > 1 ? `: ${describeAssignments(varied)}` : ''
    return { label: label + several, assignments }
  })
}

/** `adversaries.count 3, aggregation.rule mean`. */
export function describeAssignments(assignments: readonly Assignment[]): string {
  return assignments.map(({ path, value }) => `${path.join('.')} ${describeValue(value)}`).join(', ')
}

/** A parameter's value for people: `mlp`, `3`, `{count: 1, scale: 10}`. */
export function describeValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return oneLine(String(value))
  if (Array.isArray(value)) return `[${value.map(describeValue).join(', ')}]`
  const fields = Object.entries(value).map(([key, inner]) => `${key}: ${describeValue(inner)}`)
  return `{${fields.join(', ')}}`
}

const mostCells = 10_000

/** What is wrong with the names and the size of a sweep; paths begin at the scenario. */
export function checkSweep(sweep: Tree | readonly Tree[] | undefined): Finding[] {
  if (sweep === undefined) return []
  const entries = entriesOf(sweep)
  const cells = entries.reduce((sum, [entry]) => sum + countCells(entry), 0)
  if (cells > mostCells) {
    return [{ path: ['sweep'], message: `${cells} cells, at most ${mostCells} are run: shorten the lists` }]
  }
  return entries.flatMap(([entry, source]) => checkEntry(entry, source))
}

function countCells(entry: Tree): number {
  return Object.values(entry).reduce((product: number, value) => product * (Array.isArray(value) ? value.length : 1), 1)
}

function checkEntry(entry: Tree, source: PropertyKey[]): Finding[] {
  return Object.entries(entry).flatMap(([key, value]): Finding[] => {
    const path = [...source, key]
    if (key === 'label') {
      if (typeof value !== 'string') return [{ path, message: 'expected the name of the cell, a string' }]
      return isLine(value) ? [] : [{ path, message: `${lineRule}, found ${JSON.stringify(value)}` }]
    }
    const unknown = unknownPath(parametersJsonSchema(), parsePath(key))
    if (unknown !== undefined) return [{ path, at: 'key', message: unknown }]
    if (Array.isArray(value) && value.length === 0) return [{ path, message: 'an empty list: no cells' }]
    return []
  })
}
