/**
 * How long something takes, as data. Drawn with sums and products only, which every machine rounds alike; no logarithm
 * or exponential, whose last bits differ.
 */
import type { RandomStream } from '@hearsay/catalogue/random'

export type Distribution =
  /** Always the same. */
  | { readonly ms: number }
  /** Anything from the first to the second, equally likely. */
  | { readonly uniform: readonly [number, number] }
  /**
   * Half of the draws are below the median, and a few far above it: the quantiles of a log-normal distribution with
   * σ = 0.5, which is near to what is measured between machines on the internet.
   */
  | { readonly medianMs: number }

/** exp(0.5 · Φ⁻¹(i/32)) for i = 1 … 31, and at both ends the quantiles 1/1000 and 999/1000: printed once, to 4 digits. */
const longTail = [
  0.2133, 0.394, 0.4644, 0.5174, 0.5626, 0.6035, 0.6417, 0.6783, 0.7137, 0.7486, 0.7832, 0.8178, 0.8527, 0.8882, 0.9244,
  0.9616, 1, 1.04, 1.0818, 1.1259, 1.1727, 1.2228, 1.2768, 1.3358, 1.4011, 1.4743, 1.5583, 1.657, 1.7774, 1.9329,
  2.1534, 2.538, 4.6885,
]

/** The largest value that it draws. */
export function longest(distribution: Distribution): number {
  if ('ms' in distribution) return distribution.ms
  return 'uniform' in distribution ? distribution.uniform[1] : distribution.medianMs * longTail.at(-1)!
}

/** What draws from it, in milliseconds. */
export function sampler(distribution: Distribution): (random: RandomStream) => number {
  if ('ms' in distribution) return () => distribution.ms
  if ('uniform' in distribution) {
    const [least, most] = distribution.uniform
    return (random) => least + (most - least) * random.uniform()
  }
  const { medianMs } = distribution
  return (random) => {
    const at = random.uniform() * (longTail.length - 1)
    const below = Math.floor(at)
    const [low, high] = [longTail[below]!, longTail[below + 1]!]
    return medianMs * (low + (at - below) * (high - low))
  }
}
