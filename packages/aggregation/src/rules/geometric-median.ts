import { squaredDistancesTo } from '../geometry.ts'
import { numberOf } from '../option.ts'
import { norm } from '../plain-vectors.ts'
import type { Rule } from '../rule.ts'

/**
 * Geometric median: the point with the least sum of distances to the rows, by the smoothed algorithm of Weiszfeld:
 * z ← Σ w_i x_i / Σ w_i with w_i = 1 / max(ν, ‖x_i − z‖) (Chen, Su, Xu: Distributed Statistical Machine Learning in
 * Adversarial Settings, 2017; Pillutla, Kakade, Harchaoui: Robust Aggregation for Federated Learning, 2022).
 *
 * Options: `start` from the `mean` or from `zero`; `smoothing` ν; `tolerance`, the step at which it ends, relative to the
 * median distance from z; `iterations` at most. ByzFL is start zero, smoothing 0.1, tolerance 0, iterations 3. When z meets
 * rows exactly and ν = 0, their mean is the result.
 *
 * Requires n > 2f; f itself does not enter. Cost O(n² d + iterations · n²): z is a combination of the rows,
 * and its distances to them follow from theirs. (f, κ)-robust with κ = 4 (1 + f/(n−2f))² (Allouah et al.: Fixing by Mixing,
 * AISTATS 2023), up to smoothing and tolerance.
 *
 * Arithmetic: weights in float64; the weighted sum in float64 in the order of the rows, rounded once to float32.
 *
 * Example, f = 1, as ByzFL: (1,2,3), (4,5,6), (7,8,9) → (3.78788764, 4.78788764, 5.78788764).
 */
export const geometricMedian: Rule = {
  name: 'geometric-median',
  summary: 'the point with the least sum of distances to the updates',
  options: {
    start: { kind: 'choice', summary: 'the first z', values: ['mean', 'zero'], default: 'mean' },
    smoothing: { kind: 'number', summary: 'ν: distances below it count as it', least: 0, default: 0 },
    tolerance: {
      kind: 'number',
      summary: 'the step, relative to the median distance, at which iteration ends',
      least: 0,
      default: 1e-7,
    },
    iterations: { kind: 'integer', summary: 'at most', least: 1, most: 100_000, default: 1000 },
  },
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  kappa: (n, f) => 4 * (1 + f / (n - 2 * f)) * (1 + f / (n - 2 * f)),
  origin: (options) => options.start === 'zero',
  aggregate(updates, _tolerated, options) {
    const n = updates.count
    const { gram, points, origin } = updates.geometry()
    const g = gram()
    let c = new Float64Array(points)
    if (options.start === 'zero') c[origin!] = 1
    else c.fill(1 / n, 0, n)
    for (let times = 0; times < numberOf(options, 'iterations'); times++) {
      const distances = squaredDistancesTo(g, points, c).subarray(0, n).map(Math.sqrt)
      const weights = reweigh(distances, numberOf(options, 'smoothing'))
      const next = new Float64Array(points)
      next.set(weights)
      // ‖z′ − z‖² = eᵀ G e for the difference e of the weights.
      const step = next.map((weight, i) => weight - c[i]!)
      c = next
      let moved = 0
      for (let i = 0; i < points; i++) {
        if (step[i] === 0) continue
        for (let j = 0; j < points; j++) moved += step[i]! * step[j]! * g[i * points + j]!
      }
      const scale = distances.toSorted()[Math.floor(n / 2)]!
      if (Math.sqrt(Math.max(0, moved)) <= numberOf(options, 'tolerance') * scale) break
    }
    return updates.weightedSum(c.subarray(0, n))
  },
  reference(vectors, _tolerated, options) {
    const n = vectors.length
    const combine = (weights: Float64Array) =>
      vectors[0]!.map((_, column) => vectors.reduce((sum, vector, i) => sum + weights[i]! * vector[column]!, 0))
    let z = options.start === 'zero' ? vectors[0]!.map(() => 0) : combine(new Float64Array(n).fill(1 / n))
    for (let times = 0; times < numberOf(options, 'iterations'); times++) {
      const distances = Float64Array.from(vectors, (vector) => norm(vector.map((x, column) => x - z[column]!)))
      const next = combine(reweigh(distances, numberOf(options, 'smoothing')))
      const moved = norm(next.map((x, column) => x - z[column]!))
      z = next
      if (moved <= numberOf(options, 'tolerance') * distances.toSorted()[Math.floor(n / 2)]!) break
    }
    return z
  },
}

/** Weights of sum 1, inverse to the distances; rows at distance 0 share them all. */
function reweigh(distances: Float64Array, smoothing: number): Float64Array {
  const smoothed = distances.map((distance) => Math.max(smoothing, distance))
  const met = smoothed.some((distance) => distance === 0)
  const weights = smoothed.map((distance) => (met ? Number(distance === 0) : 1 / distance))
  let sum = 0
  for (const weight of weights) sum += weight
  return weights.map((weight) => weight / sum)
}
