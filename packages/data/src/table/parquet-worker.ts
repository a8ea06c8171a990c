// A thread that decodes one Parquet file: at each message from its parent it gives the next one.
import { parentPort, workerData } from 'node:worker_threads'
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead, type SchemaElement } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { Cell } from './source.ts'

/** The names of columns first, then rows; or what is wrong, which is the last. */
export interface ParquetMessage {
  readonly names?: readonly string[]
  readonly rows?: readonly (readonly Cell[])[]
  readonly problem?: string
}

const rowsAtOnce = 10_000
const mostColumns = 100_000
const numberTypes = new Set(['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE'])
const plainConverted = /^(U?INT_(8|16|32|64)|DECIMAL|UTF8|ENUM)$/
const plainLogical = new Set(['INTEGER', 'DECIMAL', 'STRING', 'ENUM', 'FLOAT16'])

async function* messages(file: string): AsyncGenerator<ParquetMessage> {
  const buffer = await asyncBufferFromFile(file)
  const metadata = await parquetMetadataAsync(buffer)
  const [root, ...columns] = metadata.schema
  if (columns.length > mostColumns)
    return yield { problem: `${columns.length} columns, at most ${mostColumns} are read` }
  const strange = columns.find((column) => !isRead(column))
  if (root?.num_children !== columns.length || strange !== undefined) {
    const { name = '', logical_type, converted_type, type, repetition_type } = strange ?? columns[0] ?? {}
    const called =
      logical_type?.type ?? converted_type ?? (type === undefined || repetition_type === 'REPEATED' ? 'nested' : type)
    return yield { problem: `column "${name}": its type ${called} is not read; write it as a number or as text` }
  }
  yield { names: columns.map(({ name }) => name) }
  let start = 0
  for (const { num_rows } of metadata.row_groups) {
    const end = start + Number(num_rows)
    let rows: unknown[][] = []
    await parquetRead({
      file: buffer,
      metadata,
      compressors,
      rowStart: start,
      rowEnd: end,
      onComplete: (read) => {
        rows = read
      },
    })
    if (rows.length !== Number(num_rows))
      return yield { problem: `${rows.length} rows, where it says ${num_rows}; write it again` }
    for (let from = 0; from < rows.length; from += rowsAtOnce)
      yield { rows: rows.slice(from, from + rowsAtOnce).map((row) => row.map(cellOf)) }
    start = end
  }
}

function isRead({ type, converted_type, logical_type, repetition_type }: SchemaElement): boolean {
  if (type === undefined || repetition_type === 'REPEATED') return false
  const plain = converted_type === undefined || plainConverted.test(converted_type)
  const logical = logical_type === undefined || plainLogical.has(logical_type.type)
  if (numberTypes.has(type)) return plain && logical
  return plain && logical && (converted_type !== undefined || logical_type !== undefined)
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value)
  return typeof value === 'number' ? value : String(value)
}

const next = messages(workerData as string)
parentPort!.on('message', async () => {
  try {
    const { value, done } = await next.next()
    if (done) parentPort!.close()
    else parentPort!.postMessage(value)
  } catch (error) {
    // What the decoder throws at bytes that are none of Parquet says little, but says it in one line.
    parentPort!.postMessage({
      problem: `it cannot be read (${(error as Error).message.split('\n')[0]}); write it again`,
    })
  }
})
