import { badData } from '../format/data-error.ts'
import type { DataContext, Format } from '../format/format.ts'
import type { Inputs, InputsContext, Like } from '../format/inputs.ts'
import { placeOf } from '../reading/files.ts'
import { holdBack, marksOf } from '../reading/held-back.ts'
import { scaleOf } from '../reading/inputs.ts'
import { assemble, type Stored } from '../table/assemble.ts'
import { type Columns, columnsOf } from '../table/columns.ts'
import { RowReader } from '../table/row-reader.ts'
import type { Row, Source } from '../table/source.ts'
import { sourceOf } from '../table/source-of.ts'
import { type TableSpec, tableFields } from '../table/spec.ts'
import { RowStore } from '../table/store.ts'

/** By how many rows columns are understood. */
const firstRows = 1_000

/** Rows of named columns: numbers and categories in, classes, numbers or flags out. */
export const table: Format<TableSpec, 'table'> = {
  name: 'table',
  summary: 'a table with a column of labels: CSV, TSV or Parquet',
  options: {},
  gives: () => 'samples',
  fields: () => tableFields,
  at: (path) => ({ train: path }),
  async read(spec, context) {
    const file = placeOf(spec.train, context)
    const { first, source } = await started(await sourceOf(file, spec, context))
    const columns = columnsOf(file, source.names, first, spec)
    if (spec.labels === undefined) context.teller?.note(`labels are taken for ${columns.targets}`)
    const store = await stored(source, columns, spec, context)
    const testFile = spec.test === undefined ? undefined : placeOf(spec.test, context)
    const parts: Stored[] = []
    if (testFile === undefined) {
      const marks = marksOf(holdBack(store.count, spec.testShare, file))
      parts.push({ store, isTest: (row) => marks[row] as 0 | 1 })
    } else {
      const test = await stored(await sourceOf(testFile, spec, context), columns, spec, context)
      parts.push({ store, isTest: () => 0 }, { store: test, isTest: () => 1 })
    }
    tellOf(columns, spec, context)
    return assemble(parts, columns, { ...spec, file }, context)
  },
  async inputs(path, like, context) {
    const { kind } = like.data
    return kind === table.name && !/\.(np[yz]|png|jpe?g)$/i.test(path) ? inputsIn(path, like, context) : undefined
  },
}

/** Of the columns that were learnt from; whatever else the table has is passed over. */
async function inputsIn(path: string, like: Like, context: InputsContext): Promise<Inputs> {
  const file = placeOf(path, context)
  const given = like.data as TableSpec
  const scale = scaleOf(like, file)
  // Of numbers that are not scaled by their means, nothing tells a mean.
  const missing = given.missing === 'mean' && typeof scale === 'object' && 'mean' in scale ? 'mean' : 'error'
  const spec: TableSpec = { ...given, label: [], labels: 'numbers', group: undefined, missing, shape: [...like.shape] }
  const source = await sourceOf(file, spec, context)
  // By no rows: what is no category that was learnt is a number.
  const columns = columnsOf(file, source.names, [], spec)
  const names: number[] = []
  const store = await stored(source, columns, spec, context, {
    ...{ strict: true, unseen: context.unseen === true },
    seen: names,
  })
  tellOf(columns, spec, context)
  const { train } = assemble([{ store, isTest: () => 0 }], columns, { ...spec, scale, file }, context)
  return { values: train.inputs, count: train.count, called: /\.(parquet|pq)$/i.test(file) ? 'row' : 'line', names }
}

async function stored(
  source: Source,
  columns: Columns,
  spec: TableSpec,
  context: DataContext,
  { seen, ...how }: { readonly strict?: boolean; readonly unseen?: boolean; readonly seen?: number[] } = {},
): Promise<RowStore> {
  const store = new RowStore(columns.all.length, source.file)
  await new RowReader(source, columns, spec, how).read(store, context, ({ at }) => seen?.push(at))
  if (store.count > 0) return store
  const why = columns.all.some(({ missing }) => missing > 0)
    ? ' without a missing value'
    : ' after the names of columns'
  throw badData(source.file, `there is no row${why}; add samples`)
}

/** The first rows, and a source that begins with them. */
async function started(source: Source): Promise<{ first: Row[]; source: Source }> {
  const batches = source.rows[Symbol.asyncIterator]()
  const begun: (readonly Row[])[] = []
  let count = 0
  while (count < firstRows) {
    const next = await batches.next()
    if (next.done) break
    begun.push(next.value)
    count += next.value.length
  }
  async function* rows() {
    yield* begun
    yield* { [Symbol.asyncIterator]: () => batches }
  }
  return { first: begun.flat().slice(0, firstRows), source: { ...source, rows: rows() } }
}

function tellOf({ all }: Columns, { missing }: TableSpec, { teller }: DataContext): void {
  for (const { name, missing: count, unknown } of all) {
    if (count > 0 && missing !== 'error')
      teller?.note(`column "${name}": ${count} missing, ${missing === 'drop' ? 'their rows left out' : 'filled in'}`)
    if (unknown > 0) teller?.note(`column "${name}": ${unknown} in none of its categories, which get zeros`)
  }
}
