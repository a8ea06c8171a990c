import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'

/**
 * What one honest peer did in one round: a row of `rounds.csv` and `rounds.parquet`. There is one for every round that
 * it finished, and one for a round that it began and never finished: by exact agreement, certified.
 */
export interface RoundRow {
  /** Index and label of the cell. */
  readonly cell: number
  readonly label: string
  readonly seed: number
  readonly round: number
  /** Index in the scenario, 0 … peers − 1. */
  readonly peer: number
  /** Of the model of the round, on test samples; null when it was not evaluated or is not finite. */
  readonly accuracy: number | null
  readonly loss: number | null
  /** How often a backdoor works on this model, 0 to 1; null without one, or when it was not evaluated. */
  readonly backdoor: number | null
  /** By averaging, in which nothing is certified, whether the peer finished the round. */
  readonly certified: boolean
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

type Column = { readonly name: keyof RoundRow; readonly type: 'INT32' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'STRING' }

const columns: readonly Column[] = [
  { name: 'cell', type: 'INT32' },
  { name: 'label', type: 'STRING' },
  // Seeds go up to 2³² − 1.
  { name: 'seed', type: 'INT64' },
  { name: 'round', type: 'INT32' },
  { name: 'peer', type: 'INT32' },
  { name: 'accuracy', type: 'DOUBLE' },
  { name: 'loss', type: 'DOUBLE' },
  { name: 'backdoor', type: 'DOUBLE' },
  { name: 'certified', type: 'BOOLEAN' },
  { name: 'forked', type: 'BOOLEAN' },
  { name: 'distance', type: 'DOUBLE' },
  { name: 'bytesSent', type: 'INT64' },
  { name: 'bytesReceived', type: 'INT64' },
  { name: 'trainingMs', type: 'DOUBLE' },
  { name: 'exchangeMs', type: 'DOUBLE' },
  { name: 'agreementMs', type: 'DOUBLE' },
  { name: 'aggregationMs', type: 'DOUBLE' },
]

export const csvHeader = columns.map(({ name }) => name).join(',')

/** A row as a line of CSV (RFC 4180), empty where a value is null or not finite. */
export function toCsv(row: RoundRow): string {
  return columns.map(({ name }) => csvField(row[name])).join(',')
}

function csvField(value: RoundRow[keyof RoundRow]): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The rows as a Parquet file, null where a value is null or not finite. */
export function toParquet(rows: readonly RoundRow[]): Uint8Array {
  const columnData = columns.map(
    ({ name, type }): ColumnSource => ({
      name,
      type,
      data: rows.map((row) => {
        const value = row[name]
        if (typeof value === 'number' && !Number.isFinite(value)) return null
        return type === 'INT64' && value !== null ? BigInt(Math.round(Number(value))) : value
      }),
    }),
  )
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}
