import { indicesBy, meanOf, norm } from '../geometry/plain-vectors.ts'
import type { Rule } from '../rule/rule.ts'
import { inOrder } from './multi-krum.ts'

/**
 * Comparative gradient elimination: the mean of the n−f rows with the least Euclidean norms; of equal norms the earliest
 * rows are kept (Gupta, Liu, Vaidya: Byzantine Fault-Tolerant Distributed Machine Learning with Norm-Based Comparative
 * Gradient Elimination, 2020).
 *
 * Requires n > 2f. Cost O(nd). Not (f, κ)-robust for any κ when f > 0: a liar with a small norm is always kept. Its
 * guarantees are for costs whose minima are nearly the same.
 *
 * Arithmetic: norms in float64; the mean in float64 in the order of the rows, rounded once to float32.
 *
 * Example, f = 1: 3, -1, -100, 4 → (3 − 1 + 4) / 3 = 2.
 */
export const cge: Rule<'cge'> = {
  name: 'cge',
  summary: 'the mean of the n−f updates with the least norms',
  options: {},
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  masks: 'absent rows are zero',
  kappa: (_n, f) => (f === 0 ? 0 : Number.POSITIVE_INFINITY),
  origin: (_options, mixed) => mixed,
  aggregate: (updates, tolerated) =>
    updates.mean(inOrder(indicesBy(updates.squaredDistancesFrom('origin')).slice(0, updates.count - tolerated))),
  reference: (vectors, tolerated) =>
    meanOf(inOrder(indicesBy(vectors.map(norm)).slice(0, vectors.length - tolerated)).map((i) => vectors[i]!)),
}
