import type { Evaluation } from '@hearsay/training/schema'
import { csvLine, type Value } from './csv.ts'

/**
 * What one honest peer did in one round: a row of `rounds.csv` and `rounds.parquet`. There is one for every round that
 * ended for it, and one for a round that it began and that did not.
 */
export interface RoundRow {
  /** Index and label of the cell. */
  readonly cell: number
  readonly label: string
  readonly seed: number
  readonly round: number
  /** Index in the scenario, 0 … peers − 1. */
  readonly peer: number
  /** Of the model of the round, a column for each measure; empty when it was not evaluated. */
  readonly evaluation: Evaluation
  /** Whether the round ended for this peer: it was certified, by averaging averaged. */
  readonly ended: boolean
  /** Whether honest peers hold different certificates for this round. */
  readonly forked: boolean
  /**
   * Largest Euclidean distance between models that honest peers ended the round with; null when none ended it, or when
   * they differ and one is not finite.
   */
  readonly distance: number | null
  /** Since this peer finished the round before. */
  readonly bytesSent: number
  readonly bytesReceived: number
  /** These four add up to the time of the round; null when the peer took the certificate from others. */
  readonly trainingMs: number | null
  readonly exchangeMs: number | null
  readonly agreementMs: number | null
  readonly aggregationMs: number | null
}

interface Column {
  readonly name: string
  readonly type: 'INT32' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'STRING'
}

/** The columns of a run whose tasks have these measures. */
export function columnsOf(measures: readonly string[]): readonly Column[] {
  const evaluated = measures.map((name): Column => ({ name, type: 'DOUBLE' }))
  return [...placeColumns, ...evaluated, ...commonColumns]
}

const placeColumns: readonly Column[] = [
  { name: 'cell', type: 'INT32' },
  { name: 'label', type: 'STRING' },
  // Seeds go up to 2³² − 1.
  { name: 'seed', type: 'INT64' },
  { name: 'round', type: 'INT32' },
  { name: 'peer', type: 'INT32' },
]

const commonColumns: readonly Column[] = [
  { name: 'ended', type: 'BOOLEAN' },
  { name: 'forked', type: 'BOOLEAN' },
  { name: 'distance', type: 'DOUBLE' },
  { name: 'bytesSent', type: 'INT64' },
  { name: 'bytesReceived', type: 'INT64' },
  { name: 'trainingMs', type: 'DOUBLE' },
  { name: 'exchangeMs', type: 'DOUBLE' },
  { name: 'agreementMs', type: 'DOUBLE' },
  { name: 'aggregationMs', type: 'DOUBLE' },
]

export function fieldOf(row: RoundRow, name: string): Value {
  if (Object.hasOwn(row.evaluation, name)) return row.evaluation[name]!
  return name in row ? (row[name as Exclude<keyof RoundRow, 'evaluation'>] as Value) : null
}

export function csvHeader(measures: readonly string[]): string {
  return columnsOf(measures)
    .map(({ name }) => name)
    .join(',')
}

/** A row as a line of CSV (RFC 4180), empty where a value is null or not finite. */
export function toCsv(row: RoundRow, measures: readonly string[]): string {
  return csvLine(columnsOf(measures).map(({ name }) => fieldOf(row, name)))
}
