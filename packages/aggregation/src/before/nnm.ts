import { allSquaredDistances, indicesBy, meanOf, weightedSum } from '../geometry/plain-vectors.ts'
import { filled, totalOf } from '../geometry/weights.ts'
import type { BeforeRule } from '../rule/rule.ts'

/**
 * Nearest-neighbour mixing: each row becomes the mean of its n−f nearest rows, itself included; of rows equally near the
 * earliest (Allouah, Farhadkhani, Guerraoui, Gupta, Pinot, Stephan: Fixing by Mixing, AISTATS 2023).
 *
 * Weighted: the mean by weight of the nearest of weight W−F, itself the first and the last in part; it keeps its own weight.
 *
 * Requires n > 2f; n and f stay. Cost O(n² d), and O(n³) for the distances of what comes out, where the rule asks for
 * them. Before a rule that is (f, κ)-robust it gives one that is (f, κ′)-robust with κ′ = 8 f/(n−f) · (κ + 1), by the
 * same paper.
 *
 * Arithmetic: distances as `krum`. The means are made in float32, in the order of the rows, for rules that go column by
 * column; for others they are only weights, in float64.
 *
 * Example, f = 1: 1, 4, 7: the nearest two of 7 are 7 and 4 → 2.5, 2.5, 5.5 (4 is as far from 1 as from 7).
 */
export const nnm: BeforeRule<'nnm'> = {
  name: 'nnm',
  summary: 'each update becomes the mean of the n−f nearest to it',
  options: {},
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  masks: 'absent rows are zero',
  weighted: 'in proportion',
  counts: (n, f) => ({ n, f }),
  mixture(updates, tolerated) {
    const n = updates.count
    if (updates.weights)
      return { count: n, weights: heaviestNearest(updates.squaredDistances(), updates.weights, tolerated) }
    const weights = new Float64Array(n * n)
    for (const [i, nearest] of nearestOf(updates.squaredDistances(), n, n - tolerated).entries()) {
      for (const j of nearest) weights[i * n + j] = 1 / (n - tolerated)
    }
    return { count: n, weights }
  },
  reference(vectors, tolerated, _options, weights) {
    const distances = allSquaredDistances(vectors)
    const n = vectors.length
    if (weights) {
      const mixed = heaviestNearest(distances, weights, tolerated)
      return vectors.map((_, i) => weightedSum(vectors, mixed.subarray(i * n, (i + 1) * n), 1))
    }
    return nearestOf(distances, n, n - tolerated).map((nearest) => meanOf(nearest.map((j) => vectors[j]!)))
  },
}

/** Of each row the shares of the nearest of weight W−F, itself the first. */
function heaviestNearest(distances: Float64Array, weights: readonly number[], tolerated: number): Float64Array {
  const n = weights.length
  const room = totalOf(weights) - tolerated
  const shares = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const taken = filled(byNearness(distances, n, i), weights, room)
    shares.set(
      taken.map((weight) => weight / room),
      i * n,
    )
  }
  return shares
}

/** Itself, and then the others. */
function byNearness(distances: Float64Array, n: number, i: number): number[] {
  return indicesBy(distances.slice(i * n, i * n + n).fill(-1, i, i + 1))
}

/** Of each row the `count` nearest, itself the first, in ascending order. */
function nearestOf(distances: Float64Array, n: number, count: number): number[][] {
  return Array.from({ length: n }, (_, i) => {
    return byNearness(distances, n, i)
      .slice(0, count)
      .sort((a, b) => a - b)
  })
}
