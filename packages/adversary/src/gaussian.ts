import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Adversary } from './adversary.ts'

/**
 * Sends noise instead of an update: independent normal coordinates of mean 0 and the given standard deviation, the same
 * for the same seed.
 *
 * At most f of them among n ≥ 3f+1: robust rules drop what stands out; with a deviation like that of honest updates it
 * is only a useless update. A mean takes in 1/n of the noise. It keeps to the protocol: no delay, fork or evidence.
 */
export function gaussian({ deviation, seed }: { readonly deviation: number; readonly seed: number }): Adversary {
  const random = xoroshiro128plus(seed)
  return {
    alter: (update) => {
      const noise = new Float32Array(update.length)
      // Box and Muller 1958: two uniform numbers make two normal ones.
      for (let i = 0; i < noise.length; i += 2) {
        const radius = deviation * Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)))
        const angle = 2 * Math.PI * uniformFloat64(random)
        noise[i] = radius * Math.cos(angle)
        if (i + 1 < noise.length) noise[i + 1] = radius * Math.sin(angle)
      }
      return noise
    },
  }
}
