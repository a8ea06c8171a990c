import type { Rule, RuleOptions } from '../rule.ts'

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
 * Arithmetic: distances in float64, the sum over the even columns in ascending order plus that over the odd ones, so
 * that huge rows cannot overflow into hiding the distances of the others; scores sum distances in ascending order.
 *
 * Example, f = 1, `n-f-1`: 0, 1, 10 has one neighbour each and scores 1, 1, 81 → 0.
 */
export const krum: Rule = {
  name: 'krum',
  summary: 'the update nearest to its n−f−2 nearest others',
  options: { neighbours: ['n-f-2', 'n-f-1'] },
  requirement: (n, f, options) => (options.neighbours === 'n-f-1' ? n > 2 * f : n >= 2 * f + 3),
  requirementText: 'n ≥ 2f+3 (n > 2f with neighbours n-f-1)',
  kappa: (n, f, options) => (6 * (n - f)) / (options.neighbours === 'n-f-1' ? n - 2 * f : n - 2 * f - 1),
  aggregate(workspace, rows, tolerated, options) {
    const n = rows.length
    const distances = workspace.squaredDistances(rows)
    if (!distances) return undefined
    const chosen = rows[leastScore(distances, n, neighbours(n, tolerated, options))]!
    // A lone row has no distances, which would have shown a number that is not finite.
    return n > 1 || workspace.isFinite(chosen) ? workspace.vector(chosen).slice() : undefined
  },
  reference(vectors, tolerated, options) {
    const n = vectors.length
    const distances = vectors.flatMap((a) => vectors.map((b) => squaredDistance(a, b)))
    return Float32Array.from(vectors[leastScore(distances, n, neighbours(n, tolerated, options))]!)
  },
}

function neighbours(n: number, tolerated: number, options: RuleOptions): number {
  return n - tolerated - (options.neighbours === 'n-f-1' ? 1 : 2)
}

/** The first row with the least sum of its `count` least distances to others; `distances` is n × n, row-major. */
function leastScore(distances: ArrayLike<number>, n: number, count: number): number {
  let least = Number.POSITIVE_INFINITY
  let chosen = 0
  for (let i = 0; i < n; i++) {
    const toOthers = new Float64Array(n - 1)
    for (let j = 0, k = 0; j < n; j++) if (j !== i) toOthers[k++] = distances[i * n + j]!
    let score = 0
    for (const distance of toOthers.sort().subarray(0, count)) score += distance
    if (score < least) {
      least = score
      chosen = i
    }
  }
  return chosen
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  const sums: [number, number] = [0, 0]
  for (const [column, value] of a.entries()) {
    const difference = value - b[column]!
    sums[column % 2 === 0 ? 0 : 1] += difference * difference
  }
  return sums[0] + sums[1]
}
