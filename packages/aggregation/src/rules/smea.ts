import { centredGram } from '../geometry.ts'
import { numberOf } from '../option.ts'
import { meanOf } from '../plain-vectors.ts'
import { topDirectionReference } from '../reference-direction.ts'
import type { Rule } from '../rule.ts'
import { subsetCount, subsets } from '../subsets.ts'
import { topEigenpair } from '../top-eigenpair.ts'

/**
 * Smallest maximum eigenvalue averaging: the mean of the n−f rows whose covariance has the least greatest eigenvalue (Allouah,
 * Guerraoui, Gupta, Pinot, Rizk: On the Privacy-Robustness-Utility Trilemma in Distributed Learning, ICML 2023). Of several
 * such sets the lexicographically first, as far as float64 tells them apart.
 *
 * Option `budget`: the most subsets that there may be to search.
 *
 * Requires n > 2f and at most `budget` subsets of n−f rows. Cost O(n² d + C(n, f) n²): the search is exact and
 * leaves out sets whose variance alone is too great.
 *
 * (f, κ)-robust with κ = 4 f/(n−2f), even of the greatest eigenvalue of the covariance of S in the place of its variance:
 * the argument of `mva` holds along every direction.
 *
 * Arithmetic: eigenvalues in float64 from inner products of the rows; the mean in float64 in the order of the rows.
 *
 * Example, f = 1: 0, 3, 4 → {3, 4}, 3.5.
 */
export const smea: Rule = {
  name: 'smea',
  summary: 'the mean of the n−f updates of least greatest eigenvalue of their covariance',
  options: {
    budget: { kind: 'integer', summary: 'the most subsets to search', least: 1, most: 1e9, default: 2e4 },
  },
  requirement: (n, f, options) => n > 2 * f && subsetCount(n, f) <= numberOf(options, 'budget'),
  requirementText: 'n > 2f and C(n, f) ≤ budget',
  kappa: (n, f) => (4 * f) / (n - 2 * f),
  aggregate(updates, tolerated) {
    const { points, gram } = updates.geometry()
    const [g, size] = [gram(), updates.count - tolerated]
    const own = new Float64Array(size * size)
    const ones = new Float64Array(size).fill(1)
    let least = Number.POSITIVE_INFINITY
    let best: number[] = []
    for (const chosen of subsets(updates.count, size)) {
      for (const [a, i] of chosen.entries()) {
        for (const [b, j] of chosen.entries()) own[a * size + b] = g[i * points + j]!
      }
      const centred = centredGram(own, size, size, ones)
      // An eigenvalue is at least the mean of those that may differ from 0.
      let trace = 0
      for (let a = 0; a < size; a++) trace += centred[a * size + a]!
      if (trace > least * Math.max(1, size - 1)) continue
      const { value } = topEigenpair(centred, size)
      if (value < least) {
        least = value
        best = [...chosen]
      }
    }
    return updates.mean(best)
  },
  reference(vectors, tolerated) {
    let least = Number.POSITIVE_INFINITY
    let best: number[] = []
    for (const chosen of subsets(vectors.length, vectors.length - tolerated)) {
      const kept = chosen.map((i) => vectors[i]!)
      const { value } = topDirectionReference(kept, meanOf(kept), new Float64Array(kept.length).fill(1))
      if (value < least) {
        least = value
        best = [...chosen]
      }
    }
    return meanOf(best.map((i) => vectors[i]!))
  },
}
