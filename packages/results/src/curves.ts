/**
 * `curves.csv`: what the models of a round were worth, a row for each cell, seed and round, with the parameters that the cells
 * differ in as columns, so that whoever plots it need not join anything.
 */
import type { Parameters } from '@hearsay/scenario'
import { describeValue } from '@hearsay/scenario'
import { csvLine, type Value } from './csv.ts'
import type { RoundRow } from './rounds.ts'

export interface CurveCell {
  readonly index: number
  readonly label: string
  readonly parameters: Parameters
}

export interface Curves {
  readonly header: string
  /** The lines of a job, of its rows. */
  lines(rows: readonly RoundRow[]): string[]
}

/** What stands in a row beside parameters and measures. */
const own = ['cell', 'label', 'seed', 'round'] as const

/** Of cells whose tasks have these measures: the median of honest peers, and what the worst and the best have. */
export function curvesOf(cells: readonly CurveCell[], measures: readonly string[]): Curves {
  const columns = columnsOf(cells)
  const byIndex = new Map(cells.map((cell) => [cell.index, cell]))
  const measured = measures.flatMap((name) => [name, `${name}_least`, `${name}_greatest`])
  return {
    header: csvLine([...own, ...columns.map(({ name }) => name), 'peers_ended', ...measured]),
    lines: (rows) =>
      [...Map.groupBy(rows, ({ round }) => round)].map(([round, all]) => {
        const { cell, label, seed } = all[0]!
        const values = columns.map(({ valueIn }) => valueIn(byIndex.get(cell)!.parameters))
        const ended = all.filter((row) => row.ended).length
        return csvLine([cell, label, seed, round, ...values, ended, ...measures.flatMap((name) => spread(name, all))])
      }),
  }
}

function spread(measure: string, rows: readonly RoundRow[]): Value[] {
  const values = rows.flatMap(({ evaluation }) => evaluation[measure] ?? []).sort((a, b) => a - b)
  if (values.length === 0) return [null, null, null]
  const [low, high] = [values[(values.length - 1) >> 1]!, values[values.length >> 1]!]
  return [(low + high) / 2, values[0]!, values.at(-1)!]
}

interface Column {
  readonly name: string
  valueIn(parameters: Parameters): Value
}

/** Parameters by dotted path, as far down as maps go, in which not all cells are equal; lists are one value. */
function columnsOf(cells: readonly CurveCell[]): Column[] {
  const leaves = cells.map(({ parameters }) => new Map(leavesOf(parameters, [])))
  const names = [...new Set(leaves.flatMap((each) => [...each.keys()]))]
  return names
    .filter((name) => new Set(leaves.map((each) => JSON.stringify(each.get(name)))).size > 1)
    .map((name) => ({ name, valueIn: (parameters) => cellValue(new Map(leavesOf(parameters, [])).get(name)) }))
}

function leavesOf(value: unknown, path: readonly string[]): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path.join('.'), value]]
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
}

function cellValue(value: unknown): Value {
  if (value === undefined || value === null) return null
  return typeof value === 'object' ? describeValue(value) : (value as Value)
}
