import { allSquaredDistances, meanOf } from '../geometry/plain-vectors.ts'
import { leastSubset } from '../geometry/subsets.ts'
import type { Rule } from '../rule/rule.ts'

const mostTolerated = 32

/**
 * Minimum diameter averaging: the mean of the n−f rows whose greatest mutual distance is least (Rousseeuw: Multivariate
 * Estimation with High Breakdown Point, 1985; El Mhamdi, Guerraoui, Guirguis, Hoang, Rouault: Genuinely Distributed
 * Byzantine Machine Learning, 2020). Of several such sets the lexicographically first.
 *
 * Requires n > 2f and f ≤ 32. Cost O(n² d + n² log n · 1.47^f) at worst: the search is exact. A
 * diameter is possible iff f rows cover all pairs that are farther apart, which is decided by branching on the row in most
 * such pairs. Far liars are in all of them, and leave little to search.
 *
 * (f, κ)-robust with κ = 8 f²/(n−f): the set chosen and any S of n−f share a row, so that their means are apart by at most
 * f/(n−f) of the sum of the diameters, 2 Δ_S, and Δ_S² ≤ 2 (n−f) of the mean squared deviation in S.
 *
 * Arithmetic: distances as `krum`; the mean in float64 in the order of the rows, rounded once to float32.
 *
 * Example, f = 1: 1, 4, 7 → {1, 4} and {4, 7} have the diameter 3 → 2.5.
 */
export const mda: Rule<'mda'> = {
  name: 'mda',
  summary: 'the mean of the n−f updates of least diameter',
  options: {},
  requirement: (n, f) => n > 2 * f && f <= mostTolerated,
  requirementText: `n > 2f and f ≤ ${mostTolerated}`,
  masks: 'absent rows are zero',
  kappa: (n, f) => (8 * f * f) / (n - f),
  aggregate: (updates, tolerated) => updates.mean(leastDiameter(updates.squaredDistances(), updates.count, tolerated)),
  reference(vectors, tolerated) {
    const n = vectors.length
    const distances = allSquaredDistances(vectors)
    const diameter = (chosen: readonly number[]) =>
      Math.max(...chosen.flatMap((i) => chosen.map((j) => distances[i * n + j]!)))
    return meanOf(leastSubset(n, n - tolerated, diameter).map((i) => vectors[i]!))
  },
}

function leastDiameter(distances: Float64Array, n: number, tolerated: number): number[] {
  const diameters = distances.slice().sort()
  let [low, high] = [0, diameters.length - 1]
  const possible = (index: number, forced: Uint8Array) =>
    canCover(new Far(distances, n, diameters[index]!), forced, tolerated)
  const none = new Uint8Array(n)
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (possible(middle, none)) high = middle
    else low = middle + 1
  }
  const kept = new Uint8Array(n)
  const chosen: number[] = []
  for (let i = 0; i < n && chosen.length < n - tolerated; i++) {
    kept[i] = 1
    if (possible(low, kept)) chosen.push(i)
    else kept[i] = 0
  }
  return chosen
}

/** Pairs of rows farther apart than a diameter, among rows not taken out. */
class Far {
  readonly n: number
  readonly #distances: Float64Array
  readonly #diameter: number
  readonly #out: Uint8Array
  readonly #degrees: Uint32Array

  constructor(distances: Float64Array, n: number, diameter: number) {
    this.n = n
    this.#distances = distances
    this.#diameter = diameter
    this.#out = new Uint8Array(n)
    this.#degrees = new Uint32Array(n)
    for (let i = 0; i < n; i++) this.#degrees[i] = this.of(i).length
  }

  /** The rows left that are too far from row i. */
  of(i: number): number[] {
    const far: number[] = []
    for (let j = 0; j < this.n; j++) {
      if (!this.#out[j] && this.#distances[i * this.n + j]! > this.#diameter) far.push(j)
    }
    return far
  }

  /** Of the rows left, one in the most pairs, and the number of all pairs. */
  worst(): { row: number; degree: number; pairs: number } {
    let [row, degree, sum] = [-1, 0, 0]
    for (let i = 0; i < this.n; i++) {
      if (this.#out[i]) continue
      sum += this.#degrees[i]!
      if (this.#degrees[i]! > degree) [row, degree] = [i, this.#degrees[i]!]
    }
    return { row, degree, pairs: sum / 2 }
  }

  take(i: number): void {
    this.#out[i] = 1
    for (const j of this.of(i)) this.#degrees[j]!--
  }

  giveBack(i: number): void {
    for (const j of this.of(i)) this.#degrees[j]!++
    this.#out[i] = 0
  }
}

/** Whether at most `budget` rows, none of them `kept`, are in all pairs of `far`. */
function canCover(far: Far, kept: Uint8Array, budget: number): boolean {
  for (let i = 0; i < far.n; i++) {
    if (!kept[i]) continue
    for (const j of far.of(i)) {
      if (kept[j] || budget === 0) return false
      far.take(j)
      budget--
    }
  }
  return branch(far, budget)
}

/** Whatever is left in pairs is not kept. Either the worst row is taken out, or all that are too far from it. */
function branch(far: Far, budget: number): boolean {
  const worst = far.worst()
  if (worst.pairs === 0) return true
  if (worst.pairs > budget * worst.degree) return false
  const others = far.of(worst.row)
  // A row in one pair is no worse than the other of the pair: the other need not be tried.
  far.take(worst.row)
  if (branch(far, budget - 1)) return true
  far.giveBack(worst.row)
  if (worst.degree === 1 || others.length > budget) return false
  for (const j of others) far.take(j)
  if (branch(far, budget - others.length)) return true
  for (const j of others.toReversed()) far.giveBack(j)
  return false
}
