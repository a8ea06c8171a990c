import type { Attack } from './attack.ts'
import { perturb, perturbationOption } from './perturbation.ts'
import { moved, squaredDistance } from './vectors.ts'

/**
 * Min-max: μ − λ u, with the largest λ such that no honest update is farther from it than two honest updates are from each
 * other: max_i ‖b − x_i‖ ≤ max_ij ‖x_i − x_j‖ (Shejwalkar, Houmansadr: Manipulating the Byzantine, NDSS 2021). The paper
 * searches for λ by halving; here it is the least of the larger roots of the quadratic equations of all i.
 *
 * Options: `direction`, u: `unit`, μ/‖μ‖; `deviation`, σ; `sign`, the signs of μ.
 *
 * What it can do: it is inside the cloud of honest updates as far as anybody can tell from greatest distances, and as far
 * from the mean as that allows; it needs no knowledge of the rule. With one honest update it sends that.
 *
 * Requires nothing of n and f. Cost O(n² d): the distances of honest updates.
 *
 * Example, honest 1, 3, 8, u = 1: μ = 4, the greatest distance is 7, and λ = 3: it sends 1.
 */
export const minMax: Attack<'min-max'> = {
  name: 'min-max',
  summary: 'send what is as far from the honest mean as its greatest distance to honest updates allows',
  options: { direction: perturbationOption },
  paper: 'Shejwalkar, Houmansadr: Manipulating the Byzantine, NDSS 2021',
  ignoresOwn: true,
  colludes: () => true,
  create:
    ({ direction: kind }) =>
    ({ honest }) => {
      const { mean, direction, squared, honest: places } = perturb(honest, kind)
      let greatest = 0
      for (const [i, a] of honest.entries())
        for (let j = 0; j < i; j++) greatest = Math.max(greatest, squaredDistance(a, honest[j]!))
      const factors = places.map(({ apart, along }) => {
        const room = Math.max(0, along * along + squared * (greatest - apart))
        return squared > 0 ? (along + Math.sqrt(room)) / squared : 0
      })
      return moved(mean, -Math.max(0, Math.min(...factors)), direction)
    },
}
