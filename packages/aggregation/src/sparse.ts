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

/** O(r log r) for r rows in all. */
export function speechOf(updates: readonly SparseUpdate[]): Speech {
  const rows = unionOf(updates)
  const starts = new Uint32Array(rows.length + 1)
  eachEntry(updates, rows, (u) => starts[u + 1]!++)
  for (let u = 0; u < rows.length; u++) starts[u + 1]! += starts[u]!
  const next = starts.slice()
  const total = starts[rows.length]!
  const speech = { rows, starts, updates: new Uint32Array(total), places: new Uint32Array(total) }
  eachEntry(updates, rows, (u, update, place) => {
    const entry = next[u]!++
    speech.updates[entry] = update
    speech.places[entry] = place
  })
  return speech
}

function eachEntry(
  updates: readonly SparseUpdate[],
  rows: Uint32Array,
  visit: (u: number, update: number, place: number) => void,
): void {
  for (const [i, update] of updates.entries()) {
    for (let place = 0, u = 0; place < update.rows.length; place++, u++) {
      while (rows[u]! < update.rows[place]!) u++
      visit(u, i, place)
    }
  }
}

function unionOf(updates: readonly SparseUpdate[]): Uint32Array {
  let all = updates.map(({ rows }) => rows)
  while (all.length > 1) all = all.flatMap((rows, i) => (i % 2 === 0 ? [merged(rows, all[i + 1])] : []))
  return all[0] ?? new Uint32Array(0)
}

function merged(a: Uint32Array, b: Uint32Array = new Uint32Array(0)): Uint32Array {
  const union = new Uint32Array(a.length + b.length)
  let size = 0
  for (let i = 0, j = 0; i < a.length || j < b.length; size++) {
    const left = i < a.length ? a[i]! : Number.POSITIVE_INFINITY
    const right = j < b.length ? b[j]! : Number.POSITIVE_INFINITY
    union[size] = Math.min(left, right)
    if (left <= right) i++
    if (right <= left) j++
  }
  return union.subarray(0, size)
}
