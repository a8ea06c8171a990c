import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import { columnsOf, fieldOf, type RoundRow } from './rounds.ts'

/** The rows as a Parquet file, null where a value is null or not finite. */
export function toParquet(rows: readonly RoundRow[], measures: readonly string[]): Uint8Array {
  const columnData = columnsOf(measures).map(
    ({ name, type }): ColumnSource => ({
      name,
      type,
      data: rows.map((row) => {
        const value = fieldOf(row, name)
        if (typeof value === 'number' && !Number.isFinite(value)) return null
        return type === 'INT64' && value !== null ? BigInt(Math.round(Number(value))) : value
      }),
    }),
  )
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}
