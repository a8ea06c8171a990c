import { meanOf } from '../geometry/plain-vectors.ts'
import { topDirectionReference } from '../geometry/reference-direction.ts'
import { leastSubset, subsetCount, subsets } from '../geometry/subsets.ts'
import { topEigenpair } from '../geometry/top-eigenpair.ts'
import { numberOf } from '../rule/option.ts'
import type { Rule } from '../rule/rule.ts'

/** Directions of the greatest variance of sets seen last, which are likely to rule out the next ones. */
const mostDirections = 16

/** Rounding must not rule out a set that is as good as the best. */
const margin = 1 + 1e-9

/**
 * Smallest maximum eigenvalue averaging: the mean of the n−f rows whose covariance has the least greatest eigenvalue (Allouah,
 * Guerraoui, Gupta, Pinot, Rizk: On the Privacy-Robustness-Utility Trilemma in Distributed Learning, ICML 2023). Of several
 * such sets the lexicographically first, as far as float64 tells them apart.
 *
 * Option `budget`: the most subsets that there may be to search.
 *
 * Requires n > 2f and at most `budget` subsets of n−f rows. Cost O(n² d + C(n, f) n³): the search is exact. It
 * leaves out sets whose variance is too great along a direction that is known from others, and sees by a Cholesky factor
 * whether an eigenvalue can be the least at all.
 *
 * (f, κ)-robust with κ = 4 f/(n−2f), even of the greatest eigenvalue of the covariance of S in the place of its variance:
 * the argument of `mva` holds along every direction.
 *
 * Arithmetic: eigenvalues in float64 from inner products of the rows; the mean in float64 in the order of the rows.
 *
 * Example, f = 1: 0, 3, 4 → {3, 4}, 3.5.
 */
export const smea: Rule<'smea'> = {
  name: 'smea',
  summary: 'the mean of the n−f updates of least greatest eigenvalue of their covariance',
  options: {
    budget: { kind: 'integer', summary: 'the most subsets to search', least: 1, most: 1e9, default: 2e4 },
  },
  requirement: (n, f, options) => n > 2 * f && subsetCount(n, f) <= numberOf(options, 'budget'),
  requirementText: 'n > 2f and C(n, f) ≤ budget',
  masks: 'absent rows are zero',
  kappa: (n, f) => (4 * f) / (n - 2 * f),
  aggregate(updates, tolerated) {
    const { points, gram } = updates.geometry()
    return updates.mean(leastEigenvalue(gram(), points, updates.count, updates.count - tolerated))
  },
  reference(vectors, tolerated) {
    const best = leastSubset(vectors.length, vectors.length - tolerated, (chosen) => {
      const kept = chosen.map((i) => vectors[i]!)
      return topDirectionReference(kept, meanOf(kept), new Float64Array(kept.length).fill(1)).value
    })
    return meanOf(best.map((i) => vectors[i]!))
  },
}

/** A direction in R^d: x_i · v of every row, and ‖v‖². */
interface Direction {
  readonly along: Float64Array
  readonly squaredNorm: number
}

function leastEigenvalue(gram: Float64Array, points: number, n: number, size: number): number[] {
  const centred = new Float64Array(size * size)
  const factor = new Float64Array(size * size)
  const directions: Direction[] = []
  let least = Number.POSITIVE_INFINITY
  let best: number[] = []
  for (const chosen of subsets(n, size)) {
    // The greatest eigenvalue is at least the variance along any direction: most sets with a liar end here.
    if (directions.some((direction) => spread(direction, chosen) > least * margin)) continue
    centre(gram, points, chosen, centred)
    if (!isBelow(centred, size, least * margin, factor)) continue
    const { value, vector } = topEigenpair(centred, size)
    if (value > 0) {
      // v = Σ u_a (x_a − μ) has the squared norm λ, and Σ u_a is 0.
      const along = Float64Array.from({ length: n }, (_, i) =>
        chosen.reduce((sum, j, a) => sum + vector[a]! * gram[i * points + j]!, 0),
      )
      directions.unshift({ along, squaredNorm: value })
      if (directions.length > mostDirections) directions.pop()
    }
    if (value < least) {
      least = value
      best = [...chosen]
    }
  }
  return best
}

/** Inner products of the chosen rows about their mean. */
function centre(gram: Float64Array, points: number, chosen: readonly number[], centred: Float64Array): void {
  const size = chosen.length
  const toMean = new Float64Array(size)
  let own = 0
  for (let a = 0; a < size; a++) {
    let sum = 0
    for (let b = 0, at = chosen[a]! * points; b < size; b++) sum += centred[a * size + b] = gram[at + chosen[b]!]!
    toMean[a] = sum / size
    own += sum
  }
  own /= size * size
  for (let a = 0, at = 0; a < size; a++) {
    const shift = own - toMean[a]!
    for (let b = 0; b < size; b++, at++) centred[at] = centred[at]! + (shift - toMean[b]!)
  }
}

/**
 * Whether all eigenvalues of a symmetric n × n matrix A are below the limit: whether limit·I − A has a Cholesky factor, for
 * which there is room in `factor`. O(n³), and far less than an eigenvalue takes.
 */
function isBelow(matrix: Float64Array, n: number, limit: number, factor: Float64Array): boolean {
  if (limit === Number.POSITIVE_INFINITY) return true
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      // Two sums, which do not wait for each other.
      let [even, odd] = [0, 0]
      let [a, b] = [i * n, j * n]
      for (const end = a + j - 1; a < end; a += 2, b += 2) {
        even += factor[a]! * factor[b]!
        odd += factor[a + 1]! * factor[b + 1]!
      }
      if (j % 2 === 1) even += factor[a]! * factor[b]!
      const rest = (i === j ? limit : 0) - matrix[i * n + j]! - (even + odd)
      if (i !== j) factor[i * n + j] = rest / factor[j * n + j]!
      else if (rest > 0) factor[i * n + i] = Math.sqrt(rest)
      else return false
    }
  }
  return true
}

/** The sum of squared deviations of the chosen rows along a direction. */
function spread({ along, squaredNorm }: Direction, chosen: readonly number[]): number {
  let sum = 0
  for (const i of chosen) sum += along[i]!
  const mean = sum / chosen.length
  let squares = 0
  for (const i of chosen) squares += (along[i]! - mean) * (along[i]! - mean)
  return squares / squaredNorm
}
