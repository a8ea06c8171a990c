import { NotFinite, type Updates } from '../geometry/updates.ts'
import type { Rule } from '../rule/rule.ts'

/** The greatest float32. */
const greatest = 3.4028234663852886e38
/** Columns that are gathered at a time. */
const blockColumns = 4096

/**
 * Sum: F(x) = Σ x_i, as a recommender adds up what everybody does. The baseline in which who says more counts for more: one
 * liar moves it anywhere, and all others too.
 *
 * Requires n ≥ 1. Cost O(nd). Not (f, κ)-robust for any κ.
 *
 * Arithmetic: per coordinate a float64 sum from +0 in the order of the rows, rounded once to float32; what is beyond
 * float32 is its greatest number.
 *
 * Example: (1, 2), (4, 5), (7, 11) → (12, 18).
 */
export const sum: Rule<'sum'> = {
  name: 'sum',
  summary: 'the sum; who says more counts for more',
  options: {},
  requirement: (n) => n >= 1,
  requirementText: 'n ≥ 1',
  masks: 'among those who speak',
  kappa: () => Number.POSITIVE_INFINITY,
  aggregate(updates) {
    try {
      return updates.weightedSum(new Float64Array(updates.count).fill(1))
    } catch (error) {
      if (!(error instanceof NotFinite)) throw error
      updates.requireFinite()
      return saturated(updates)
    }
  },
  reference: (vectors) =>
    vectors[0]!.map((_, column) => clamped(vectors.reduce((total, vector) => total + vector[column]!, 0))),
}

/** Where a sum is beyond float32, by plain arithmetic. */
function saturated(updates: Updates): Float32Array<ArrayBuffer> {
  const { count, length } = updates
  const result = new Float32Array(length)
  for (let first = 0; first < length; first += blockColumns) {
    const width = Math.min(blockColumns, length - first)
    const numbers = updates.gather(Uint32Array.from({ length: width }, (_, k) => first + k))
    for (let k = 0; k < width; k++) {
      let total = 0
      for (let i = 0; i < count; i++) total += numbers[i * width + k]!
      result[first + k] = clamped(total)
    }
  }
  return result
}

function clamped(total: number): number {
  return Math.min(greatest, Math.max(-greatest, total))
}
