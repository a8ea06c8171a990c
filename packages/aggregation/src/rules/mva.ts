import { allSquaredDistances, meanOf } from '../geometry/plain-vectors.ts'
import { leastSubset, subsetCount } from '../geometry/subsets.ts'
import { numberOf } from '../rule/option.ts'
import type { Rule } from '../rule/rule.ts'

/**
 * Minimum variance averaging: the mean of the n−f rows of least variance, the sum of their mutual squared distances (Allouah,
 * Guerraoui, Gupta, Pinot, Rizk: On the Privacy-Robustness-Utility Trilemma in Distributed Learning, ICML 2023). Of several
 * such sets the lexicographically first.
 *
 * Option `budget`: the most subsets that there may be to search.
 *
 * Requires n > 2f and at most `budget` subsets of n−f rows. Cost O(n² d + C(n, f) n³ / (f+1)) at
 * worst, when sets hardly differ: the search is exact and leaves out what cannot be better.
 *
 * (f, κ)-robust with κ = 4 f/(n−2f): the set chosen and any S of n−f share n−2f rows or more, whose mean is within
 * f/(n−2f) of each one's variance (squared) of each one's mean, and the variance of the set chosen is the lesser.
 *
 * Arithmetic: distances as `krum`; the mean in float64 in the order of the rows, rounded once to float32.
 *
 * Example, f = 1: 0, 3, 4 → {3, 4}, 3.5.
 */
export const mva: Rule<'mva'> = {
  name: 'mva',
  summary: 'the mean of the n−f updates of least variance',
  options: {
    budget: { kind: 'integer', summary: 'the most subsets to search', least: 1, most: 1e9, default: 1e6 },
  },
  requirement: (n, f, options) => n > 2 * f && subsetCount(n, f) <= numberOf(options, 'budget'),
  requirementText: 'n > 2f and C(n, f) ≤ budget',
  masks: 'absent rows are zero',
  kappa: (n, f) => (4 * f) / (n - 2 * f),
  aggregate: (updates, tolerated) => updates.mean(leastVariance(updates.squaredDistances(), updates.count, tolerated)),
  reference(vectors, tolerated) {
    const n = vectors.length
    const distances = allSquaredDistances(vectors)
    const best = leastSubset(n, n - tolerated, (chosen) => {
      let sum = 0
      for (const [k, i] of chosen.entries()) for (const j of chosen.slice(0, k)) sum += distances[i * n + j]!
      return sum
    })
    return meanOf(best.map((i) => vectors[i]!))
  },
}

/** Depth first in lexicographic order; a set that is already no better than the best is not completed. */
function leastVariance(distances: Float64Array, n: number, tolerated: number): number[] {
  const size = n - tolerated
  const chosen: number[] = []
  let least = Number.POSITIVE_INFINITY
  let best: number[] = []
  const extend = (from: number, sum: number): void => {
    if (chosen.length === size) {
      least = sum
      best = [...chosen]
      return
    }
    for (let i = from; i <= n - size + chosen.length; i++) {
      // In the order of the definition's sum, so that ties are ties.
      let more = sum
      for (const j of chosen) more += distances[i * n + j]!
      if (!(more < least)) continue
      chosen.push(i)
      extend(i + 1, more)
      chosen.pop()
    }
  }
  extend(0, 0)
  return best
}
