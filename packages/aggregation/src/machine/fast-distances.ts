/** Columns by which a row amid the others is found. */
const sample = 128

/**
 * ‖a‖² + ‖b‖² over ‖a − b‖² from which on the distance is doubtful: what rounding takes from the norms, at most 2^-20 of
 * them, would be more than 2^-16 of it.
 */
const mostCancellation = 16

/**
 * The row that is nearest to the coordinate-wise median, by some columns: near the honest ones, so that inner products
 * about it have the size of the distances among them. What it is decides only how fast distances are found and how they
 * are rounded. O(n log n).
 */
export function rowAmid(rows: readonly Float32Array<ArrayBufferLike>[]): number {
  const length = rows[0]!.length
  const squared = new Float64Array(rows.length)
  const values = new Float32Array(rows.length)
  for (let k = 0; k < sample; k++) {
    const column = Math.floor((k * length) / sample)
    for (const [i, row] of rows.entries()) values[i] = row[column]!
    const median = values.toSorted()[Math.floor(rows.length / 2)]!
    for (let i = 0; i < rows.length; i++) squared[i] = squared[i]! + (values[i]! - median) * (values[i]! - median)
  }
  let amid = 0
  for (let i = 1; i < rows.length; i++) if (squared[i]! < squared[amid]!) amid = i
  return amid
}

/** A symmetric matrix of pairs of rows, and a number for each row. */
export interface Pairs {
  readonly sums: Float64Array
  readonly norms: Float64Array
}

/** Rows that are given several times are worked on once: what two of them have with each other is what one has with itself. */
export function ofDistinct<T>(
  rows: readonly T[],
  pairs: (distinct: readonly T[]) => Pairs | undefined,
): Pairs | undefined {
  const distinct = [...new Set(rows)]
  const made = pairs(distinct)
  if (made === undefined || distinct.length === rows.length) return made
  const places = rows.map((row) => distinct.indexOf(row))
  const sums = Float64Array.from(places.flatMap((a) => places.map((b) => made.sums[a * distinct.length + b]!)))
  return { sums, norms: Float64Array.from(places, (place) => made.norms[place]!) }
}

/** Of n rows: (x_i − r)·(x_j − r), n × n, and ‖x_i‖². `origin` is where among them the zero vector comes in, or −1. */
export interface Products {
  readonly sums: Float64Array
  readonly norms: Float64Array
  readonly origin: number
}

/**
 * Squared distances among the rows and the zero vector, as a symmetric matrix, and which of them have one that is lost:
 * its square may have overflowed, so much may have vanished of its `columns` squares that it shows, or it cancels.
 */
export function distancesFromProducts(
  { sums, norms, origin }: Products,
  columns: number,
): { readonly distances: Float64Array; readonly doubtful: number[] } {
  const rows = norms.length
  const n = origin < 0 ? rows : rows + 1
  const place = (row: number) => (origin < 0 || row < origin ? row : row + 1)
  const distances = new Float64Array(n * n)
  const isDoubtful = new Uint8Array(n)
  const least = columns / 2 ** 120
  const enter = (i: number, j: number, distance: number, cancelled: number) => {
    distances[i * n + j] = distances[j * n + i] = distance
    if (distance > least && distance < Infinity && cancelled <= mostCancellation * distance) return
    isDoubtful[i] = isDoubtful[j] = 1
  }
  for (let i = 0; i < rows; i++) {
    if (origin >= 0) enter(origin, place(i), norms[i]!, 0)
    for (let j = 0; j < i; j++) {
      const both = sums[i * rows + i]! + sums[j * rows + j]!
      enter(place(i), place(j), both - 2 * sums[i * rows + j]!, both)
    }
  }
  return { distances, doubtful: [...isDoubtful.keys()].filter((i) => isDoubtful[i] === 1) }
}
