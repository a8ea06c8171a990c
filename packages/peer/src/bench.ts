import type { Bench, Digest } from '@hearsay/protocol'
import { distanceBetween, moved } from './distances.ts'
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

/** What judges updates in an order is told of vectors, and what it makes of them: the model is rounded after each update. */
export function benchOf({ from, vector, byRule, hold }: BenchParts): Bench {
  let made: Vector = Float32Array.from(from)
  return {
    distance: (a, b) => distanceBetween(vector(a), vector(b)),
    distanceOfStep: (update, before, after) =>
      distanceBetween(vector(update), moved(vector(after), vector(before), -1)),
    add: (update, times) => {
      made = moved(made, vector(update), times)
    },
    addByRule: () => {
      made = byRule()
    },
    model: () => hold(made),
  }
}
