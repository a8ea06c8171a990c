import { dispersion, langevin, likelihoodOf } from './langevin.ts'
import type { Score, Scores } from './score.ts'
import { solve } from './solve.ts'

/** How much b is preferred to a, from −1, all for a, to 1, all for b. */
export interface Comparison {
  readonly a: number
  readonly b: number
  readonly preference: number
}

/** An end that comparisons do not bound, as when everything else is preferred to an item. */
export const unbounded = 1000

const mostSteps = 100
const enough = 1e-12
/** Of a step: less changes nothing. */
const leastShare = 1e-12

/**
 * Uniform generalised Bradley–Terry: scores of one user from its comparisons of items. With θ of mean 0 and deviation σ a priori,
 * and answers r that are the likelier the nearer they are to what θ_a − θ_b says (the density e^{−r x}, on [−1, 1]), the most
 * likely θ has for every item a
 *
 *     θ_a/σ² + Σ over comparisons with b of (K′(θ_a − θ_b) + r_ab) = 0,   K′(x) = coth x − 1/x,   r_ba = −r_ab
 *
 * Source: Fageot, Farhadkhani, Hoang, Villemaud: Generalized Bradley–Terry models for score estimation from paired comparisons,
 * AAAI 2024; UniformGBT of solidago, in tournesol-app/tournesol.
 *
 * Guarantee: what is minimised is strictly convex, so there is one θ. More preference for an item never lowers its score. Newton's
 * method finds it, with half the step, and half of that, until the gradient is shorter; in the order of the items, by +, −, ×, ÷ and
 * square roots, the same bits on every machine. Cost O(n³) for n items.
 *
 * Uncertainty: so far to either side, with all others as they are, that what was answered is e times less likely; `unbounded` where
 * it never is.
 *
 * Example, σ = 7: one answer −0.5 gives ±0.8543, −0.8 gives ±2.0611, and −1 gives ±4.94975.
 */
export function scoresOf(comparisons: readonly Comparison[], { deviation = 7 } = {}): Scores {
  for (const { a, b, preference } of comparisons)
    if (a === b || !(Math.abs(preference) <= 1)) throw new RangeError('two items are compared, with −1 to 1')
  const items = [...new Set(comparisons.flatMap(({ a, b }) => [a, b]))].sort((a, b) => a - b)
  const places = new Map(items.map((item, at) => [item, at]))
  const pairs = comparisons.map(({ a, b, preference }) => [places.get(a)!, places.get(b)!, preference] as const)
  const scores = mostLikely(pairs, items.length, 1 / (deviation * deviation))
  const bounds = items.map((_, at) => uncertainty(pairs, scores, at))
  return new Map(
    items.map((item, at): [number, Score] => [
      item,
      { score: scores[at]!, left: bounds[at]![0], right: bounds[at]![1] },
    ]),
  )
}

type Pair = readonly [a: number, b: number, preference: number]

function mostLikely(pairs: readonly Pair[], count: number, prior: number): Float64Array {
  let scores = new Float64Array(count)
  let gradient = gradientOf(pairs, scores, prior)
  for (let step = 0; step < mostSteps && lengthOf(gradient) > enough; step++) {
    const direction = solve(curvatureOf(pairs, scores, prior), gradient)
    let share = 1
    let next = scores
    let after = gradient
    // Along it the gradient gets shorter at first, since the curvature is positive.
    for (; share > leastShare; share /= 2) {
      next = scores.map((score, at) => score - share * direction[at]!)
      after = gradientOf(pairs, next, prior)
      if (lengthOf(after) < lengthOf(gradient)) break
    }
    // Nothing is shorter in float64.
    if (!(lengthOf(after) < lengthOf(gradient))) break
    scores = next
    gradient = after
  }
  return scores
}

function gradientOf(pairs: readonly Pair[], scores: Float64Array, prior: number): Float64Array<ArrayBuffer> {
  const gradient = scores.map((score) => prior * score)
  for (const [a, b, preference] of pairs) {
    const force = langevin(scores[a]! - scores[b]!) + preference
    gradient[a]! += force
    gradient[b]! -= force
  }
  return gradient as Float64Array<ArrayBuffer>
}

/** Symmetric, row by row. */
function curvatureOf(pairs: readonly Pair[], scores: Float64Array, prior: number): Float64Array {
  const n = scores.length
  const curvature = new Float64Array(n * n)
  for (let at = 0; at < n; at++) curvature[at * n + at] = prior
  for (const [a, b] of pairs) {
    const stiffness = dispersion(scores[a]! - scores[b]!)
    curvature[a * n + a]! += stiffness
    curvature[b * n + b]! += stiffness
    curvature[a * n + b]! -= stiffness
    curvature[b * n + a]! -= stiffness
  }
  return curvature
}

function lengthOf(vector: Float64Array): number {
  let sum = 0
  for (const each of vector) sum += each * each
  return Math.sqrt(sum)
}

/** How far below and above its score an item may be. */
function uncertainty(pairs: readonly Pair[], scores: Float64Array, item: number): [left: number, right: number] {
  const own = pairs.flatMap(([a, b, preference]) => {
    if (a !== item && b !== item) return []
    const sign = a === item ? 1 : -1
    return [{ difference: scores[a]! - scores[b]!, sign, preference }]
  })
  /** −log of how much less likely the answers are when the item is so much higher. */
  const loss = (delta: number): number => {
    let sum = 0
    for (const { difference, sign, preference } of own) {
      const moved = sign * delta
      sum += likelihoodOf(difference + moved) - likelihoodOf(difference) + preference * moved
    }
    return sum
  }
  return [endOf((far) => loss(-far)), endOf(loss)]
}

/** Where it first comes to 1: it is convex, and less before. */
function endOf(loss: (far: number) => number): number {
  if (loss(unbounded) < 1) return unbounded
  let [low, high] = [0, unbounded]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (loss(middle) < 1) low = middle
    else high = middle
  }
  return (low + high) / 2
}
