import type { Summary } from '@hearsay/scenario'
import type { CurveCell } from './curves.ts'
import type { Manifest } from './manifest.ts'
import type { RoundRow } from './rounds.ts'

/** A run that has ended, for who keeps it elsewhere too. */
export interface LoggedRun {
  /** Its folder. */
  readonly path: string
  readonly manifest: Manifest
  readonly summary: Summary
  readonly cells: readonly CurveCell[]
  readonly rows: readonly RoundRow[]
  /** What was drawn, by name. */
  readonly pictures: readonly { readonly name: string; readonly png: Uint8Array }[]
}

/** A place that runs are kept in besides their folders. */
export interface RunLog {
  readonly name: string
  /** Gives what people are told: where it is. Throws RunError `log-failed`. */
  write(run: LoggedRun): Promise<string>
}

/** What one job was worth in a round, as the median of honest peers, or took. */
export interface LoggedRound {
  readonly round: number
  readonly values: Readonly<Record<string, number>>
}

/** A cell with one seed, as other programs call it: a run. */
export interface LoggedJob {
  readonly name: string
  readonly seed: number
  /** By dotted path; lists are text. */
  readonly parameters: Readonly<Record<string, number | string | boolean>>
  readonly rounds: readonly LoggedRound[]
}

const costs = ['bytesSent', 'bytesReceived', 'trainingMs', 'exchangeMs', 'agreementMs', 'aggregationMs'] as const

export function jobsIn({ cells, rows }: LoggedRun): LoggedJob[] {
  return cells.flatMap((cell) => {
    const own = Map.groupBy(
      rows.filter((row) => row.cell === cell.index),
      ({ seed }) => seed,
    )
    return [...own].map(([seed, all]) => ({
      name: `${cell.label}, seed ${seed}`,
      seed,
      parameters: Object.fromEntries(leavesOf(cell.parameters, [])),
      rounds: [...Map.groupBy(all, ({ round }) => round)].map(([round, of]) => ({ round, values: valuesOf(of) })),
    }))
  })
}

function valuesOf(rows: readonly RoundRow[]): Record<string, number> {
  const measures = [...new Set(rows.flatMap(({ evaluation }) => Object.keys(evaluation)))]
  const read = [
    ...measures.map((name) => [name, rows.map(({ evaluation }) => evaluation[name])] as const),
    ...costs.map((name) => [name, rows.map((row) => row[name])] as const),
    ['ended', rows.map(({ ended }) => Number(ended))] as const,
  ]
  return Object.fromEntries(
    read.flatMap(([name, values]) => {
      const known = values.filter((value) => typeof value === 'number' && Number.isFinite(value)) as number[]
      return known.length === 0 ? [] : [[name, medianOf(known)]]
    }),
  )
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

function leavesOf(value: unknown, path: readonly string[]): [string, number | string | boolean][] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return [[path.join('.'), JSON.stringify(value)]]
  if (typeof value !== 'object') return [[path.join('.'), value as number | string | boolean]]
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
}
