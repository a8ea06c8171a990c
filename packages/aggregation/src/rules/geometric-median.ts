import type { Options } from '@hearsay/catalogue'
import { centralRow, squaredDistancesTo } from '../geometry/geometry.ts'
import { allSquaredDistances, indicesBy, norm } from '../geometry/plain-vectors.ts'
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
  kappa: (n, f) => 4 * (1 + f / (n - 2 * f)) * (1 + f / (n - 2 * f)),
  origin: (options) => options.start === 'zero',
  aggregate(updates, _tolerated, options) {
    const n = updates.count
    const { gram, points, squared, origin } = updates.geometry()
    const g = gram()
    const c = new Float64Array(points)
    if (options.start === 'zero') c[origin!] = 1
    else c.set(firstWeights(squared, points, n, options.start))
    for (let times = 0; times < numberOf(options, 'iterations'); times++) {
      const distances = squaredDistancesTo(g, points, c).subarray(0, n).map(Math.sqrt)
      const weights = new Float64Array(points)
      const { ended, share } = weigh(distances, weights, options, () => {
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
  reference(vectors, _tolerated, options) {
    const n = vectors.length
    const combine = (weights: Float64Array) =>
      vectors[0]!.map((_, column) => vectors.reduce((sum, vector, i) => sum + weights[i]! * vector[column]!, 0))
    const apart = (a: Float64Array, b: Float64Array) => norm(a.map((x, column) => x - b[column]!))
    let z =
      options.start === 'zero'
        ? vectors[0]!.map(() => 0)
        : combine(firstWeights(allSquaredDistances(vectors), n, n, options.start))
    for (let times = 0; times < numberOf(options, 'iterations'); times++) {
      const distances = Float64Array.from(vectors, (vector) => apart(vector, z))
      const weights = new Float64Array(n)
      const { ended, share } = weigh(distances, weights, options, () => apart(combine(weights), z))
      const next = combine(weights)
      z = share === 1 ? next : z.map((x, column) => x + share * (next[column]! - x))
      if (ended) break
    }
    return z
  },
}

/** Of the mean of all rows, or of the half of them in the middle. */
function firstWeights(squared: Float64Array, points: number, n: number, start: unknown): Float64Array {
  if (start === 'mean') return new Float64Array(n).fill(1 / n)
  const { row } = centralRow(squared, points, n)
  const half = indicesBy(squared.subarray(row * points, row * points + n)).slice(0, Math.floor(n / 2) + 1)
  const weights = new Float64Array(n)
  for (const i of half) weights[i] = 1 / half.length
  return weights
}

/**
 * Fills in the weights, of sum 1, of the point to which z is to move, a share of the way, and tells whether that is all.
 * `step` is the way from z to the point of these weights.
 */
function weigh(
  distances: Float64Array,
  weights: Float64Array,
  options: Options,
  step: () => number,
): { ended: boolean; share: number } {
  const n = distances.length
  const [smoothing, tolerance] = [numberOf(options, 'smoothing'), numberOf(options, 'tolerance')]
  const smoothed = distances.map((distance) => Math.max(smoothing, distance))
  const near = tolerance * distances.toSorted()[Math.floor(n / 2)]!
  let [met, sum] = [0, 0]
  for (const distance of smoothed) {
    if (distance <= near) met++
    else sum += 1 / distance
  }
  for (const [i, distance] of smoothed.entries()) weights[i] = distance <= near ? 0 : 1 / distance / sum
  const pull = sum === 0 ? 0 : sum * step()
  if (met > 0 && pull <= met) {
    for (const [i, distance] of smoothed.entries()) weights[i] = Number(distance <= near) / met
    return { ended: true, share: 1 }
  }
  return { ended: pull - met <= tolerance * n, share: met > 0 ? 1 - met / pull : 1 }
}
