import type { ChoiceOption, Options } from '@hearsay/catalogue'
import { allSquaredDistances, indicesBy } from '../geometry/plain-vectors.ts'
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
 * Requires n ≥ 2f+3; with `n-f-1` n > 2f. Cost O(n² d). (f, κ)-robust with κ = 6 (n−f)/(n−2f) for `n-f-1` (Allouah et
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
  masks: 'absent rows are zero',
  kappa: (n, f, options) => (6 * (n - f)) / (options.neighbours === 'n-f-1' ? n - 2 * f : n - 2 * f - 1),
  aggregate(updates, tolerated, options) {
    const n = updates.count
    const scores = krumScores(updates.squaredDistances(), n, neighbours(n, tolerated, options))
    return updates.one(indicesBy(scores)[0]!)
  },
  reference: (vectors, tolerated, options) => vectors[krumOrderReference(vectors, tolerated, options)[0]!]!,
}

export function krumRequirement(n: number, f: number, options: Options): boolean {
  return options.neighbours === 'n-f-1' ? n > 2 * f : n >= 2 * f + 3
}

export function neighbours(n: number, tolerated: number, options: Options): number {
  return n - tolerated - (options.neighbours === 'n-f-1' ? 1 : 2)
}

/** Of each row the sum of its `count` least distances to others; `distances` is n × n, row-major. */
export function krumScores(distances: Float64Array, n: number, count: number): Float64Array {
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
export function krumOrderReference(vectors: readonly Float64Array[], tolerated: number, options: Options): number[] {
  const n = vectors.length
  const distances = allSquaredDistances(vectors)
  const scores = vectors.map((_, i) =>
    [...distances.slice(i * n, i * n + n)]
      .filter((_, j) => j !== i)
      .sort((a, b) => a - b)
      .slice(0, n - tolerated - (options.neighbours === 'n-f-1' ? 1 : 2))
      .reduce((sum, distance) => sum + distance, 0),
  )
  return indicesBy(scores)
}
