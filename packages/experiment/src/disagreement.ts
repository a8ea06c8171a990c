import type { Digest } from '@hearsay/protocol'
import { largestDistance } from './measures.ts'

/** How far the models of honest peers are apart in each round: the largest Euclidean distance between two. */
export class Disagreement {
  readonly #models = new Map<number, Map<Digest, Float32Array>>()
  readonly #distances: Map<number, number | null>

  /** With what is known of rounds of which no further models are expected. */
  constructor(distances: ReadonlyMap<number, number | null> = new Map()) {
    this.#distances = new Map(distances)
  }

  get distances(): ReadonlyMap<number, number | null> {
    return this.#distances
  }

  /** A model that an honest peer ended a round with. */
  add(round: number, digest: Digest, model: Float32Array): void {
    const models = this.#models.get(round) ?? new Map<Digest, Float32Array>()
    this.#models.set(round, models)
    if (models.has(digest)) return
    const before = this.#distances.has(round) ? this.of(round) : 0
    const apart = [...models.values()].map((other) => largestDistance([other, model]))
    this.#distances.set(
      round,
      before === null || apart.includes(null) ? null : Math.max(before, ...(apart as number[])),
    )
    models.set(digest, model)
  }

  /** No further models are expected of rounds before this one. */
  forget(before: number): void {
    for (const round of this.#models.keys()) if (round < before) this.#models.delete(round)
  }

  /** Null when there is no model, or one of several is not finite; 0 when there is one. */
  of(round: number): number | null {
    return this.#distances.get(round) ?? null
  }
}
