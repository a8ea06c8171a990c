import type { ChoiceOption, Options } from '@hearsay/catalogue'
import { allSquaredDistances, indicesBy } from '../geometry/plain-vectors.ts'
import type { Updates } from '../geometry/updates.ts'
import { filled, totalOf } from '../geometry/weights.ts'
import type { Rule } from '../rule/rule.ts'

/** Whose distances count in a score. */
export const neighboursOption: ChoiceOption = {
  kind: 'choice',
  summary: 'how many distances a score adds up: n−f−2 as in the paper, n−f−1 as in ByzFL',
  values: ['n-f-2', 'n-f-1'],
  default: 'n-f-2',
}

/**
 * Krum: the row with the least score, where score(i) = Σ of the k least squared distances from x_i to other rows, and
 * k = n−f−2 (Blanchard, El Mhamdi, Guerraoui, Stainer: Machine Learning with Adversaries, NeurIPS 2017). Of equal
 * scores the earliest row wins. The output is one of the rows, bit by bit.
 *
 * Option `neighbours`: `n-f-2` as in the paper, or `n-f-1` as in ByzFL and in Fixing by Mixing.
 *
 * Weighted: Σ w_j d²_ij over the nearest others of weight W−F−2w_i, or W−F−w_i with `n-f-1`, the last of them in part. A row
 * that outweighs the rest by itself has the score 0 then: it is no liar, if liars weigh F at most.
 *
 * Requires n ≥ 2f+3, in weight W > 2F + 2 max w; with `n-f-1` n > 2f. Cost O(n² d). (f, κ)-robust with κ = 6 (n−f)/(n−2f) for `n-f-1` (Allouah et
 * al.: Fixing by Mixing, AISTATS 2023), and by the same argument, with one neighbour less, with
 * κ = 6 (n−f)/(n−2f−1) for `n-f-2`.
 *
 * Arithmetic: distances as `Workspace.squaredDistances` says, so that huge rows cannot overflow into hiding the distances
 * of the others; scores sum distances in float64 in ascending order.
 *
 * Example, f = 1, `n-f-1`: 0, 1, 10 has one neighbour each and scores 1, 1, 81 → 0.
 */
export const krum: Rule<'krum'> = {
  name: 'krum',
  summary: 'the update nearest to its n−f−2 nearest others',
  options: { neighbours: neighboursOption },
  requirement: krumRequirement,
  requirementText: 'n ≥ 2f+3 (n > 2f with neighbours n-f-1)',
  weighted: 'in proportion',
  masks: 'absent rows are zero',
  kappa: (n, f, options) => (6 * (n - f)) / (options.neighbours === 'n-f-1' ? n - 2 * f : n - 2 * f - 1),
  aggregate(updates, tolerated, options) {
    return updates.one(indicesBy(scoresOf(updates, tolerated, options))[0]!)
  },
  reference: (vectors, tolerated, options, { weights }) =>
    vectors[krumOrderReference(vectors, tolerated, options, weights)[0]!]!,
}

/** Whether the others leave a majority of honest weight in a score, also in that of the heaviest. */
export function krumRequirement(n: number, f: number, options: Options, heaviest = 1): boolean {
  return options.neighbours === 'n-f-1' ? n > 2 * f : n > 2 * f + 2 * heaviest
}

function neighbours(n: number, tolerated: number, options: Options, weight = 1): number {
  return n - tolerated - (options.neighbours === 'n-f-1' ? 1 : 2) * weight
}

/** The score of each update. */
export function scoresOf(updates: Updates, tolerated: number, options: Options): Float64Array {
  const { count: n, weights, total } = updates
  const distances = updates.squaredDistances()
  if (weights) return weightedScores(distances, weights, (weight) => neighbours(total, tolerated, options, weight))
  return krumScores(distances, n, neighbours(n, tolerated, options))
}

/** Of each row Σ w_j d²_ij over the nearest others of so much weight, the last in part; `room` may be below 0. */
function weightedScores(
  distances: Float64Array,
  weights: readonly number[],
  room: (weight: number) => number,
): Float64Array {
  const n = weights.length
  return Float64Array.from(weights, (weight, i) => {
    const own = distances.subarray(i * n, i * n + n)
    const order = indicesBy(own).filter((j) => j !== i)
    const taken = filled(order, weights, Math.max(0, room(weight)))
    return order.reduce((score, j) => score + taken[j]! * own[j]!, 0)
  })
}

/** Of each row the sum of its `count` least distances to others; `distances` is n × n, row-major. */
function krumScores(distances: Float64Array, n: number, count: number): Float64Array {
  const toOthers = new Float64Array(n - 1)
  return Float64Array.from({ length: n }, (_, i) => {
    for (let j = 0, k = 0; j < n; j++) if (j !== i) toOthers[k++] = distances[i * n + j]!
    toOthers.sort()
    let score = 0
    for (let k = 0; k < count; k++) score += toOthers[k]!
    return score
  })
}

/** All rows by their scores, as the paper has it. */
export function krumOrderReference(
  vectors: readonly Float64Array[],
  tolerated: number,
  options: Options,
  weights?: readonly number[],
): number[] {
  const n = vectors.length
  const distances = allSquaredDistances(vectors)
  if (weights) {
    const total = totalOf(weights)
    return indicesBy(weightedScores(distances, weights, (weight) => neighbours(total, tolerated, options, weight)))
  }
  const scores = vectors.map((_, i) =>
    [...distances.slice(i * n, i * n + n)]
      .filter((_, j) => j !== i)
      .sort((a, b) => a - b)
      .slice(0, n - tolerated - (options.neighbours === 'n-f-1' ? 1 : 2))
      .reduce((sum, distance) => sum + distance, 0),
  )
  return indicesBy(scores)
}
