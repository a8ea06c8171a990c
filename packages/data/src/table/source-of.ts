import type { DataContext } from '../format/format.ts'
import { parquetSource } from './parquet-source.ts'
import type { Source } from './source.ts'
import { type TextOptions, textSource } from './text-source.ts'

/** A file as a table, by its name. Throws DataError. */
export async function sourceOf(file: string, options: TextOptions, context: DataContext): Promise<Source> {
  return /\.(parquet|pq)$/i.test(file) ? parquetSource(file, context) : textSource(file, options, context)
}
