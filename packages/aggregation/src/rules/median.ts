import { totalOf } from '../geometry/weights.ts'
import type { Rule } from '../rule/rule.ts'
import { trimmedMeanReference } from './trimmed-mean.ts'

/**
 * Coordinate-wise median; for even n the mean of the middle two (Yin, Chen, Kannan, Bartlett: Byzantine-Robust
 * Distributed Learning, ICML 2018, definition 1).
 *
 * Weighted: the least value up to which more than half of the weight lies; of exactly half, the mean of it and the next.
 *
 * Requires n > 2f; f itself does not enter. Cost O(d n log² n). (f, κ)-robust with κ = 4 (1 + f/(n−2f))² (Allouah et
 * al.: Fixing by Mixing, AISTATS 2023).
 *
 * Arithmetic: the trimmed mean that keeps one or two values, so any order of the rows gives the same bits.
 *
 * Example: the column 1, 2, 100 → 2; the column 1, 2, 6, 100 → 4.
 */
export const median: Rule<'median'> = {
  name: 'median',
  summary: 'per coordinate, the median',
  options: {},
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  equivariant: true,
  masks: 'among those who speak',
  weighted: 'in proportion',
  kappa: (n, f) => 4 * (1 + f / (n - 2 * f)) * (1 + f / (n - 2 * f)),
  aggregate: (updates) => updates.trimmedMean(mostTrim(updates.total)),
  reference: (vectors, _tolerated, _options, { weights }) =>
    trimmedMeanReference(vectors, mostTrim(weights ? totalOf(weights) : vectors.length), weights),
}

/** Ranks on either side of the middle one or two. */
export function mostTrim(n: number): number {
  return Math.floor((n - 1) / 2)
}
