import type { Member, Options } from '@hearsay/catalogue'
import type { Vouches } from '../vouches/vouches.ts'

/**
 * A way from vouches to trust. It must give the same bits on every machine: +, −, ×, ÷ and comparisons of float64 in a fixed
 * order, a number of steps that depends on the options and the number of peers alone, and nothing of `Math` whose last bits are
 * left to the engine.
 */
export interface TrustMethod<Name extends string = string> extends Member<Name> {
  /** What trust is multiplied by before it is rounded down to integer weights, unless said otherwise. */
  readonly scale: number
  /** The greatest weight of a vouch that it can use; any when left out. */
  readonly mostWeight?: number
  /** Trust of each peer, finite and 0 or more; `preTrusted[i]` is 1 for those who are trusted to begin with, and 0 for others. */
  trust(vouches: Vouches, preTrusted: Uint8Array, options: Options): Float64Array
}

/** How often what shrinks by `factor` at a step, and is `size` at first, has to shrink until it is at most `error`. */
export function stepsUntil(error: number, size: number, factor: number): number {
  let steps = 0
  for (let left = size; left > error; left *= factor) steps++
  return steps
}
