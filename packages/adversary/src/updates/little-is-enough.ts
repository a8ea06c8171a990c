import type { Attack } from './attack.ts'
import { inverseNormal } from './inverse-normal.ts'
import { deviationOf, meanOf, moved } from './vectors.ts'

/**
 * A little is enough (ALIE): μ + zσ or μ − zσ, μ and σ the mean and the standard deviation (m − 1 in the denominator) of
 * the honest updates, coordinate by coordinate (Baruch, Baruch, Goldberg: A Little Is Enough, NeurIPS 2019).
 *
 * Options: `z`; 0 computes it as in the paper, z = Φ⁻¹((n−f−s)/(n−f)) with s = ⌊n/2+1⌋ − f, the number of honest peers
 * that a majority lacks: s of them are expected farther out than z. ByzFL takes 1.5. A negative z is the other direction,
 * which the formula gives for small n. `direction`, `plus` or `minus`: the paper subtracts from gradients, and an update is a
 * gradient times a negative rate, hence plus.
 *
 * What it can do: every coordinate stays within what honest peers send, so that nothing stands out, but all liars err to
 * the same side, and the error adds up over coordinates and rounds. Rules that go by distances, Krum among them, may even
 * prefer it, being nearer to the mean than most honest updates are. Where honest updates hardly differ, it can do little.
 *
 * Requires nothing of n and f; the formula of z has a value for 0 < s < n−f, the nearest s stands in elsewhere. Cost O(nd).
 *
 * Example, z = 1.5, honest (1, 2, 3), (4, 5, 6), (7, 8, 9): σ = (3, 3, 3), and it sends (8.5, 9.5, 10.5).
 */
export const littleIsEnough: Attack<'little-is-enough'> = {
  name: 'little-is-enough',
  summary: 'send the honest mean ± z honest standard deviations (ALIE)',
  options: {
    z: {
      kind: 'number',
      summary: 'z, in standard deviations; 0 computes it from n and f as the paper does',
      least: -1e6,
      most: 1e6,
      default: 0,
    },
    direction: { kind: 'choice', summary: 'to which side of the mean', values: ['plus', 'minus'], default: 'plus' },
  },
  paper: 'Baruch, Baruch, Goldberg: A Little Is Enough, NeurIPS 2019',
  ignoresOwn: true,
  colludes: () => true,
  create:
    ({ z, direction }) =>
    ({ honest, n, f }) => {
      const mean = meanOf(honest)
      const factor = z === 0 ? deviationsOf(n, f) : (z as number)
      return moved(mean, direction === 'minus' ? -factor : factor, deviationOf(honest, mean))
    },
}

/**
 * z of the paper. Where its formula gives none, since liars are a majority already or no honest peer is left to be
 * outdone, that of the nearest s for which it does; 0 with fewer than two honest peers.
 */
export function deviationsOf(n: number, f: number): number {
  const honest = n - f
  if (honest < 2) return 0
  const lacking = Math.floor(n / 2 + 1) - f
  return inverseNormal(Math.min(honest - 1, Math.max(1, honest - lacking)) / honest)
}
