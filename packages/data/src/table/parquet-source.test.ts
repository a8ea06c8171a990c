import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import { testFolder } from '../testing/folder.ts'
import { readData } from '../testing/read.ts'
import { parquetSource, workerBounds } from './parquet-source.ts'

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData']

const age = [30, 40, 50, 20, 25]
const city = ['Rome', 'Oslo', 'Rome', 'Bonn', 'Oslo']
const rich = ['no', 'yes', 'yes', 'no', 'no']
const people: Columns = [
  { name: 'age', data: age, type: 'INT32' },
  { name: 'city', data: city, type: 'STRING' },
  { name: 'income', data: [10.5, 20, 30, 5, 1], type: 'DOUBLE' },
  { name: 'rich', data: rich, type: 'STRING' },
]
const csv = [
  'age,city,income,rich',
  ...age.map((each, row) => [each, city[row], [10.5, 20, 30, 5, 1][row], rich[row]].join(',')),
]

const parquet = (columnData: Columns, more: object = {}) => new Uint8Array(parquetWriteBuffer({ columnData, ...more }))

async function read(content: Uint8Array, fields: object = {}) {
  using folder = testFolder({ 'a.parquet': content, 'a.csv': csv.join('\n') })
  return await readData(folder.base, { kind: 'table', train: 'a.parquet', label: 'rich', ...fields })
}

test.each([
  ['snappy', {}],
  ['uncompressed', { codec: 'UNCOMPRESSED' }],
  ['gzip', { codec: 'GZIP', compressors: { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) } }],
  ['row groups of two', { rowGroupSize: 2 }],
])('%s: the same samples as the same table in CSV', async (_, options) => {
  using folder = testFolder({ 'a.csv': csv.join('\n') })
  const expected = await readData(folder.base, { kind: 'table', train: 'a.csv', label: 'rich' })
  expect(await read(parquet(people, options))).toEqual(expected)
})

test('truth values, whole numbers of 64 bits, missing values', async () => {
  const columns: Columns = [
    { name: 'a', data: [true, false, null], type: 'BOOLEAN' },
    { name: 'b', data: [1n, 2n ** 40n, 3n], type: 'INT64' },
    { name: 'c', data: ['x', null, 'y'], type: 'STRING' },
    { name: 'rich', data: [1, 0, 1], type: 'INT32' },
  ]
  const { inputs, train } = await read(parquet(columns), { missing: 'mean', scale: 'none', test: 'a.parquet' })
  expect(inputs).toEqual(['a', 'b', 'c=missing', 'c=x', 'c=y'])
  expect([...train.inputs]).toEqual([1, 1, 0, 1, 0, 0, 2 ** 40, 1, 0, 0, 0.5, 3, 0, 0, 1])
})

const flat = (extra: Columns[number]) => parquet([...people, extra])

test.each<[string, () => Uint8Array, object, RegExp]>([
  ['an empty file', () => new Uint8Array(0), {}, /a\.parquet: it is empty/],
  ['text', () => Buffer.from('age,rich\n1,no\n'), {}, /a\.parquet: it cannot be read \(parquet file invalid/],
  ['a file cut off', () => parquet(people).slice(0, -20), {}, /a\.parquet: it cannot be read/],
  [
    'dates',
    () => flat({ name: 'born', data: age.map(() => new Date(0)), type: 'TIMESTAMP' }),
    {},
    /column "born": its type TIMESTAMP\w* is not read; write it as a number or as text/,
  ],
  [
    'JSON',
    () => flat({ name: 'j', data: age.map(() => ({ a: 1 })), type: 'JSON' }),
    {},
    /column "j": its type JSON is not read/,
  ],
  [
    'bytes',
    () => flat({ name: 'raw', data: age.map(() => Uint8Array.of(1)), type: 'BYTE_ARRAY' }),
    {},
    /column "raw": its type BYTE_ARRAY is not read/,
  ],
  ['a column that is not there', () => parquet(people), { label: 'poor' }, /a\.parquet: column "poor": there is none/],
  [
    'NaN',
    () =>
      parquet([
        { name: 'n', data: [1, Number.NaN, 3], type: 'DOUBLE' },
        { name: 'rich', data: ['a', 'b', 'a'], type: 'STRING' },
      ]),
    {},
    /a\.parquet: row 2: column "n": it has no value/,
  ],
  [
    'infinity',
    () =>
      parquet([
        { name: 'n', data: [1, 2, Number.POSITIVE_INFINITY], type: 'DOUBLE' },
        { name: 'rich', data: ['a', 'b', 'a'], type: 'STRING' },
      ]),
    {},
    /a\.parquet: row 3: column "n": null is no finite number|a\.parquet: row 3: column "n": .* is no finite number/,
  ],
])('%s: an error with its place and remedy', async (_, content, fields, message) => {
  const error = await read(content(), fields).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  expect((error as Error).message).toMatch(message)
})

test('one that needs too much memory or time ends with an error', async () => {
  const data = Array.from({ length: 300_000 }, (_, row) => row)
  using folder = testFolder({ 'a.parquet': parquet([{ name: 'n', data, type: 'DOUBLE' }]) })
  const rows = async (bounds: object) => {
    const source = await parquetSource(`${folder.base}/a.parquet`, folder, { ...workerBounds, ...bounds })
    let count = 0
    for await (const batch of source.rows) count += batch.length
    return count
  }
  expect(await rows({})).toBe(300_000)
  await expect(rows({ memoryMb: 10 })).rejects.toThrow(/a\.parquet: it needs more than 10 MB; write it again/)
  await expect(rows({ patienceMs: 0 })).rejects.toThrow(/a\.parquet: it cannot be read in time/)
})
