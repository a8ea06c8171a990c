import { z } from 'zod'
import { badData } from '../format/data-error.ts'
import type { DataContext, Format } from '../format/format.ts'
import type { Ratings, RatingsPart } from '../format/ratings.ts'
import { sortedNames } from '../reading/classes.ts'
import { placeOf } from '../reading/files.ts'
import { holdBack, testShareField } from '../reading/held-back.ts'
import { cellReader, shown } from '../table/cell.ts'
import { placeIn } from '../table/columns.ts'
import type { Row, Source } from '../table/source.ts'
import { sourceOf } from '../table/source-of.ts'
import { absent, textFields } from '../table/spec.ts'

const name = z.string().min(1)
const mostRatings = 2 ** 28
const mostNames = 2 ** 24

const fields = {
  train: name.describe('the file: .csv, .tsv, .parquet, or text with another separator'),
  test: name.optional().describe('another file of the same columns, for tests'),
  testShare: testShareField,
  user: name.default('user').describe('the column of users'),
  item: name.default('item').describe('the column of items'),
  rating: name.default('rating').describe('the column of ratings'),
  time: name.optional().describe('the column of times, as numbers'),
  bounds: z
    .tuple([z.number(), z.number()])
    .refine(([least, most]) => least < most, 'the least rating comes first')
    .optional()
    .describe('the least and the greatest rating that may be; when left out, any'),
  ...textFields,
}

const schema = z.object(fields)
type RatingsSpec = z.infer<typeof schema> & { readonly kind: string }

/** Who rated what. */
export const ratings: Format<RatingsSpec, 'ratings'> = {
  name: 'ratings',
  summary: 'ratings of items by users: CSV, TSV, Parquet, or separated by ::',
  options: {},
  gives: () => 'ratings',
  fields: () => fields,
  at: (path) => ({ train: path }),
  async read(spec, context): Promise<Ratings> {
    const users = new Map<string, number>()
    const items = new Map<string, number>()
    const read = async (path: string) => {
      const source = await sourceOf(placeOf(path, context), spec, context)
      return readAll(source, spec, { users, items }, context)
    }
    const all = await read(spec.train)
    const test = spec.test === undefined ? undefined : await read(spec.test)
    const names = { users: sortedNames(users.keys()), items: sortedNames(items.keys()) }
    const orders = { user: orderOf(users, names.users), item: orderOf(items, names.items) }
    const rows = (count: number) => Int32Array.from({ length: count }, (_, row) => row)
    if (test !== undefined)
      return { ...names, train: part(all, rows(all.count), orders), test: part(test, rows(test.count), orders) }
    const held = holdBack(all.count, spec.testShare, placeOf(spec.train, context))
    return { ...names, train: part(all, held.train, orders), test: part(all, held.test, orders) }
  },
}

/** Columns that grow. */
interface Found {
  count: number
  user: Int32Array
  item: Int32Array
  rating: Float32Array
  time: Float64Array
}

async function readAll(
  source: Source,
  spec: RatingsSpec,
  { users, items }: { readonly users: Map<string, number>; readonly items: Map<string, number> },
  { teller }: DataContext,
): Promise<Found> {
  const { file, names } = source
  const [user, item, rating] = [spec.user, spec.item, spec.rating].map((column) => placeIn(file, names, column))
  const time = spec.time === undefined ? undefined : placeIn(file, names, spec.time)
  const cells = cellReader({ absent: absent, decimal: spec.decimal })
  const [least, most] = spec.bounds ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const found = roomFor(1 << 12)
  const seen = new Set<string>()
  let twice = 0
  let firstTwice = ''
  const problemOf = ({ cells: row }: Row): string | undefined => {
    if (row.length !== names.length)
      return `${row.length} values, where there are ${names.length} columns; mend the line`
    const empty = [user!, item!, rating!].find((at) => cells.isAbsent(row[at]!))
    if (empty !== undefined) return `column "${names[empty]}": it has no value; put one there or take the line away`
    const value = cells.numberOf(row[rating!]!)
    if (Number.isNaN(value)) return `column "${spec.rating}": ${shown(row[rating!]!)} is no finite number; mend it`
    if (value < least || value > most)
      return `column "${spec.rating}": ${value} is not from ${least} to ${most}; mend it, or correct bounds`
    if (time !== undefined && Number.isNaN(cells.numberOf(row[time]!)))
      return `column "${spec.time}": ${shown(row[time]!)} is no finite number; mend it`
    return undefined
  }
  for await (const batch of source.rows)
    for (const row of batch) {
      const problem = problemOf(row)
      if (problem !== undefined) {
        const error = badData(source.placeOf(row), problem)
        if (teller === undefined) throw error
        teller.fault(error)
        continue
      }
      if (found.count >= mostRatings) throw badData(file, `more than ${mostRatings} ratings; divide the file`)
      if (found.count === found.user.length) Object.assign(found, grown(found))
      const at = found.count++
      found.user[at] = indexOf(row.cells[user!]!, users, file)
      found.item[at] = indexOf(row.cells[item!]!, items, file)
      found.rating[at] = cells.numberOf(row.cells[rating!]!)
      if (time !== undefined) found.time[at] = cells.numberOf(row.cells[time]!)
      if (teller === undefined || seen.size >= mostNames) continue
      const pair = `${found.user[at]} ${found.item[at]}`
      if (!seen.has(pair)) seen.add(pair)
      else if (twice++ === 0) firstTwice = source.placeOf(row)
    }
  if (twice > 0)
    teller?.note(`${twice} ratings are of an item that the same user has rated before, the first at ${firstTwice}`)
  return found
}

function indexOf(cell: Row['cells'][number], known: Map<string, number>, file: string): number {
  const name = String(cell).trim()
  const index = known.get(name)
  if (index !== undefined) return index
  if (known.size >= mostNames) throw badData(file, `more than ${mostNames} users or items; divide the file`)
  // A copy: a part of a text keeps all of it in memory.
  known.set(Buffer.from(name).toString(), known.size)
  return known.size - 1
}

function roomFor(length: number): Found {
  return {
    count: 0,
    user: new Int32Array(length),
    item: new Int32Array(length),
    rating: new Float32Array(length),
    time: new Float64Array(length),
  }
}

function grown(found: Found): Found {
  const larger = roomFor(2 * found.user.length)
  larger.user.set(found.user)
  larger.item.set(found.item)
  larger.rating.set(found.rating)
  larger.time.set(found.time)
  return { ...larger, count: found.count }
}

/** For each index in order of appearance, the place of its name. */
function orderOf(known: ReadonlyMap<string, number>, names: readonly string[]): Int32Array {
  const places = new Map(names.map((each, place) => [each, place]))
  return Int32Array.from(known.keys(), (each) => places.get(each)!)
}

function part(
  found: Found,
  rows: Int32Array,
  orders: { readonly user: Int32Array; readonly item: Int32Array },
): RatingsPart {
  return {
    user: rows.map((row) => orders.user[found.user[row]!]!),
    item: rows.map((row) => orders.item[found.item[row]!]!),
    rating: Float32Array.from(rows, (row) => found.rating[row]!),
    time: Float64Array.from(rows, (row) => found.time[row]!),
  }
}
