import { centredGram } from '../geometry/geometry.ts'
import { innerProduct, weightedSum } from '../geometry/plain-vectors.ts'
import { topDirectionReference } from '../geometry/reference-direction.ts'
import { topEigenpair } from '../geometry/top-eigenpair.ts'
import type { Rule } from '../rule/rule.ts'

/** Of rows that are equally far out, rounding must not leave one that then sets the scale for the others. */
const leastWeight = 1e-9

/**
 * Covariance-bound agnostic filter: weights c = 1; while Σ c > n−2f, take the weighted mean μ_c and the greatest
 * eigenvalue λ of the weighted covariance with its direction v, and scale every weight by 1 − τ_i / max τ, where
 * τ_i = ((x_i − μ_c)·v)². The result is the μ_c of least λ that was seen; with f = 0 it is the mean (Allouah, Guerraoui,
 * Stephan: Towards Trustworthy Federated Learning with Untrusted Participants, ICML 2025).
 *
 * Requires n > 2f. Cost O(n² d + n³ k): at most n steps, since each takes out a row, of O(n² k) for an eigenvector that is
 * found in k ≤ min(n, 300) products with it. No κ is claimed here;
 * the paper bounds the error by the greatest eigenvalue of the honest covariance, without knowing it.
 *
 * Arithmetic: max τ is over the rows that still count, and a weight of 1e-9 or less is 0. From inner products, in float64; the mean in float64 in the order of the rows, rounded once.
 *
 * Example, f = 1: 0, 1, 11: μ = 4, τ = 16, 9, 49 → c = 33/49, 40/49, 0, and λ falls → 40/73 ≈ 0.548.
 */
export const caf: Rule<'caf'> = {
  name: 'caf',
  summary: 'weighted mean that filters the direction of greatest variance, time and again',
  options: {},
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  masks: 'absent rows are zero',
  aggregate(updates, tolerated) {
    const n = updates.count
    if (tolerated === 0) return updates.mean()
    const { gram, points } = updates.geometry()
    const weights = filter(n, tolerated, (c) => directionOf(gram(), points, c))
    return updates.weightedSum(weights, sumOf(weights))
  },
  reference(vectors, tolerated) {
    const n = vectors.length
    const mean = (c: Float64Array) => weightedSum(vectors, c, sumOf(c))
    if (tolerated === 0) return mean(new Float64Array(n).fill(1))
    let c: Float64Array = new Float64Array(n).fill(1)
    let best = { value: Number.POSITIVE_INFINITY, mean: mean(c) }
    while (sumOf(c) > n - 2 * tolerated) {
      const centre = mean(c)
      const { value, direction } = topDirectionReference(vectors, centre, c)
      if (value < best.value) best = { value, mean: centre }
      const tau = vectors.map((vector) => {
        const along = innerProduct(
          vector.map((x, column) => x - centre[column]!),
          direction,
        )
        return along * along
      })
      const most = Math.max(...tau.filter((_, i) => c[i]! > 0))
      if (!(most > 0)) break
      c = c.map((weight, i) => scaled(weight, 1 - tau[i]! / most))
    }
    return best.mean
  },
}

/** λ, and (x_i − μ_c)·v up to a factor, of the rows that still count. O(m²) for m of those, times the steps to v. */
function directionOf(gram: Float64Array, points: number, c: Float64Array): { value: number; along: Float64Array } {
  const left = [...c.keys()].filter((i) => c[i]! > 0)
  const m = left.length
  const own = new Float64Array(m * m)
  for (const [a, i] of left.entries()) for (let b = 0; b < m; b++) own[a * m + b] = gram[i * points + left[b]!]!
  const weights = Float64Array.from(left, (i) => c[i]!)
  const centred = centredGram(own, m, m, weights)
  const roots = weights.map(Math.sqrt)
  const total = sumOf(weights)
  const matrix = new Float64Array(m * m)
  for (let a = 0; a < m; a++) {
    const scale = roots[a]! / total
    for (let b = 0; b < m; b++) matrix[a * m + b] = centred[a * m + b]! * roots[b]! * scale
  }
  const { value, vector } = topEigenpair(matrix, m)
  // v = Σ_b √c_b u_b (x_b − μ).
  const along = new Float64Array(c.length)
  for (const [a, i] of left.entries()) {
    let sum = 0
    for (let b = 0; b < m; b++) sum += centred[a * m + b]! * roots[b]! * vector[b]!
    along[i] = sum
  }
  return { value, along }
}

/** The weights of least λ; `look` gives λ and (x_i − μ_c)·v up to a factor, 0 for rows that do not count any more. */
function filter(
  n: number,
  tolerated: number,
  look: (c: Float64Array) => { value: number; along: Float64Array },
): Float64Array {
  let c: Float64Array = new Float64Array(n).fill(1)
  let best = { value: Number.POSITIVE_INFINITY, c }
  while (sumOf(c) > n - 2 * tolerated) {
    const { value, along } = look(c)
    if (value < best.value) best = { value, c }
    let most = 0
    for (const each of along) most = Math.max(most, Math.abs(each))
    if (most === 0) break
    c = c.map((weight, i) => {
      const share = along[i]! / most
      return scaled(weight, 1 - share * share)
    })
  }
  return best.c
}

function scaled(weight: number, factor: number): number {
  const product = weight * factor
  return product > leastWeight ? product : 0
}

function sumOf(weights: Float64Array): number {
  let sum = 0
  for (const weight of weights) sum += weight
  return sum
}
