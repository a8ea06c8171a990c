import { meanOf, weightedSum } from '../geometry/plain-vectors.ts'
import { totalOf } from '../geometry/weights.ts'
import type { Rule } from '../rule/rule.ts'

/**
 * Arithmetic mean: F(x) = (1/n) Σ x_i. The baseline, which one liar moves anywhere.
 *
 * Weighted: Σ w_i x_i / W.
 *
 * Requires n ≥ 1. Cost O(nd). Not (f, κ)-robust for any κ when f > 0.
 *
 * Arithmetic: per coordinate a float64 sum from +0 in the order of the rows, divided by n, rounded once to float32. No
 * sum of float32 overflows there, so a finite input has a finite mean.
 *
 * Example: (1, 2), (4, 5), (7, 11) → (4, 6).
 */
export const mean: Rule<'mean'> = {
  name: 'mean',
  summary: 'arithmetic mean; the baseline that one liar breaks',
  options: {},
  requirement: (n) => n >= 1,
  requirementText: 'n ≥ 1',
  equivariant: true,
  masks: 'among those who speak',
  weighted: 'in proportion',
  kappa: (_n, f) => (f === 0 ? 0 : Number.POSITIVE_INFINITY),
  aggregate: (updates) => updates.mean(),
  reference: (vectors, _tolerated, _options, { weights }) =>
    weights ? weightedSum(vectors, weights, totalOf(weights)) : meanOf(vectors),
}
