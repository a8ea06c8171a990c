import { AggregationError } from './machine/error.ts'

/**
 * What an update says of a model of rows of `width` numbers: row `rows[k]` moves by the numbers from `values[k · width]` on.
 * Of other rows it says nothing, which is not the same as zero.
 */
export interface SparseUpdate {
  /** Ascending, each once. */
  readonly rows: Uint32Array
  /** rows.length × width, row-major. */
  readonly values: Float32Array
}

/** How the parameters of a model, from the first to the last, are a matrix of `count` rows of `width` numbers. */
export interface RowShape {
  readonly count: number
  readonly width: number
}

/** What a peer would change: all parameters, or those of the rows that it speaks about. */
export type Update = Float32Array | SparseUpdate

export function isSparse(update: Update): update is SparseUpdate {
  return !(update instanceof Float32Array)
}

/** Who speaks about which row: of the row `rows[u]` the entries from `starts[u]` to `starts[u + 1]` − 1. */
export interface Speech {
  /** Rows that anybody speaks about, ascending. */
  readonly rows: Uint32Array
  readonly starts: Uint32Array
  /** Of each entry the update, in their order, and where among its rows this one is. */
  readonly updates: Uint32Array
  readonly places: Uint32Array
}

/** Throws AggregationError `bad-vectors` unless every update is what `SparseUpdate` says. */
export function checkSparse(updates: readonly SparseUpdate[], width: number): void {
  if (!Number.isSafeInteger(width) || width < 1)
    throw new AggregationError('bad-vectors', `Rows must have a width that is an integer ≥ 1, not ${width}.`)
  for (const [index, { rows, values }] of updates.entries()) {
    const of = `Update ${index + 1}`
    if (values.length !== rows.length * width) {
      const found = `${rows.length} rows and ${values.length} numbers`
      throw new AggregationError('bad-vectors', `${of} has ${found}: each row needs ${width}.`)
    }
    for (let k = 1; k < rows.length; k++) {
      if (rows[k - 1]! < rows[k]!) continue
      const found = `row ${rows[k]} after row ${rows[k - 1]}`
      throw new AggregationError('bad-vectors', `${of} has ${found}: rows must ascend, each once.`)
    }
  }
}

/** Rows that are looked at together: their voices and marks are 16.5 kB. */
const pageBits = 12
const rowsOfPage = 1 << pageBits

/** O(r + p n) for r rows in all, which are of p pages, and n updates. */
export function speechOf(updates: readonly SparseUpdate[]): Speech {
  const total = updates.reduce((sum, { rows }) => sum + rows.length, 0)
  const speech = {
    rows: new Uint32Array(total),
    starts: new Uint32Array(total + 1),
    updates: new Uint32Array(total),
    places: new Uint32Array(total),
  }
  const scratch = { voices: new Uint32Array(rowsOfPage), marks: new Uint32Array(rowsOfPage / 32) }
  const next = updates.map(() => 0)
  let size = 0
  for (let page = pageOf(updates, next); page !== undefined; page = pageOf(updates, next))
    size = readPage(page, size, { updates, next, speech, scratch })
  return { ...speech, rows: speech.rows.subarray(0, size), starts: speech.starts.subarray(0, size + 1) }
}

/** The first page of which a row is next, if one is. */
function pageOf(updates: readonly SparseUpdate[], next: readonly number[]): number | undefined {
  let first: number | undefined
  for (const [i, { rows }] of updates.entries()) {
    const row = rows[next[i]!]
    if (row !== undefined && !(row >>> pageBits >= first!)) first = row >>> pageBits
  }
  return first
}

interface Reading {
  readonly updates: readonly SparseUpdate[]
  /** Of each update the place of its first row that was not read. */
  readonly next: number[]
  readonly speech: Speech
  /** Zero before a page and after it: how many speak about each row, and a bit for each of which any does. */
  readonly scratch: { readonly voices: Uint32Array; readonly marks: Uint32Array }
}

/** Adds the rows of a page to the `size` before; gives how many there are then. */
function readPage(page: number, size: number, { updates, next, speech, scratch }: Reading): number {
  const { voices, marks } = scratch
  const ends = updates.map(({ rows }, i) => {
    let place = next[i]!
    for (; place < rows.length && rows[place]! >>> pageBits === page; place++) {
      const local = rows[place]! % rowsOfPage
      voices[local]!++
      marks[local >>> 5]! |= 1 << local
    }
    return place
  })
  let [u, entry] = [size, speech.starts[size]!]
  for (let word = 0; word < marks.length; word++) {
    for (let left = marks[word]!; left !== 0; left &= left - 1) {
      const local = 32 * word + 31 - Math.clz32(left & -left)
      speech.rows[u++] = page * rowsOfPage + local
      const count = voices[local]!
      // From here on, where its next voice goes.
      voices[local] = entry
      entry += count
      speech.starts[u] = entry
    }
  }
  for (const [i, { rows }] of updates.entries()) {
    for (let place = next[i]!; place < ends[i]!; place++) {
      const at = voices[rows[place]! % rowsOfPage]!++
      speech.updates[at] = i
      speech.places[at] = place
    }
    next[i] = ends[i]!
  }
  voices.fill(0)
  marks.fill(0)
  return u
}
