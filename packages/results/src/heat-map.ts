import { beforeRules, rules } from '@hearsay/aggregation'
import type { Member, Registry } from '@hearsay/catalogue'
import type { AggregationSpec, HeatMap, Parameters, SummaryCell } from '@hearsay/scenario'
import {
  cellsOf,
  describeValue,
  getPath,
  isHarm,
  isOfRounds,
  isShare as isShareAt,
  measuredAt,
  median,
  parsePath,
  placeOf,
} from '@hearsay/scenario'
import { behaviourOf } from './series.ts'
import { canDisagree, isStopped } from './stopped.ts'

/** One cell of a run in a heat map. */
export interface Square {
  readonly row: string
  readonly column: string
  /** The median of seeds. */
  readonly value: number
  /** What is written: per cent of a share; with a star when the rounds of a seed stopped before the last. */
  readonly text: string
  /** Whether no round was finished with any seed, and there is nothing that the value would say. */
  readonly isStopped: boolean
}

export interface HeatMapTable {
  readonly title: string
  /** In the order of the sweep. */
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** Those that ran, row by row. */
  readonly squares: readonly Square[]
  /** Whether values are shares, from 0 to 1. */
  readonly isShare: boolean
  /** Whether one wishes for little of it. */
  readonly isHarm: boolean
}

/** What a heat map shows of these cells. Columns of which nothing was measured are left out. */
export function heatMapOf(map: HeatMap, all: readonly SummaryCell[]): HeatMapTable {
  const cells = cellsOf(map, all).filter((cell) => measured(map, cell) !== null)
  const rows = namesOf(map.rows, cells)
  const columns = namesOf(map.columns, cells)
  const isShare = cells[0] !== undefined && isShareAt(map.value, cells[0])
  const squares = cells.map((cell): Square => {
    const value = measured(map, cell)!
    const ended = cell.stalled || cell.disagreement.forks > 0
    const nothing = isOfRounds(map.value, cell) && cell.bySeed.every(isStopped)
    const number = isShare ? (100 * value).toFixed(0) : String(Number(value.toPrecision(3)))
    const text = Number.isFinite(value) ? number : '∞'
    const [row, column] = [rows, columns].map((names, axis) => {
      return names.get(placeOf(axis === 0 ? map.rows : map.columns, cell.parameters))!
    })
    const written = nothing ? 'stopped' : ended ? `${text}*` : text
    return { row: row!, column: column!, value, text: written, isStopped: nothing }
  })
  return {
    title: map.title ?? map.value,
    rows: [...rows.values()],
    columns: [...columns.values()],
    squares,
    isShare,
    isHarm: cells[0] === undefined || isHarm(map.value, cells[0]),
  }
}

/** The median of seeds, those aside that finished no round if others did; null when one was not measured. */
function measured(map: HeatMap, cell: SummaryCell): number | null {
  if (map.value.startsWith('disagreement.') && !canDisagree(cell)) return null
  const going = isOfRounds(map.value, cell) ? cell.bySeed.filter((one) => !isStopped(one)) : []
  const values = (going.length > 0 ? going : cell.bySeed).map((one) => measuredAt(map.value, cell, one))
  return values.every((value) => value !== undefined) ? median(values) : null
}

/** By place, what the rows or columns of an axis are called: each differently. */
function namesOf(path: string, cells: readonly SummaryCell[]): Map<string, string> {
  const places = new Map(cells.map((cell) => [placeOf(path, cell.parameters), cell.parameters]))
  const short = new Map([...places].map(([place, parameters]) => [place, nameOf(path, parameters)]))
  if (new Set(short.values()).size === short.size) return short
  return new Map([...places].map(([place, parameters]) => [place, describeValue(getPath(parameters, parsePath(path)))]))
}

function nameOf(path: string, parameters: Parameters): string {
  if (path === 'adversaries') return behaviourOf(parameters) || 'no liars'
  if (path === 'aggregation') return describeRule(parameters.aggregation)
  return describeValue(getPath(parameters, parsePath(path)))
}

/** `nnm + clipping (norm 2) + krum (neighbours n-f-1)`: what is not the default is told. */
function describeRule({ rule, before = [], ...options }: AggregationSpec): string {
  const pre = before.flatMap((each) =>
    typeof each === 'string'
      ? [each]
      : Object.entries(each).map(([name, given]) => withOptions(name, beforeRules, given)),
  )
  return [...pre, withOptions(rule, rules, options)].join(' + ')
}

function withOptions(name: string, known: Registry<Member>, given: { readonly [option: string]: unknown }): string {
  const set = Object.entries(given).filter(([option, value]) => value !== known.get(name)?.options[option]?.default)
  const told = set.map(([option, value]) => `${option} ${describeValue(value)}`).join(', ')
  return told === '' ? name : `${name} (${told})`
}
