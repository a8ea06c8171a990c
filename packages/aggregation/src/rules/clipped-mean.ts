import { columnwise } from '../geometry/plain-vectors.ts'
import { totalOf } from '../geometry/weights.ts'
import { numberOf } from '../rule/option.ts'
import type { Rule } from '../rule/rule.ts'
import { quadraticMedianOf, resilienceOption } from './quadratic-median.ts'

/**
 * Byzantine-resilient mean (BrMean of Solidago, Tournesol): per coordinate Σ w_i x_i / W of the values moved to within R of c,
 * where c is their `quadratic-median` with L/4, and R = L W/4. It is the mean once all values lie within R of c, so that many who
 * nearly agree are averaged, where the median would choose one of them.
 *
 * Option `resilience` L, as of `quadratic-median`.
 *
 * Weighted as it stands. One more update of weight w moves it by at most L w: c and R change by L w/4 each, which moves the
 * values that were there by L w/2 at most, and the new one has the part w/(W+w) of values that are within 2 R′ = L (W+w)/2 of
 * each other.
 *
 * Requires n ≥ 1; f does not enter. Cost O(d n log² n). No κ is claimed here.
 *
 * Arithmetic: c as `quadratic-median`, not rounded; the sum in float64 from +0 in the order of the rows, divided by W, rounded
 * once to float32.
 *
 * Example, L = 1: 1, 2, 6, 9, 50 has c = 1 and R = 1.25 → (1 + 2 + 2.25 + 2.25 + 2.25) / 5 = 1.95; with L = 100 it is the mean, 13.6.
 */
export const clippedMean: Rule<'clipped-mean'> = {
  name: 'clipped-mean',
  summary: 'per coordinate, the mean of values clipped around the quadratic median, moved by an update by at most L',
  options: { resilience: resilienceOption },
  requirement: (n) => n >= 1,
  requirementText: 'n ≥ 1',
  masks: 'among those who speak',
  weighted: 'in full',
  aggregate: (updates, _tolerated, options) =>
    updates.quadraticMedian({ resilience: numberOf(options, 'resilience'), clipped: true }),
  reference: (vectors, _tolerated, options, { weights = vectors.map(() => 1) }) => {
    const pull = numberOf(options, 'resilience') / 4
    const total = totalOf(weights)
    return columnwise(vectors, (values) => {
      const centre = quadraticMedianOf(values, weights, pull)
      const [low, high] = [centre - pull * total, centre + pull * total]
      let sum = 0
      for (const [i, value] of values.entries()) sum += weights[i]! * Math.min(Math.max(value, low), high)
      return sum / total
    })
  },
}
