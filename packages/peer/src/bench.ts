import type { Bench, Digest } from '@hearsay/protocol'
import type { Vector } from './ports.ts'

export interface BenchParts {
  /** The model of the round. */
  readonly from: Float32Array
  /** A held update or model. Throws if it is not held. */
  readonly vector: (digest: Digest) => Float32Array
  /** What the rule of the network makes of all members, fresh. */
  readonly byRule: () => Vector
  readonly hold: (model: Vector) => Digest
}

/**
 * What judges updates in an order is told of vectors, and what it makes of them. Sums are of 64 bits, in the order of coordinates;
 * the model is of 32 after each update, so that peers and who verifies have the same bits.
 */
export function benchOf({ from, vector, byRule, hold }: BenchParts): Bench {
  let made: Vector = Float32Array.from(from)
  return {
    distance: (a, b) => {
      const [one, other] = [vector(a), vector(b)]
      return norm(one.length, (i) => one[i]! - other[i]!)
    },
    distanceOfStep: (update, before, after) => {
      const [one, x, y] = [vector(update), vector(before), vector(after)]
      return norm(one.length, (i) => one[i]! - (y[i]! - x[i]!))
    },
    add: (digest, times) => {
      const update = vector(digest)
      for (let i = 0; i < made.length; i++) made[i]! += times * update[i]!
    },
    addByRule: () => {
      made = byRule()
    },
    model: () => hold(made),
  }
}

function norm(length: number, at: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < length; i++) {
    const difference = at(i)
    sum += difference * difference
  }
  return Math.sqrt(sum)
}
