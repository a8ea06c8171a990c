import { krumChooses } from './acceptance.ts'
import type { Attack } from './attack.ts'
import { meanOf, moved } from './vectors.ts'

/**
 * The Krum-directed attack of Fang: w − λ sign(μ), w the model before the round, with λ halved from `start` until Krum
 * chooses it (Fang, Cao, Jia, Gong: Local Model Poisoning Attacks to Byzantine-Robust Federated Learning, USENIX Security
 * 2020). Updates are relative to w, so the vector sent is −λ sign(μ). See `krumChooses` for which Krum.
 *
 * Options: `start`, the first λ; `least`, the λ at which the search ends, chosen or not, as the paper's does.
 *
 * What it can do: when it is chosen, the whole aggregate goes against the honest mean in every coordinate. It is chosen
 * where honest updates are farther from each other than from zero, as late in training and with data that differ.
 *
 * Requires that Krum is defined: n > 2f, or n ≥ 2f+3 where the rule in use is Krum without another option. Cost O(n² d)
 * a try, at most 1 + log₂(start / least) of them: 17 by default.
 *
 * Example, Krum with n−f−1 = 4 neighbours, f = 2, honest −3, 1, 2, 8, 7: μ = 3. Two liars that send −1 have a score of
 * 0 + 4 + 4 + 9 = 17, and no honest peer has less: chosen at the first try.
 */
export const fang: Attack<'fang'> = {
  name: 'fang',
  summary: 'send −λ times the signs of the honest mean, λ halved until Krum chooses it',
  options: {
    start: { kind: 'number', summary: 'the first λ', above: 0, most: 1e6, default: 1 },
    least: { kind: 'number', summary: 'the λ at which halving ends', above: 0, most: 1e6, default: 1e-5 },
  },
  paper:
    'Fang, Cao, Jia, Gong: Local Model Poisoning Attacks to Byzantine-Robust Federated Learning, USENIX Security 2020',
  ignoresOwn: true,
  colludes: () => true,
  create:
    ({ start, least }) =>
    (context) => {
      const signs = meanOf(context.honest).map(Math.sign)
      const zero = new Float64Array(signs.length)
      const chosen = krumChooses(context)
      let lambda = start as number
      let vector = moved(zero, -lambda, signs)
      while (lambda > (least as number) && !chosen(vector)) {
        lambda /= 2
        vector = moved(zero, -lambda, signs)
      }
      return vector
    },
}
