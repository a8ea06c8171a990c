import { innerProduct, norm, type Vectors } from './plain-vectors.ts'

/**
 * The greatest eigenvalue of Σ c_i (x_i−μ)(x_i−μ)ᵀ / Σ c and its direction in R^d, by power iteration on the d × d matrix
 * itself: for references, which must not share the n × n arithmetic of what they check.
 */
export function topDirectionReference(
  vectors: Vectors,
  mean: Float64Array,
  weights: Float64Array,
): { value: number; direction: Float64Array } {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const centred = vectors.map((vector) => vector.map((value, column) => value - mean[column]!))
  let direction: Float64Array = Float64Array.from(mean, (_, column) => 1 + ((column * 7919) % 101) / 101)
  let value = 0
  for (let times = 0; times < 3000; times++) {
    const next = new Float64Array(mean.length)
    for (const [i, vector] of centred.entries()) {
      const factor = (weights[i]! * innerProduct(vector, direction)) / total
      for (const [column, each] of vector.entries()) next[column] = next[column]! + factor * each
    }
    const length = norm(next)
    if (length === 0) return { value: 0, direction }
    const scaled = next.map((each) => each / length)
    const step = norm(scaled.map((each, column) => each - direction[column]!))
    direction = scaled
    value = length
    if (step < 1e-11) break
  }
  return { value, direction }
}
