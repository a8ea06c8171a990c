import type { Attack } from './attack.ts'
import { normals } from './normals.ts'
import { scaled } from './vectors.ts'

/**
 * Noise: independent normal coordinates of mean 0 and the given standard deviation, other ones for each liar and round
 * (Blanchard, El Mhamdi, Guerraoui, Stainer: Machine Learning with Adversaries, NeurIPS 2017, with deviation 200).
 *
 * Options: `deviation`.
 *
 * What it can do: ruin a mean, which takes in 1/n of it. Robust rules drop what stands out; with a deviation like that of
 * honest updates it is only a useless update.
 *
 * Requires nothing of n and f. Cost O(d) for each liar.
 *
 * Example, deviation 0.5 and a stream that gives 1 − e^(−1/2) and 0: 0.5 · (cos 0, sin 0) = (0.5, 0).
 */
export const gaussian: Attack<'gaussian'> = {
  name: 'gaussian',
  summary: 'send Gaussian noise in place of an update',
  deed: 'sent noise',
  options: {
    deviation: { kind: 'number', summary: 'standard deviation of each coordinate', above: 0, most: 1e6, default: 1 },
  },
  paper: 'Blanchard, El Mhamdi, Guerraoui, Stainer: Machine Learning with Adversaries, NeurIPS 2017',
  colludes: () => false,
  create:
    ({ deviation }) =>
    ({ own, random }) =>
      scaled(normals(own.length, random), deviation as number),
}
