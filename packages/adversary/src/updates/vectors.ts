// Arithmetic on vectors of length d that attacks share: in float64, summed in the order given, rounded to float32 once.

const largest = 3.4028234663852886e38

/** Columns that are summed at a time, so that the sums stay near the processor. */
const blockColumns = 2048

/** μ of m ≥ 1 vectors. O(m d). */
export function meanOf(vectors: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length)
  for (let first = 0; first < sum.length; first += blockColumns) {
    const end = Math.min(sum.length, first + blockColumns)
    for (const vector of vectors) addTo(sum, vector, first, end)
    for (let i = first; i < end; i++) sum[i] = sum[i]! / vectors.length
  }
  return sum
}

function addTo(sum: Float64Array, vector: Float32Array, first: number, end: number): void {
  for (let i = first; i < end; i++) sum[i]! += vector[i]!
}

/** σ per coordinate, with m − 1 in the denominator; zero for one vector. O(m d). */
export function deviationOf(vectors: readonly Float32Array[], mean: Float64Array): Float64Array {
  const sum = new Float64Array(mean.length)
  if (vectors.length < 2) return sum
  for (let first = 0; first < sum.length; first += blockColumns) {
    const end = Math.min(sum.length, first + blockColumns)
    for (const vector of vectors) addSquaresTo(sum, vector, mean, first, end)
    for (let i = first; i < end; i++) sum[i] = Math.sqrt(sum[i]! / (vectors.length - 1))
  }
  return sum
}

function addSquaresTo(sum: Float64Array, vector: Float32Array, mean: Float64Array, first: number, end: number): void {
  for (let i = first; i < end; i++) {
    const apart = vector[i]! - mean[i]!
    sum[i]! += apart * apart
  }
}

export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

export function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2
  return sum
}

/** a + factor · b, as float32, in `sum` where it is given. */
export function moved<B extends ArrayBufferLike = ArrayBuffer>(
  a: Float64Array,
  factor: number,
  b: ArrayLike<number>,
  sum = new Float32Array(a.length) as Float32Array<B>,
): Float32Array<B> {
  let isBeyond = false
  for (let i = 0; i < sum.length; i++) {
    const value = a[i]! + factor * b[i]!
    if (!(Math.abs(value) <= largest)) isBeyond = true
    sum[i] = value
  }
  if (isBeyond) for (let i = 0; i < sum.length; i++) sum[i] = finite(a[i]! + factor * b[i]!)
  return sum
}

/** factor · a, as float32, in `product` where it is given. */
export function scaled<B extends ArrayBufferLike = ArrayBuffer>(
  a: ArrayLike<number>,
  factor: number,
  product = new Float32Array(a.length) as Float32Array<B>,
): Float32Array<B> {
  let isBeyond = false
  for (let i = 0; i < product.length; i++) {
    const value = factor * a[i]!
    if (!(Math.abs(value) <= largest)) isBeyond = true
    product[i] = value
  }
  if (isBeyond) for (let i = 0; i < product.length; i++) product[i] = finite(factor * a[i]!)
  return product
}

/** Beyond the largest float32 a number would become infinite, and the update would be thrown out unread. */
function finite(value: number): number {
  return Math.min(largest, Math.max(-largest, value))
}
