import type { Attack } from './attack.ts'
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
    ({ own, random }) => {
      const noise = new Float64Array(own.length)
      // Box and Muller 1958: two uniform numbers make two normal ones.
      for (let i = 0; i < noise.length; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()))
        const angle = 2 * Math.PI * random.uniform()
        noise[i] = radius * Math.cos(angle)
        if (i + 1 < noise.length) noise[i + 1] = radius * Math.sin(angle)
      }
      return scaled(noise, deviation as number)
    },
}
