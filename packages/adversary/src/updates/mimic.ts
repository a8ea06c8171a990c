import type { Attack } from './attack.ts'
import { inner, meanOf, scaled, squaredDistance } from './vectors.ts'

const iterations = 10

/**
 * Mimic: a copy of the honest update that is farthest along the direction z of the largest variance of the honest updates
 * (Karimireddy, He, Jaggi: Byzantine-Robust Learning on Heterogeneous Datasets via Bucketing, ICLR 2022). z is found by
 * power iteration on Σ (x_i − μ)(x_i − μ)ᵀ, begun in each round with that of the round before: so it changes slowly, as the
 * paper's running estimate does, keeps its sign, and favours the same data round after round.
 *
 * What it can do: nothing, when honest peers have data of the same kind. When they do not, it gives one peer's data the
 * weight of f more, and rules that take what is in the middle drop the rare data of others. Nothing about it is false, so
 * no rule can throw it out.
 *
 * Requires nothing of n and f. Cost O(nd): ten steps of power iteration.
 *
 * Example, honest (0, 0), (1, 0), (5, 1): the largest variance is nearly along the first axis; the copy is of (5, 1).
 */
export const mimic: Attack<'mimic'> = {
  name: 'mimic',
  summary: 'send a copy of the honest update that is farthest along their largest variance',
  options: {},
  paper: 'Karimireddy, He, Jaggi: Byzantine-Robust Learning on Heterogeneous Datasets via Bucketing, ICLR 2022',
  ignoresOwn: true,
  colludes: () => true,
  create:
    () =>
    ({ honest, memory }) => {
      const mean = meanOf(honest)
      const kept = memory.get('direction')
      const direction = iterate(
        honest,
        mean,
        kept instanceof Float64Array && kept.length === mean.length ? kept : start(honest, mean),
      )
      memory.set('direction', direction)
      const middle = inner(mean, direction)
      const along = honest.map((vector) => inner(vector, direction) - middle)
      return scaled(honest[along.indexOf(Math.max(...along))]!, 1)
    },
}

/** Towards the update that is farthest from the mean. */
function start(honest: readonly Float32Array[], mean: Float64Array): Float64Array {
  const distances = honest.map((vector) => squaredDistance(vector, mean))
  const farthest = honest[distances.indexOf(Math.max(...distances))]!
  return mean.map((value, i) => farthest[i]! - value)
}

/** z ← Σ (x_i − μ) ((x_i − μ)·z), normalised, some times; as it is when there is no variance along it. */
function iterate(honest: readonly Float32Array[], mean: Float64Array, from: Float64Array): Float64Array {
  let direction = from
  for (let times = 0; times < iterations; times++) {
    const next = new Float64Array(mean.length)
    const middle = inner(mean, direction)
    for (const vector of honest) {
      const along = inner(vector, direction) - middle
      for (let i = 0; i < next.length; i++) next[i]! += along * (vector[i]! - mean[i]!)
    }
    const norm = Math.sqrt(inner(next, next))
    if (!(norm > 0 && Number.isFinite(norm))) return direction
    direction = next.map((value) => value / norm)
  }
  return direction
}
