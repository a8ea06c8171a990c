/**
 * What asynchronous agreement needs of vectors: how far apart two are, and one moved along another. The same bits on every
 * machine: numbers of 64 bits, added up in the order of the parameters; of the 32 bits of models each is rounded once.
 */
import type { Averaged, Digest } from '@hearsay/protocol'

/** ‖a − b‖₂ of two vectors of length `d`. */
export function distanceBetween(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!
    sum += difference * difference
  }
  return Math.sqrt(sum)
}

/** What is averaged of a member: its vector, or how far that is from another, fresh. */
export function averagedOf({ digest, less }: Averaged, held: (digest: Digest) => Float32Array): Float32Array {
  return less === undefined ? held(digest) : moved(held(digest), held(less), -1)
}

/** from + factor · along, fresh. */
export function moved(from: Float32Array, along: Float32Array, factor: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(from.length)
  for (let i = 0; i < result.length; i++) result[i] = from[i]! + factor * along[i]!
  return result
}
