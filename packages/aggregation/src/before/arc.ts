import { indicesBy, norm } from '../geometry/plain-vectors.ts'
import type { BeforeRule } from '../rule/rule.ts'
import { clipped, scaledTo } from './clipping.ts'

/**
 * Adaptive robust clipping: the k = ⌊2 (f/n) (n−f)⌋ rows of the greatest norms are scaled down to the (k+1)-th greatest norm
 * (Allouah, Guerraoui, Gupta, Jellouli, Rizk, Stephan: Adaptive Gradient Clipping for Robust Federated Learning, ICLR 2025).
 *
 * Requires n > 2f; n and f stay. Cost O(nd). By the same paper it keeps the rule behind it (f, O(κ))-robust; no
 * constant is claimed here.
 *
 * Arithmetic: as `clipping`.
 *
 * Example, f = 1: (1,2,3), (4,5,6), (7,8,9) has k = 1 and the norm √77 → third row (4.41004, 5.04005, 5.67005).
 */
export const arc: BeforeRule<'arc'> = {
  name: 'arc',
  summary: 'the updates of greatest norms scaled down to the greatest of the others',
  options: {},
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  masks: 'among those who speak',
  counts: (n, f) => ({ n, f }),
  origin: true,
  mixture(updates, tolerated) {
    const norms = updates.squaredDistancesFrom('origin').map(Math.sqrt)
    return scaledTo(norms, limitOf(norms, tolerated))
  },
  reference(vectors, tolerated) {
    const limit = limitOf(Float64Array.from(vectors, norm), tolerated)
    return vectors.map((vector) => clipped(vector, limit))
  },
}

function limitOf(norms: Float64Array, tolerated: number): number {
  const n = norms.length
  const most = Math.floor((2 * tolerated * (n - tolerated)) / n)
  return norms[indicesBy(norms)[n - 1 - most]!]!
}
