import { squaredDistancesTo } from '../geometry/geometry.ts'
import { norm } from '../geometry/plain-vectors.ts'
import { totalOf } from '../geometry/weights.ts'
import { numberOf } from '../rule/option.ts'
import type { Rule } from '../rule/rule.ts'

/**
 * Centred clipping: v ← v + (1/n) Σ (x_i − v) · min(1, τ/‖x_i − v‖), L times, where v starts from the previous output, `previous`
 * of the context, or from zero when there is none (Karimireddy, He, Jaggi: Learning from History for Byzantine Robust
 * Optimization, ICML 2021).
 *
 * Options: `radius` τ, `iterations` L.
 *
 * Weighted: v ← v + Σ w_i (x_i − v) · min(1, τ/‖x_i − v‖) / W, so that a liar of weight w moves the result by w τ/W.
 *
 * Requires n > 2f; f itself does not enter. Cost O(nd) for L = 1, otherwise O(n² d + L n²). Not (f, κ)-robust
 * for any κ: each liar moves the result by τ/n, however small the honest variance, and without liars too it falls short of a
 * mean that is farther than τ from where it starts. Its guarantee is over rounds, with momentum (`learning.workerMomentum`).
 * Peers that agree exactly start from what the last round added to the model; averaging, and updates of rows, from zero.
 *
 * Arithmetic: distances and weights in float64; the weighted sum in float64 in the order of the rows, v last, rounded once.
 *
 * Example, τ = 2, previous 0: 1, 10, -1 → (1 + 2 − 1) / 3 = 2/3.
 */
export const centeredClipping: Rule<'centered-clipping'> = {
  name: 'centered-clipping',
  summary: 'the previous output, moved by the mean of clipped differences from it',
  options: {
    radius: { kind: 'number', summary: 'τ: the most that an update counts for', above: 0, default: 100 },
    iterations: { kind: 'integer', summary: 'L', least: 1, most: 10_000, default: 1 },
  },
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  masks: 'absent rows are zero',
  weighted: 'in proportion',
  kappa: () => Number.POSITIVE_INFINITY,
  context: 'previous',
  aggregate(updates, _tolerated, options) {
    const { count: n, weights: votes } = updates
    const [radius, iterations] = [numberOf(options, 'radius'), numberOf(options, 'iterations')]
    let weights = move(new Float64Array(n), updates.squaredDistancesFrom('extra').map(Math.sqrt), radius, votes)
    for (let times = 1; times < iterations; times++) {
      const { gram, points, extra } = updates.geometry()
      const c = new Float64Array(points)
      c.set(weights)
      c[extra!] = remainder(weights)
      weights = move(weights, squaredDistancesTo(gram(), points, c).subarray(0, n).map(Math.sqrt), radius, votes)
    }
    return updates.weightedSum(weights, 1, remainder(weights))
  },
  reference(vectors, _tolerated, options, { previous, weights }) {
    const total = weights ? totalOf(weights) : vectors.length
    let v = vectors[0]!.map((_, column) => previous?.[column] ?? 0)
    for (let times = 0; times < numberOf(options, 'iterations'); times++) {
      const sum = new Float64Array(v.length)
      for (const [i, vector] of vectors.entries()) {
        const difference = vector.map((x, column) => x - v[column]!)
        const factor = Math.min(1, numberOf(options, 'radius') / norm(difference)) * (weights?.[i] ?? 1)
        for (const [column, value] of difference.entries()) sum[column] = sum[column]! + value * factor
      }
      v = v.map((value, column) => value + sum[column]! / total)
    }
    return v
  },
}

/** The weights of the updates in v after one step, v being their combination plus the rest of the previous output. */
function move(
  weights: Float64Array,
  distances: Float64Array,
  radius: number,
  votes: readonly number[] | undefined,
): Float64Array {
  const total = votes ? totalOf(votes) : weights.length
  const steps = distances.map((far, i) => ((far > radius ? radius / far : 1) * (votes?.[i] ?? 1)) / total)
  const kept = remainder(steps)
  return weights.map((weight, i) => weight * kept + steps[i]!)
}

/** What the weights lack to 1. */
function remainder(weights: Float64Array): number {
  let sum = 0
  for (const weight of weights) sum += weight
  return 1 - sum
}
