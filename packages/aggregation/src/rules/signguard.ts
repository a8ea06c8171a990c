import { norm, weightedSum } from '../geometry/plain-vectors.ts'
import { Random } from '../geometry/random.ts'
import { signCountsOf } from '../geometry/updates.ts'
import { numberOf, seedOption } from '../rule/option.ts'
import type { Rule } from '../rule/rule.ts'

const leastNorm = 0.1
const mostNorm = 3
const share = 0.1

/**
 * SignGuard: rows whose norm is from 0.1 to 3 times the median norm M, and whose shares of positive, zero and negative
 * numbers, in a random tenth of the coordinates, are in the largest cluster found by mean shift; of those the mean, each
 * clipped to the norm M (Xu, Huang, Song, Lan: Byzantine-robust Federated Learning through Collaborative Malicious Gradient
 * Filtering, ICDCS 2022). The tenth is a run of coordinates at a random place, as in the authors' code. A cluster is as large
 * as the number of its rows whose norm is accepted, so that some row always is.
 *
 * Option `seed`. The bandwidth of mean shift is the mean distance to the ⌈n/2⌉-th nearest, itself the first.
 *
 * Requires n > 2f; f itself does not enter. Cost O(nd + n³). No κ: it is a filter of heuristics.
 *
 * Arithmetic: norms and shares in float64; the weighted sum in float64 in the order of the rows, rounded once to float32.
 *
 * Example: 1, 2, -2, 100, 1 has M = 2 and takes out 100 by its norm and −2 by its sign → (1 + 2 + 1) / 3 = 4/3.
 */
export const signguard: Rule<'signguard'> = {
  name: 'signguard',
  summary: 'the mean of updates with usual norms and signs, clipped to the median norm',
  options: { seed: seedOption },
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  masks: 'refuses',
  origin: (_options, mixed) => mixed,
  aggregate(updates, _tolerated, options) {
    const norms = updates.squaredDistancesFrom('origin').map(Math.sqrt)
    const { first, end } = someColumns(updates.length, numberOf(options, 'seed'))
    const shares = updates.signCounts(first, end).map((counts) => sharesOf(counts, end - first))
    const { chosen, weights } = choose(norms, shares)
    return updates.weightedSum(weights, chosen)
  },
  reference(vectors, _tolerated, options) {
    const { first, end } = someColumns(vectors[0]!.length, numberOf(options, 'seed'))
    const shares = vectors.map((vector) => sharesOf(signCountsOf(vector.subarray(first, end)), end - first))
    const { chosen, weights } = choose(Float64Array.from(vectors, norm), shares)
    return weightedSum(vectors, weights, chosen)
  },
}

function choose(norms: Float64Array, shares: readonly Float64Array[]): { chosen: number; weights: Float64Array } {
  const sorted = norms.toSorted()
  const n = norms.length
  const median = (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.floor(n / 2)]!) / 2
  const accepted = norms.map((norm) => Number(norm >= leastNorm * median && norm <= mostNorm * median))
  const cluster = largestCluster(shares, accepted)
  const weights = norms.map((norm, i) => (cluster[i] && accepted[i] ? (norm > median ? median / norm : 1) : 0))
  return { chosen: weights.filter((_, i) => cluster[i] && accepted[i]).length, weights }
}

function someColumns(length: number, seed: number): { first: number; end: number } {
  const size = Math.min(length, Math.max(1, Math.floor(share * length)))
  const first = new Random(seed).below(length - size + 1)
  return { first, end: first + size }
}

function sharesOf(counts: Float64Array, size: number): Float64Array {
  return counts.map((count) => count / Math.max(1, size))
}

/** Mean shift with a flat kernel from every point; modes within a bandwidth of an earlier one are that one. */
function largestCluster(points: readonly Float64Array[], accepted: Float64Array): boolean[] {
  const half = Math.ceil(points.length / 2)
  let bandwidth = 0
  for (const a of points) {
    const distances = points.map((b) => distance(a, b)).sort((x, y) => x - y)
    bandwidth += distances[half - 1]! / points.length
  }
  const modes: Float64Array[] = []
  const labels = points.map((point) => {
    const mode = shift(point, points, bandwidth)
    const known = modes.findIndex((other) => distance(mode, other) <= bandwidth)
    return known >= 0 ? known : modes.push(mode) - 1
  })
  const sizes = modes.map((_, label) => labels.filter((each, i) => each === label && accepted[i]).length)
  const largest = sizes.indexOf(Math.max(...sizes))
  return labels.map((label) => label === largest)
}

function shift(start: Float64Array, points: readonly Float64Array[], bandwidth: number): Float64Array {
  let mode = start
  for (let times = 0; times < 100; times++) {
    const near = points.filter((point) => distance(point, mode) <= bandwidth)
    if (near.length === 0) return mode
    const next = mode.map((_, k) => near.reduce((sum, point) => sum + point[k]!, 0) / near.length)
    if (distance(next, mode) <= 1e-9 * bandwidth) return next
    mode = next
  }
  return mode
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (const [k, value] of a.entries()) sum += (value - b[k]!) * (value - b[k]!)
  return Math.sqrt(sum)
}
