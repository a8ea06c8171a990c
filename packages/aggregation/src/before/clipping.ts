import type { Mixture } from '../geometry/geometry.ts'
import { norm } from '../geometry/plain-vectors.ts'
import { numberOf } from '../rule/option.ts'
import type { BeforeRule } from '../rule/rule.ts'

/**
 * Static clipping: a row whose Euclidean norm is above c is scaled to the norm c.
 *
 * Option `norm`, c, which must be given: it depends on the task.
 *
 * Requires n ≥ 1; n and f stay. Cost O(nd). What a liar can do is bounded, but so is an honest update; see `arc` for a
 * bound that follows the updates.
 *
 * Arithmetic: norms in float64. Scaled rows are made in float32 for rules that go column by column; for others they are
 * only weights, in float64.
 *
 * Example, c = 5: (6, 8), (1, 2) → (3, 4), (1, 2).
 */
export const clipping: BeforeRule<'clipping'> = {
  name: 'clipping',
  summary: 'updates scaled down to a given norm',
  options: { norm: { kind: 'number', summary: 'c: the greatest norm that is left as it is', above: 0 } },
  requirement: (n) => n >= 1,
  requirementText: 'n ≥ 1',
  masks: 'among those who speak',
  weighted: 'in proportion',
  counts: (n, f) => ({ n, f }),
  origin: true,
  mixture(updates, _tolerated, options) {
    const norms = updates.squaredDistancesFrom('origin').map(Math.sqrt)
    return scaledTo(norms, numberOf(options, 'norm'))
  },
  reference: (vectors, _tolerated, options) => vectors.map((vector) => clipped(vector, numberOf(options, 'norm'))),
}

/** Each row scaled down to at most `limit`. */
export function scaledTo(norms: Float64Array, limit: number): Mixture {
  const n = norms.length
  const weights = new Float64Array(n * n)
  for (let i = 0; i < n; i++) weights[i * n + i] = norms[i]! > limit ? limit / norms[i]! : 1
  return { count: n, weights }
}

export function clipped(vector: Float64Array, limit: number): Float64Array {
  const length = norm(vector)
  return length > limit ? vector.map((value) => value * (limit / length)) : vector
}
