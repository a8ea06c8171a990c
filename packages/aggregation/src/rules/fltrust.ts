import { innerProduct, norm, weightedSum } from '../geometry/plain-vectors.ts'
import type { Rule } from '../rule/rule.ts'

/**
 * FLTrust: the mean of the rows scaled to the norm of a trusted update g_0, `root` of the context, each weighed by its trust
 * max(0, cos(x_i, g_0)) (Cao, Fang, Liu, Gong: FLTrust, NDSS 2021). Rows of norm 0 have no direction and no trust; when no
 * row has any, the result is zero.
 *
 * Requires n > f: the trust is in the root. Cost O(nd). No κ: the result follows the root, not the mean.
 *
 * It is for callers that have a root update, not for scenarios: peers must come to the same bits, and what each trains on a
 * root data set of its own, or on another machine, is not the same update.
 *
 * Arithmetic: cosines in float64; the weighted sum in float64 in the order of the rows, rounded once to float32.
 *
 * Example, root (2, 0): (3, 0), (-5, 0), (0, 4) have the trust 1, 0, 0 → (2, 0).
 */
export const fltrust: Rule<'fltrust'> = {
  name: 'fltrust',
  summary: 'the mean of the updates weighed by their cosine to a trusted one, at its norm',
  options: {},
  requirement: (n, f) => n > f,
  requirementText: 'n > f, and a root update',
  masks: 'refuses',
  origin: (_options, mixed) => mixed,
  context: 'root',
  aggregate(updates) {
    const rootNorm = Math.sqrt(updates.squaredNormOfExtra())
    const norms = updates.squaredDistancesFrom('origin').map(Math.sqrt)
    const products = updates.productsWithExtra()
    const { weights, total } = trust(norms, products, rootNorm)
    return updates.weightedSum(weights, total)
  },
  reference(vectors, _tolerated, _options, { root }) {
    const trusted = Float64Array.from(root!)
    const norms = Float64Array.from(vectors, norm)
    const products = Float64Array.from(vectors, (vector) => innerProduct(vector, trusted))
    const { weights, total } = trust(norms, products, norm(trusted))
    return weightedSum(vectors, weights, total)
  },
}

function trust(norms: Float64Array, products: Float64Array, rootNorm: number) {
  const trusts = norms.map((norm, i) => (norm * rootNorm > 0 ? Math.max(0, products[i]! / norm / rootNorm) : 0))
  const total = trusts.reduce((sum, each) => sum + each, 0)
  const weights = trusts.map((each, i) => (each > 0 ? (each * rootNorm) / norms[i]! : 0))
  return { weights, total: total > 0 ? total : 1 }
}
