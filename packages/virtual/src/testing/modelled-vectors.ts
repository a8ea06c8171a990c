import { isSparse } from '@hearsay/aggregation'
import { keyOf, type Vector, type Vectors } from '@hearsay/peer'
import { type Digest, digestOf, digestOfVector } from '@hearsay/protocol'

const encoder = new TextEncoder()
/** What stands for the numbers of a model, which nobody looks at. */
const noNumbers = new Float32Array(0)

/** Vectors of peers that learn nothing: an update is a few numbers, a model the digest of what went into it. */
export class ModelledVectors {
  readonly #payload: Uint8Array<ArrayBuffer>
  readonly #initial: Digest
  readonly #updates = new Map<Digest, Vector>()
  /** Who holds what, by digest, for ever. */
  readonly #holders = new Map<Digest, Set<number>>()

  /** All travel as so many bytes. */
  constructor(payloadBytes: number, initial: Digest) {
    this.#payload = new Uint8Array(payloadBytes)
    this.#initial = initial
  }

  /** The peer has lost all that it held. */
  forget(peer: number): void {
    for (const holders of this.#holders.values()) holders.delete(peer)
  }

  of(peer: number): Vectors {
    const holds = (digest: Digest): boolean => digest === this.#initial || this.#holders.get(digest)?.has(peer) === true
    const hold = (digest: Digest): Digest => {
      this.#holders.set(digest, (this.#holders.get(digest) ?? new Set()).add(peer))
      return digest
    }
    return {
      vector: (digest) => (holds(digest) ? (this.#updates.get(digest) ?? noNumbers) : undefined),
      update: (digest) => (holds(digest) ? this.#updates.get(digest) : undefined),
      payload: (digest) => (holds(digest) ? this.#payload : undefined),
      parts: (digest) => (holds(digest) ? [{ digest, bytes: this.#payload }] : []),
      hold: (_, update) => {
        if (isSparse(update)) throw new RangeError('updates of rows are not modelled')
        const digest = digestOfVector(update)
        this.#updates.set(digest, Float32Array.from(update))
        return hold(digest)
      },
      renew: holds,
      reserve: (_, _what, digest) => ({
        digest,
        sizeBytes: this.#payload.length,
        into: undefined,
        commit: () => hold(digest) === digest,
        release: () => {},
      }),
      fault: () => undefined,
      heldOf: () => [],
      aggregate: ({ model, members }) => hold(digestOf(encoder.encode(`${model} ${keyOf(members)}`))),
      average: () => {
        throw new Error('peers that learn nothing average nothing: this is a bug')
      },
      beginRound: () => {},
    }
  }
}
