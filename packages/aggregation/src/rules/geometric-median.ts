import type { Options } from '@hearsay/catalogue'
import { centralRow, type Middle, squaredDistancesTo } from '../geometry/geometry.ts'
import { allSquaredDistances, indicesBy, norm } from '../geometry/plain-vectors.ts'
import { totalOf, upperMedian } from '../geometry/weights.ts'
import { numberOf } from '../rule/option.ts'
import type { Rule } from '../rule/rule.ts'

/**
 * Geometric median: the point with the least sum of distances to the rows, by the smoothed algorithm of Weiszfeld:
 * z ← Σ w_i x_i / Σ w_i with w_i = 1 / max(ν, ‖x_i − z‖) (Chen, Su, Xu: Distributed Statistical Machine Learning in
 * Adversarial Settings, 2017; Pillutla, Kakade, Harchaoui: Robust Aggregation for Federated Learning, 2022). Where z meets
 * rows, as liars can make it, it is the median if the pull of all others, a unit vector each, is no more than the number of
 * rows met, and else is moved on by what the pull is more (Vardi, Zhang: The multivariate L1-median and associated data
 * depth, 2000).
 *
 * Options: `start` from the `middle`, the mean of ⌊n/2⌋+1 rows, those nearest to the row that has so many nearest, from
 * the `mean` or from `zero`; `smoothing` ν; `tolerance`, the step at which it ends, relative to the harmonic mean of the
 * distances from z; `iterations` at most. Rows nearer than the tolerance times the median distance are met. ByzFL is start
 * zero, smoothing 0.1, tolerance 0, iterations 3. Liars can put the mean anywhere, and from there each step leaves
 * f/(n−f) of the way: some hundred f steps from where float32 ends, when n is 2f+1.
 *
 * Weighted: the point with the least Σ w_i ‖x_i − z‖; rows met count by weight, and ⌊n/2⌋+1 rows are more than half of it.
 *
 * Requires n > 2f; f itself does not enter. Cost O(n² d + iterations · n²): z is a combination of the rows,
 * and its distances to them follow from theirs. (f, κ)-robust with κ = 4 (1 + f/(n−2f))² (Allouah et al.: Fixing by Mixing,
 * AISTATS 2023), up to smoothing and tolerance, when there are iterations enough.
 *
 * Arithmetic: weights in float64; the weighted sum in float64 in the order of the rows, rounded once to float32.
 *
 * Example, f = 1, as ByzFL: (1,2,3), (4,5,6), (7,8,9) → (3.78788764, 4.78788764, 5.78788764).
 */
export const geometricMedian: Rule<'geometric-median'> = {
  name: 'geometric-median',
  summary: 'the point with the least sum of distances to the updates',
  options: {
    start: { kind: 'choice', summary: 'the first z', values: ['middle', 'mean', 'zero'], default: 'middle' },
    smoothing: { kind: 'number', summary: 'ν: distances below it count as it', least: 0, default: 0 },
    tolerance: {
      kind: 'number',
      summary: 'the step, relative to the harmonic mean of the distances, at which iteration ends',
      least: 0,
      default: 1e-7,
    },
    iterations: { kind: 'integer', summary: 'at most', least: 1, most: 100_000, default: 1000 },
  },
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  masks: 'absent rows are zero',
  weighted: 'in proportion',
  kappa: (n, f) => 4 * (1 + f / (n - 2 * f)) * (1 + f / (n - 2 * f)),
  origin: (options) => options.start === 'zero',
  aggregate(updates, _tolerated, options) {
    const { count: n, weights: votes } = updates
    const { gram, points, squared, origin } = updates.geometry()
    const g = gram()
    const c = new Float64Array(points)
    if (options.start === 'zero') c[origin!] = 1
    else c.set(firstWeights({ squared, points, count: n, weights: votes }, options.start))
    for (let times = 0; times < numberOf(options, 'iterations'); times++) {
      const distances = squaredDistancesTo(g, points, c).subarray(0, n).map(Math.sqrt)
      const weights = new Float64Array(points)
      const { ended, share } = weigh({ distances, votes, options }, weights, () => {
        // ‖z′ − z‖² = eᵀ G e for the difference e of the weights.
        const step = weights.map((weight, i) => weight - c[i]!)
        let moved = 0
        for (let i = 0; i < points; i++) {
          if (step[i] === 0) continue
          for (let j = 0; j < points; j++) moved += step[i]! * step[j]! * g[i * points + j]!
        }
        return Math.sqrt(Math.max(0, moved))
      })
      for (let i = 0; i < points; i++) c[i] = share === 1 ? weights[i]! : c[i]! + share * (weights[i]! - c[i]!)
      if (ended) break
    }
    return updates.weightedSum(c.subarray(0, n))
  },
  reference(vectors, _tolerated, options, { weights: votes }) {
    const n = vectors.length
    const combine = (weights: Float64Array) =>
      vectors[0]!.map((_, column) => vectors.reduce((sum, vector, i) => sum + weights[i]! * vector[column]!, 0))
    const apart = (a: Float64Array, b: Float64Array) => norm(a.map((x, column) => x - b[column]!))
    let z =
      options.start === 'zero'
        ? vectors[0]!.map(() => 0)
        : combine(
            firstWeights({ squared: allSquaredDistances(vectors), points: n, count: n, weights: votes }, options.start),
          )
    for (let times = 0; times < numberOf(options, 'iterations'); times++) {
      const distances = Float64Array.from(vectors, (vector) => apart(vector, z))
      const weights = new Float64Array(n)
      const { ended, share } = weigh({ distances, votes, options }, weights, () => apart(combine(weights), z))
      const next = combine(weights)
      z = share === 1 ? next : z.map((x, column) => x + share * (next[column]! - x))
      if (ended) break
    }
    return z
  },
}

/** Of the mean of all rows, or of the half of them in the middle: by weight. */
function firstWeights(among: Middle, start: unknown): Float64Array {
  const { squared, points, count: n, weights: votes } = among
  if (start === 'mean')
    return shares(
      Array.from({ length: n }, (_, i) => i),
      n,
      votes,
    )
  const { row } = centralRow(among)
  const order = indicesBy(squared.subarray(row * points, row * points + n))
  if (!votes) return shares(order.slice(0, Math.floor(n / 2) + 1), n)
  const half = totalOf(votes) / 2
  let sum = 0
  return shares(
    order.slice(
      0,
      1 +
        order.findIndex((i) => {
          sum += votes[i]!
          return sum > half
        }),
    ),
    n,
    votes,
  )
}

/** Of sum 1 over some rows, in proportion to their votes. */
function shares(chosen: readonly number[], n: number, votes?: readonly number[]): Float64Array {
  const weights = new Float64Array(n)
  const total = votes ? chosen.reduce((sum, i) => sum + votes[i]!, 0) : chosen.length
  for (const i of chosen) weights[i] = (votes?.[i] ?? 1) / total
  return weights
}

/**
 * Fills in the weights, of sum 1, of the point to which z is to move, a share of the way, and tells whether that is all.
 * `step` is the way from z to the point of these weights.
 */
function weigh(
  from: { readonly distances: Float64Array; readonly votes: readonly number[] | undefined; readonly options: Options },
  weights: Float64Array,
  step: () => number,
): { ended: boolean; share: number } {
  const { distances, votes, options } = from
  const [smoothing, tolerance] = [numberOf(options, 'smoothing'), numberOf(options, 'tolerance')]
  const smoothed = distances.map((distance) => Math.max(smoothing, distance))
  const near = tolerance * upperMedian(distances.slice(), votes)
  let [met, sum] = [0, 0]
  for (const [i, distance] of smoothed.entries()) {
    if (distance <= near) met += votes?.[i] ?? 1
    else sum += (votes?.[i] ?? 1) / distance
  }
  for (const [i, distance] of smoothed.entries()) weights[i] = distance <= near ? 0 : (votes?.[i] ?? 1) / distance / sum
  const pull = sum === 0 ? 0 : sum * step()
  if (met > 0 && pull <= met) {
    for (const [i, distance] of smoothed.entries()) weights[i] = (Number(distance <= near) * (votes?.[i] ?? 1)) / met
    return { ended: true, share: 1 }
  }
  const total = votes ? totalOf(votes) : distances.length
  return { ended: pull - met <= tolerance * total, share: met > 0 ? 1 - met / pull : 1 }
}
