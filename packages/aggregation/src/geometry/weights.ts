import { indicesBy } from './plain-vectors.ts'

export function totalOf(weights: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += weights[i]!
  return total
}

/** Of each index in the order given as much of its weight as there is still room for: the last in part. */
export function filled(order: readonly number[], weights: ArrayLike<number>, room: number): Float64Array {
  const taken = new Float64Array(weights.length)
  let left = room
  for (const i of order) {
    taken[i] = Math.min(weights[i]!, left)
    left -= taken[i]!
    if (left === 0) break
  }
  return taken
}

/** The least value up to which more than half lies, by weight if there are weights. May sort the values. */
export function upperMedian(values: Float64Array, weights?: ArrayLike<number>): number {
  if (!weights) return values.sort()[Math.floor(values.length / 2)]!
  const half = totalOf(weights) / 2
  let sum = 0
  for (const i of indicesBy(values)) {
    sum += weights[i]!
    if (sum > half) return values[i]!
  }
  throw new RangeError('weights are positive')
}
