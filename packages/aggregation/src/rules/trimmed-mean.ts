import { columnwise, type Vectors } from '../geometry/plain-vectors.ts'
import { totalOf } from '../geometry/weights.ts'
import type { Rule } from '../rule/rule.ts'

/**
 * Coordinate-wise trimmed mean: per coordinate drop the f lowest and the f highest values, and take the mean of the
 * n − 2f left (Yin, Chen, Kannan, Bartlett: Byzantine-Robust Distributed Learning, ICML 2018, definition 2).
 *
 * Weighted: the weight F is cut off from either end, the row on the border in part, and the rest is averaged by weight.
 * F less than the weight of the liars leaves a part of one, which may be anywhere.
 *
 * Requires n > 2f. Cost O(d n log² n). (f, κ)-robust with κ = 6f/(n−2f) · (1 + f/(n−2f)) (Allouah, Farhadkhani,
 * Guerraoui, Gupta, Pinot, Stephan: Fixing by Mixing, AISTATS 2023).
 *
 * Arithmetic: the kept values are summed in float64 from +0 in ascending order, divided by their number and rounded
 * once to float32; so any order of the rows gives the same bits. -0 and +0 are equal. With weights each
 * value is moved to between those at the borders, a and b; from their sum by weight, in the order of the rows, F (a + b) is
 * taken away.
 *
 * Example, f = 1: the column 1, 2, 6, 100 → (2 + 6) / 2 = 4.
 */
export const trimmedMean: Rule<'trimmed-mean'> = {
  name: 'trimmed-mean',
  summary: 'per coordinate, the mean without the f lowest and f highest values',
  options: {},
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  equivariant: true,
  masks: 'among those who speak',
  weighted: 'in proportion',
  kappa: (n, f) => ((6 * f) / (n - 2 * f)) * (1 + f / (n - 2 * f)),
  aggregate: (updates, tolerated) => updates.trimmedMean(tolerated),
  reference: (vectors, tolerated, _options, { weights }) => trimmedMeanReference(vectors, tolerated, weights),
}

/** Per coordinate the mean of the values of rank `trim` to n − trim − 1, or without the weight `trim` at either end. */
export function trimmedMeanReference(vectors: Vectors, trim: number, weights?: readonly number[]): Float64Array {
  if (weights) return columnwise(vectors, (values) => weightedTrimmedMean(values, weights, trim))
  return columnwise(vectors, (values) => meanOfRanks(ascending(values), trim, values.length - trim - 1))
}

function weightedTrimmedMean(values: readonly number[], weights: readonly number[], trim: number): number {
  const weigh = (counts: (value: number) => boolean): number =>
    values.reduce((sum, value, i) => sum + (counts(value) ? weights[i]! : 0), 0)
  const sorted = ascending(values)
  const upTo = (border: number): number => weigh((value) => value <= border)
  const total = totalOf(weights)
  const low = sorted.find((value) => upTo(value) > trim)!
  const high = sorted.find((value) => upTo(value) >= total - trim)!
  const kept = total - 2 * trim
  if (kept <= 2) return (low + high) / 2 + 0
  let sum = 0
  for (const [i, value] of values.entries()) sum += weights[i]! * Math.min(Math.max(value, low), high)
  const mean = (sum - trim * (low + high)) / kept
  return Math.min(Math.max(mean, low), high) + 0
}

export function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b)
}

/** The mean of the values of rank `first` to `last`. */
export function meanOfRanks(sorted: readonly number[], first: number, last: number): number {
  let sum = 0
  for (const value of sorted.slice(first, last + 1)) sum += value
  return sum / (last - first + 1)
}
