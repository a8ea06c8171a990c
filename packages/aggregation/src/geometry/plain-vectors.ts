// Plain arithmetic on float64 vectors, for the references of rules: written as definitions are, with no regard to speed.

/** Vectors of a definition, in float64. */
export type Vectors = readonly Float64Array[]

/** The sum over the even columns, plus that over the odd ones: as exact distances are added up by kernels. */
export function squaredDistance(a: Float64Array, b: Float64Array): number {
  const sums: [number, number] = [0, 0]
  for (const [column, value] of a.entries()) {
    const difference = value - b[column]!
    sums[column % 2 === 0 ? 0 : 1] += difference * difference
  }
  return sums[0] + sums[1]
}

export function norm(a: Float64Array): number {
  return Math.sqrt(innerProduct(a, a))
}

export function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (const [column, value] of a.entries()) sum += value * b[column]!
  return sum
}

/** Σ w_i x_i / divisor, of vectors of length `length`. */
export function weightedSum(vectors: Vectors, weights: ArrayLike<number>, divisor: number): Float64Array {
  return Float64Array.from({ length: vectors[0]!.length }, (_, column) => {
    let sum = 0
    for (const [i, vector] of vectors.entries()) sum += weights[i]! * vector[column]!
    return sum / divisor
  })
}

export function meanOf(vectors: Vectors): Float64Array {
  return weightedSum(vectors, new Float64Array(vectors.length).fill(1), vectors.length)
}

/** Applies a function to every column of numbers. */
export function columnwise(vectors: Vectors, of: (values: number[]) => number): Float64Array {
  return Float64Array.from(vectors[0]!, (_, column) => of(vectors.map((vector) => vector[column]!)))
}

/** n × n, row-major. */
export function allSquaredDistances(vectors: Vectors): Float64Array {
  return Float64Array.from(vectors.flatMap((a) => vectors.map((b) => squaredDistance(a, b))))
}

/** Indices in the order of their keys; of equal keys the least index first. */
export function indicesBy(keys: ArrayLike<number>): number[] {
  return Array.from(keys, (_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b)
}
