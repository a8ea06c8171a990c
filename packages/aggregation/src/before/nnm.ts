import { allSquaredDistances, indicesBy, meanOf } from '../geometry/plain-vectors.ts'
import type { BeforeRule } from '../rule/rule.ts'

/**
 * Nearest-neighbour mixing: each row becomes the mean of its n−f nearest rows, itself included; of rows equally near the
 * earliest (Allouah, Farhadkhani, Guerraoui, Gupta, Pinot, Stephan: Fixing by Mixing, AISTATS 2023).
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
  counts: (n, f) => ({ n, f }),
  mixture(updates, tolerated) {
    const n = updates.count
    const weights = new Float64Array(n * n)
    for (const [i, nearest] of nearestOf(updates.squaredDistances(), n, n - tolerated).entries()) {
      for (const j of nearest) weights[i * n + j] = 1 / (n - tolerated)
    }
    return { count: n, weights }
  },
  reference: (vectors, tolerated) =>
    nearestOf(allSquaredDistances(vectors), vectors.length, vectors.length - tolerated).map((nearest) =>
      meanOf(nearest.map((j) => vectors[j]!)),
    ),
}

/** Of each row the `count` nearest, itself the first, in ascending order. */
function nearestOf(distances: Float64Array, n: number, count: number): number[][] {
  return Array.from({ length: n }, (_, i) => {
    const keys = distances.slice(i * n, i * n + n)
    keys[i] = -1
    return indicesBy(keys)
      .slice(0, count)
      .sort((a, b) => a - b)
  })
}
