import type { Attack } from './attack.ts'
import { meanOf, scaled } from './vectors.ts'

/**
 * Inner-product manipulation: −τ μ, μ the mean of the honest updates (Xie, Koyejo, Gupta: Fall of Empires, UAI 2019).
 *
 * Options: `tau`, τ. With a small one (0.1) it hides among updates whose mean is small beside their spread; a large one
 * turns a mean around: f of n liars give a mean of ((n−f) − f τ) μ / n, which points backwards for τ > (n−f)/f.
 *
 * What it can do: make the inner product of the aggregate with μ negative, so that the loss goes up, while staying nearer to
 * the honest updates than a rule that goes by distances can tell. Krum and the median give way to it when the honest
 * updates differ much from each other.
 *
 * Requires nothing of n and f; it turns a mean around only for τ > (n−f)/f. Cost O(nd).
 *
 * Example, τ = 2, honest (1, 2, 3), (4, 5, 6), (7, 8, 9): (−8, −10, −12).
 */
export const innerProduct: Attack<'inner-product'> = {
  name: 'inner-product',
  summary: 'send the honest mean times −τ (inner-product manipulation)',
  options: {
    tau: { kind: 'number', summary: 'τ, how far to go against the honest mean', above: 0, most: 1e6, default: 2 },
  },
  paper: 'Xie, Koyejo, Gupta: Fall of Empires, UAI 2019',
  ignoresOwn: true,
  colludes: () => true,
  create:
    ({ tau }) =>
    ({ honest }) =>
      scaled(meanOf(honest), -(tau as number)),
}
