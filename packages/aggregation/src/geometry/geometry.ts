import { upperMedian } from './weights.ts'

/**
 * `count` combinations of n vectors and the zero vector, with weights that sum to 1: `weights` is a count × n matrix in
 * row-major order, what each row lacks to 1 is the weight of the zero vector.
 */
export interface Mixture {
  readonly count: number
  readonly weights: Float64Array
}

/** Beyond this ratio of squared distances, inner products from distances would lose what is near. */
const wideRatio = 1e6

/**
 * Points in R^d as far as distances tell: all that selecting and weighting rules need of n vectors of any length.
 * The first `count` are the updates; the zero vector and that of the context may follow.
 */
export interface Geometry {
  readonly count: number
  readonly points: number
  /** points × points squared distances. */
  readonly squared: Float64Array
  /** points × points inner products about one of the points, which is amid the most. */
  readonly gram: () => Float64Array
  readonly origin: number | undefined
  readonly extra: number | undefined
}

/** What is needed to find the row in the middle; each weighs 1 without weights. */
export interface Middle {
  readonly squared: Float64Array
  readonly points: number
  readonly count: number
  readonly weights?: readonly number[] | undefined
}

/**
 * The row that is nearest to half of the others, or of their weight: at most twice as far from any honest one as they are
 * from each other.
 */
export function centralRow({ squared, points, count, weights }: Middle): { row: number; radius: number } {
  let least = { row: 0, radius: Number.POSITIVE_INFINITY }
  for (let row = 0; row < count; row++) {
    const radius = upperMedian(squared.slice(row * points, row * points + count), weights)
    if (radius < least.radius) least = { row, radius }
  }
  return least
}

/**
 * Inner products about the central row. From distances, unless some are so great that the small ones would be lost in
 * them: then `direct` has to take them about that row, or give up.
 */
export function gramOf(among: Middle, direct: (row: number) => Float64Array): Float64Array {
  const { squared, points } = among
  const { row, radius } = centralRow(among)
  const fromRow = squared.slice(row * points, (row + 1) * points)
  const wide = fromRow.some((distance) => distance > wideRatio * radius)
  const gram = wide ? direct(row) : new Float64Array(points * points)
  for (let i = 0; i < points; i++) {
    gram[i * points + i] = fromRow[i]!
    if (wide) continue
    for (let j = 0; j < i; j++) {
      const product = (fromRow[i]! + fromRow[j]! - squared[i * points + j]!) / 2
      gram[i * points + j] = gram[j * points + i] = product
    }
  }
  return gram
}

/** The geometry of combinations of the updates; the zero vector and that of the context stay. */
export function mixGeometry(geometry: Geometry, { count, weights }: Mixture, votes?: readonly number[]): Geometry {
  const { points, origin, extra } = geometry
  const others = [origin, extra].filter((point) => point !== undefined)
  const size = count + others.length
  const map = new Float64Array(size * points)
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let j = 0; j < geometry.count; j++) {
      sum += map[i * points + j] = weights[i * geometry.count + j]!
    }
    if (origin !== undefined) map[i * points + origin] = 1 - sum
  }
  for (const [k, point] of others.entries()) map[(count + k) * points + point] = 1
  const about = geometry.gram()
  let gram = congruence(map, about, size, points)
  let squared = distancesOf(gram, size)
  const { row } = centralRow({ squared, points: size, count, weights: votes })
  if (origin !== undefined && squared[row * size + count]! < about[origin * points + origin]!) {
    // Rows that were scaled down a lot are all about as far from the point of the inner products as zero is: their
    // distances cancel, unless it is one of them.
    const centre = map.slice(row * points, (row + 1) * points)
    const apart = map.map((weight, k) => weight - centre[k % points]!)
    gram = congruence(apart, about, size, points)
    squared = distancesOf(gram, size)
  }
  return {
    count,
    points: size,
    squared,
    gram: () => gram,
    origin: origin === undefined ? undefined : count,
    extra: extra === undefined ? undefined : size - 1,
  }
}

function distancesOf(gram: Float64Array, points: number): Float64Array {
  const squared = new Float64Array(points * points)
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < i; j++) {
      const distance = gram[i * points + i]! - 2 * gram[i * points + j]! + gram[j * points + j]!
      squared[i * points + j] = squared[j * points + i] = Math.max(0, distance)
    }
  }
  return squared
}

/** M A Mᵀ, for M rows × columns and A symmetric. Equal rows of M give equal entries. */
function congruence(m: Float64Array, a: Float64Array, rows: number, columns: number): Float64Array {
  const half = new Float64Array(rows * columns)
  // Many rows of M have only a few entries.
  const every = new Uint32Array(columns).map((_, k) => k)
  const places = Array.from({ length: rows }, (_, i) => every.filter((k) => m[i * columns + k] !== 0))
  for (let i = 0; i < rows; i++) {
    for (const k of places[i]!) {
      const weight = m[i * columns + k]!
      for (let j = 0; j < columns; j++) {
        half[i * columns + j] = half[i * columns + j]! + weight * a[k * columns + j]!
      }
    }
  }
  const product = new Float64Array(rows * rows)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      let sum = 0
      const ks = places[j]!
      for (let at = 0; at < ks.length; at++) sum += half[i * columns + ks[at]!]! * m[j * columns + ks[at]!]!
      product[i * rows + j] = sum
    }
  }
  return product
}

/** ‖p_i − Σ_j c_j p_j‖² of every point; the weights c sum to 1. O(points²). */
export function squaredDistancesTo(gram: Float64Array, points: number, c: Float64Array): Float64Array {
  const toEach = new Float64Array(points)
  let own = 0
  for (let i = 0; i < points; i++) {
    let sum = 0
    for (let j = 0; j < points; j++) if (c[j] !== 0) sum += gram[i * points + j]! * c[j]!
    toEach[i] = sum
    if (c[i] !== 0) own += c[i]! * sum
  }
  return toEach.map((product, i) => Math.max(0, gram[i * points + i]! - 2 * product + own))
}

/** The covariance's inner products about the weighted mean, of the first `count` points: (x_i − μ_c)·(x_j − μ_c). */
export function centredGram(gram: Float64Array, points: number, count: number, c: ArrayLike<number>): Float64Array {
  let total = 0
  for (let i = 0; i < count; i++) total += c[i]!
  const toMean = new Float64Array(count)
  let own = 0
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let j = 0; j < count; j++) if (c[j] !== 0) sum += gram[i * points + j]! * c[j]!
    toMean[i] = sum / total
    if (c[i] !== 0) own += (c[i]! * toMean[i]!) / total
  }
  const centred = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) centred[i * count + j] = gram[i * points + j]! - toMean[i]! - toMean[j]! + own
  }
  return centred
}
