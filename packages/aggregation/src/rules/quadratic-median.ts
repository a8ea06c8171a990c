import type { NumberOption } from '@hearsay/catalogue'
import { columnwise } from '../geometry/plain-vectors.ts'
import { totalOf } from '../geometry/weights.ts'
import { numberOf } from '../rule/option.ts'
import type { Rule } from '../rule/rule.ts'
import { ascending } from './trimmed-mean.ts'

/** How far one voter moves a coordinate. */
export const resilienceOption: NumberOption = {
  kind: 'number',
  summary: 'L: how far an update of weight 1 moves a number, at most',
  above: 0,
  most: 1e30,
  default: 1,
}

/**
 * Quadratically regularised median (QrMed of Solidago, Tournesol): per coordinate the m with the least
 * m²/(2L) + Σ w_i |x_i − m|, so that m/L is the weight above m less the weight below it. Zero pulls it back, as a prior that
 * says that nothing is to change: it stays at 0 where nobody speaks, and each voice can draw it away by so much and no more.
 *
 * Option `resilience` L, in the unit of the updates: the less, the less a voice moves. L = 0.1 moves 1, 2, 6, 9, 50 to 0.5, L = 1
 * to 2, and any L from 6 on to 6, the median.
 *
 * Weighted as it stands, w_i = 1 without weights. One more update of weight w, wherever, moves m by at most L w: at the m of
 * before the forces differ by w, and m/L alone takes that up within L w. So does one less, and f liars of weight F move what
 * the honest alone would give by no more than L F, whatever n is.
 *
 * Requires n ≥ 1; f does not enter. Cost O(d n log² n). No κ is claimed here: m is drawn to 0, not to the mean.
 *
 * Arithmetic: m = max(−L W, min(x, L (W − 2 B))) in float64 with the first x in ascending order that is no less than L (W − 2 C), or
 * the last, where B is the weight below x and C that up to x; rounded once to float32. Any order of the rows gives the
 * same bits. -0 is +0.
 *
 * Example, L = 1: -10, 5, 10 → 1, where two pull up and one down.
 */
export const quadraticMedian: Rule<'quadratic-median'> = {
  name: 'quadratic-median',
  summary: 'per coordinate, the median with a pull to zero, so that no update moves it by more than L',
  options: { resilience: resilienceOption },
  requirement: (n) => n >= 1,
  requirementText: 'n ≥ 1',
  masks: 'among those who speak',
  weighted: 'in full',
  aggregate: (updates, _tolerated, options) =>
    updates.quadraticMedian({ resilience: numberOf(options, 'resilience'), clipped: false }),
  reference: (vectors, _tolerated, options, { weights = vectors.map(() => 1) }) =>
    columnwise(vectors, (values) => quadraticMedianOf(values, weights, numberOf(options, 'resilience'))),
}

export function quadraticMedianOf(values: readonly number[], weights: readonly number[], pull: number): number {
  const weigh = (counts: (value: number) => boolean): number =>
    values.reduce((sum, value, i) => sum + (counts(value) ? weights[i]! : 0), 0)
  const total = totalOf(weights)
  const reach = (weight: number): number => pull * (total - weight - weight)
  const sorted = ascending(values)
  const x = sorted.find((value) => value >= reach(weigh((other) => other <= value))) ?? sorted.at(-1)!
  return Math.max(-pull * total, Math.min(x, reach(weigh((other) => other < x)))) + 0
}
