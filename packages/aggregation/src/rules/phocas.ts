import { columnwise } from '../geometry/plain-vectors.ts'
import type { Rule } from '../rule/rule.ts'
import { meanNearest } from './meamed.ts'
import { ascending, meanOfRanks } from './trimmed-mean.ts'

/**
 * Phocas: per coordinate, the mean of the n−f values nearest to the trimmed mean; of two values equally near the lesser is
 * kept (Xie, Koyejo, Gupta: Phocas, dimensional Byzantine-resilient SGD, 2018).
 *
 * Requires n > 2f. Cost O(d n log² n). No κ is claimed here.
 *
 * Arithmetic: as `meamed`, with the trimmed mean in the place of the median.
 *
 * Example, f = 1: the column 0, 1, 5, 100 has the trimmed mean 3 → (0 + 1 + 5) / 3 = 2.
 */
export const phocas: Rule<'phocas'> = {
  name: 'phocas',
  summary: 'per coordinate, the mean of the n−f values nearest to the trimmed mean',
  options: {},
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  equivariant: true,
  masks: 'among those who speak',
  aggregate: (updates, tolerated) =>
    updates.nearestMean({ first: tolerated, last: updates.count - 1 - tolerated }, updates.count - tolerated),
  reference: (vectors, tolerated) =>
    columnwise(vectors, (values) => {
      const sorted = ascending(values)
      const centre = meanOfRanks(sorted, tolerated, sorted.length - 1 - tolerated)
      return meanNearest(sorted, centre, sorted.length - tolerated)
    }),
}
