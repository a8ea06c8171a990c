/** Of one peer, as in scenarios and genesis files. */
export const greatestWeight = 1_000_000

interface Rounding {
  /** What trust is multiplied by. */
  readonly scale: number
  /** Pre-trusted peers never weigh less; 0 when left out. */
  readonly floor?: number | undefined
  readonly preTrusted?: Iterable<number>
}

/**
 * Integer weights, so that all peers count the same: scale · trust rounded down, at most `greatestWeight`, and at least `floor`
 * for the pre-trusted. 0 is a peer that has no voice: a roster is without it.
 */
export function wholeWeights(trust: Float64Array, { scale, floor = 0, preTrusted = [] }: Rounding): number[] {
  const weights = Array.from(trust, (each) => Math.min(greatestWeight, Math.floor(scale * each)))
  for (const peer of preTrusted) weights[peer] = Math.max(floor, weights[peer]!)
  return weights
}
