import type { Attack } from './attack.ts'
import { perturb, perturbationOption } from './perturbation.ts'
import { moved, squaredDistance } from './vectors.ts'

/**
 * Min-sum: μ − λ u, with the largest λ such that the squared distances to all honest updates add up to no more than those
 * of the honest update for which they are most: Σ_i ‖b − x_i‖² ≤ max_i Σ_j ‖x_i − x_j‖² (Shejwalkar, Houmansadr:
 * Manipulating the Byzantine, NDSS 2021). Since Σ (μ − x_i) = 0, the sum is Σ ‖μ − x_i‖² + m λ² ‖u‖², which gives λ.
 *
 * Options: `direction`, u: `unit`, μ/‖μ‖; `deviation`, σ; `sign`, the signs of μ.
 *
 * What it can do: as `min-max`, but nearer to the mean, since it must not stand out by its sum of distances either.
 *
 * Requires nothing of n and f. Cost O(n² d): the distances of honest updates.
 *
 * Example, honest 1, 3, 8, u = 1: μ = 4, distances to it add up to 9 + 1 + 16 = 26, those of the 8 to 49 + 25 = 74;
 * λ = √((74 − 26)/3) = 4: it sends 0.
 */
export const minSum: Attack<'min-sum'> = {
  name: 'min-sum',
  summary: 'send what is as far from the honest mean as its sum of squared distances allows',
  options: { direction: perturbationOption },
  paper: 'Shejwalkar, Houmansadr: Manipulating the Byzantine, NDSS 2021',
  ignoresOwn: true,
  colludes: () => true,
  create:
    ({ direction: kind }) =>
    ({ honest }) => {
      const { mean, direction, squared, honest: places } = perturb(honest, kind)
      const sums = honest.map((a) => honest.reduce((sum, b) => sum + squaredDistance(a, b), 0))
      const own = places.reduce((sum, { apart }) => sum + apart, 0)
      const room = Math.max(0, Math.max(...sums) - own)
      return moved(mean, squared > 0 ? -Math.sqrt(room / (honest.length * squared)) : 0, direction)
    },
}
