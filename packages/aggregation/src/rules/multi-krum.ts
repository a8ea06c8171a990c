import { indicesBy, meanOf, weightedSum } from '../geometry/plain-vectors.ts'
import { filled, totalOf } from '../geometry/weights.ts'
import type { Rule } from '../rule/rule.ts'
import { krumOrderReference, krumRequirement, neighboursOption, scoresOf } from './krum.ts'

/**
 * Multi-Krum: the mean of the m rows with the least Krum scores (Blanchard, El Mhamdi, Guerraoui, Stainer: Machine Learning
 * with Adversaries, NeurIPS 2017). Of equal scores the earliest rows win.
 *
 * Options: `neighbours` as `krum`; `chosen`, m: `n-f` as in most implementations, or `n-f-2`, for which the paper proves
 * its claim.
 *
 * Weighted: the mean by weight of the rows of least score as far as weight W−F goes, the last in part; with `n-f-2` as far as
 * W−F−2 max w.
 *
 * Requires n ≥ 2f+3, in weight as `krum`; with neighbours `n-f-1` n > 2f. Cost O(n² d). No κ is claimed here.
 *
 * Arithmetic: scores as `krum`; the mean in float64 in the order of the rows, rounded once to float32.
 *
 * Example, f = 1, `n-f-1`: 1, 4, 7 scores 9, 9, 9 → (1 + 4) / 2 = 2.5.
 */
export const multiKrum: Rule<'multi-krum'> = {
  name: 'multi-krum',
  summary: 'the mean of the n−f updates with the least Krum scores',
  options: {
    neighbours: neighboursOption,
    chosen: {
      kind: 'choice',
      summary: 'how many updates the mean is of',
      values: ['n-f', 'n-f-2'],
      default: 'n-f',
    },
  },
  requirement: (n, f, options, heaviest = 1) =>
    krumRequirement(n, f, options, heaviest) && (options.chosen === 'n-f' || n > f + 2 * heaviest),
  requirementText: 'n ≥ 2f+3 (n > 2f with neighbours n-f-1, and n ≥ f+3 with chosen n-f-2)',
  masks: 'absent rows are zero',
  weighted: 'in proportion',
  aggregate(updates, tolerated, options) {
    const { count: n, weights, total } = updates
    const order = indicesBy(scoresOf(updates, tolerated, options))
    if (!weights) return updates.mean(inOrder(order.slice(0, chosen(n, tolerated, options.chosen))))
    const room = chosen(total, tolerated, options.chosen, Math.max(...weights))
    return updates.weightedSum(filled(order, weights, room), room)
  },
  reference(vectors, tolerated, options, { weights }) {
    const order = krumOrderReference(vectors, tolerated, options, weights)
    if (!weights) {
      const best = order.slice(0, chosen(vectors.length, tolerated, options.chosen))
      return meanOf(inOrder(best).map((i) => vectors[i]!))
    }
    const room = chosen(totalOf(weights), tolerated, options.chosen, Math.max(...weights))
    return weightedSum(vectors, filled(order, weights, room), room)
  },
}

function chosen(n: number, tolerated: number, option: unknown, heaviest = 1): number {
  return n - tolerated - (option === 'n-f-2' ? 2 * heaviest : 0)
}

/** Means are summed in the order of the rows. */
export function inOrder(indices: readonly number[]): number[] {
  return indices.toSorted((a, b) => a - b)
}
