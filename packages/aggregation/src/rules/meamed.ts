import { columnwise } from '../geometry/plain-vectors.ts'
import type { Rule } from '../rule/rule.ts'
import { mostTrim } from './median.ts'
import { ascending, meanOfRanks } from './trimmed-mean.ts'

/**
 * Mean around median: per coordinate, the mean of the n−f values nearest to the median; of two values equally near the
 * lesser is kept (Xie, Koyejo, Gupta: Generalized Byzantine-tolerant SGD, 2018).
 *
 * Requires n > 2f. Cost O(d n log² n). No κ is claimed here.
 *
 * Arithmetic: the median and the differences from it are rounded to float32. The kept values are summed in float64 from +0 in the order of their
 * rank modulo n−f, divided by their number and rounded once to float32; any order of the rows gives the same bits.
 *
 * Example, f = 1: the column 1, 4, 7 has the median 4, from which 1 and 7 are equally far → (1 + 4) / 2 = 2.5.
 */
export const meamed: Rule<'meamed'> = {
  name: 'meamed',
  summary: 'per coordinate, the mean of the n−f values nearest to the median',
  options: {},
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  equivariant: true,
  masks: 'among those who speak',
  aggregate(updates, tolerated) {
    const trim = mostTrim(updates.count)
    return updates.nearestMean({ first: trim, last: updates.count - 1 - trim }, updates.count - tolerated)
  },
  reference: (vectors, tolerated) =>
    columnwise(vectors, (values) => {
      const sorted = ascending(values)
      const trim = mostTrim(sorted.length)
      return meanNearest(sorted, meanOfRanks(sorted, trim, sorted.length - 1 - trim), sorted.length - tolerated)
    }),
}

/**
 * The mean of the `keep` values that are left when the one farther from the centre is dropped time and again. The centre and
 * the differences from it are float32, as in the kernel.
 */
export function meanNearest(sorted: readonly number[], exactCentre: number, keep: number): number {
  const centre = Math.fround(exactCentre)
  let [first, last] = [0, sorted.length - 1]
  while (last - first + 1 > keep) {
    if (Math.fround(centre - sorted[first]!) > Math.fround(sorted[last]! - centre)) first++
    else last--
  }
  // Rank k modulo `keep` is that of exactly one value of the run.
  let sum = 0
  for (let k = 0; k < keep; k++) {
    const rank = first + ((((k - first) % keep) + keep) % keep)
    sum += sorted[rank]!
  }
  return sum / keep
}
