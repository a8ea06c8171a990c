import { AggregationError } from '../machine/error.ts'
import type { Workspace } from '../machine/workspace.ts'
import { indicesBy } from './plain-vectors.ts'

/**
 * Nearest-neighbour averaging: the mean of the `keep` vectors in `rows` that are nearest to a vector of one's own, in
 * Euclidean distance; of equally near ones those given earlier. All vectors are finite and of length d. O(n d).
 *
 * Arithmetic: squared distances and the mean in float64, from the first column and in the order of the rows, the mean
 * rounded once to float32.
 *
 * Example, keep 2, own 4: 1, 5, 6 → (5 + 6) / 2 = 5.5.
 *
 * Throws AggregationError `bad-rows` when there are fewer rows than are to be kept.
 */
export function averageOfNearest(
  workspace: Workspace,
  rows: readonly number[],
  own: Float32Array,
  keep: number,
): Float32Array<ArrayBuffer> {
  if (keep < 1 || rows.length < keep) {
    throw new AggregationError('bad-rows', `${keep} of ${rows.length} rows cannot be kept: give at least as many rows.`)
  }
  const vectors = rows.map((row) => workspace.vector(row))
  const nearest = indicesBy(vectors.map((vector) => squaredDistance(vector, own)))
  const kept = nearest
    .slice(0, keep)
    .sort((a, b) => a - b)
    .map((index) => vectors[index]!)
  const mean = new Float32Array(own.length)
  for (let column = 0; column < mean.length; column++) {
    let sum = 0
    for (const vector of kept) sum += vector[column]!
    mean[column] = sum / keep
  }
  return mean
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let column = 0; column < a.length; column++) {
    const difference = a[column]! - b[column]!
    sum += difference * difference
  }
  return sum
}
