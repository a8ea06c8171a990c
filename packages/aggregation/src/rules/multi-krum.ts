import { indicesBy, meanOf } from '../geometry/plain-vectors.ts'
import type { Rule } from '../rule/rule.ts'
import { krumOrderReference, krumRequirement, krumScores, neighbours, neighboursOption } from './krum.ts'

/**
 * Multi-Krum: the mean of the m rows with the least Krum scores (Blanchard, El Mhamdi, Guerraoui, Stainer: Machine Learning
 * with Adversaries, NeurIPS 2017). Of equal scores the earliest rows win.
 *
 * Options: `neighbours` as `krum`; `chosen`, m: `n-f` as in most implementations, or `n-f-2`, for which the paper proves
 * its claim.
 *
 * Requires n ≥ 2f+3; with neighbours `n-f-1` n > 2f. Cost O(n² d). No κ is claimed here.
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
  requirement: (n, f, options) => krumRequirement(n, f, options) && (options.chosen === 'n-f' || n >= f + 3),
  requirementText: 'n ≥ 2f+3 (n > 2f with neighbours n-f-1, and n ≥ f+3 with chosen n-f-2)',
  masks: 'absent rows are zero',
  aggregate(updates, tolerated, options) {
    const n = updates.count
    const scores = krumScores(updates.squaredDistances(), n, neighbours(n, tolerated, options))
    return updates.mean(inOrder(indicesBy(scores).slice(0, chosen(n, tolerated, options.chosen))))
  },
  reference: (vectors, tolerated, options) =>
    meanOf(
      inOrder(
        krumOrderReference(vectors, tolerated, options).slice(0, chosen(vectors.length, tolerated, options.chosen)),
      ).map((i) => vectors[i]!),
    ),
}

function chosen(n: number, tolerated: number, option: unknown): number {
  return n - tolerated - (option === 'n-f-2' ? 2 : 0)
}

/** Means are summed in the order of the rows. */
export function inOrder(indices: readonly number[]): number[] {
  return indices.toSorted((a, b) => a - b)
}
