import { columnwise } from '../geometry/plain-vectors.ts'
import type { Rule } from '../rule/rule.ts'
import { krumOrderReference } from './krum.ts'
import { meanNearest } from './meamed.ts'
import { mostTrim } from './median.ts'
import { inOrder } from './multi-krum.ts'
import { ascending, meanOfRanks } from './trimmed-mean.ts'

/**
 * Bulyan of Krum: θ = n−2f−2 rows are picked one after the other, each by Krum among those that are left; then per
 * coordinate the mean of the θ−2f values of the picked rows nearest to their median (El Mhamdi, Guerraoui, Rouault: The
 * Hidden Vulnerability of Distributed Learning in Byzantium, ICML 2018). The last pick is made among 2f+3 rows, the least
 * that Krum is defined for.
 *
 * Requires n ≥ 4f+3. Cost O(n² d + n² θ): distances once, and a pick adds up distances that were sorted once, so that it
 * costs O(n²) whatever d. No κ is claimed here.
 *
 * Arithmetic: scores as `krum`, the coordinate-wise part as `meamed`.
 *
 * Example, f = 0: 0, 1, 3, 7 picks 1 and then 0 → the mean of 0 and 1 is 0.5.
 */
export const bulyan: Rule<'bulyan'> = {
  name: 'bulyan',
  summary: 'per coordinate, the mean around the median of n−2f−2 updates picked by Krum',
  options: {},
  requirement: (n, f) => n >= 4 * f + 3,
  requirementText: 'n ≥ 4f+3',
  masks: 'absent rows are zero',
  aggregate(updates, tolerated) {
    const picked = picks(updates.squaredDistances(), updates.count, tolerated)
    const theta = picked.length
    const trim = mostTrim(theta)
    return updates.nearestMean({ first: trim, last: theta - 1 - trim }, theta - 2 * tolerated, inOrder(picked))
  },
  reference(vectors, tolerated) {
    const left = [...vectors]
    const picked: Float64Array[] = []
    const theta = vectors.length - 2 * tolerated - 2
    while (picked.length < theta) {
      const best = krumOrderReference(left, tolerated, { neighbours: 'n-f-2' })[0]!
      picked.push(...left.splice(best, 1))
    }
    return columnwise(picked, (values) => {
      const sorted = ascending(values)
      const trim = mostTrim(theta)
      return meanNearest(sorted, meanOfRanks(sorted, trim, theta - 1 - trim), theta - 2 * tolerated)
    })
  },
}

/** θ rows, each picked by Krum with n′−f−2 neighbours among the n′ that are left. */
function picks(distances: Float64Array, n: number, tolerated: number): number[] {
  const nearest = Array.from({ length: n }, (_, i) => {
    const own = distances.subarray(i * n, i * n + n)
    return Uint32Array.from({ length: n }, (_, j) => j)
      .filter((j) => j !== i)
      .sort((a, b) => own[a]! - own[b]! || a - b)
  })
  const left = new Uint8Array(n).fill(1)
  const picked: number[] = []
  while (picked.length < n - 2 * tolerated - 2) {
    const count = n - picked.length - tolerated - 2
    let best = { row: -1, score: Number.POSITIVE_INFINITY }
    for (let i = 0; i < n; i++) {
      if (!left[i]) continue
      let score = 0
      for (let k = 0, added = 0; added < count; k++) {
        const j = nearest[i]![k]!
        if (!left[j]) continue
        score += distances[i * n + j]!
        added++
      }
      if (score < best.score) best = { row: i, score }
    }
    left[best.row] = 0
    picked.push(best.row)
  }
  return picked
}
