import { areFinite, isSparse, type RuleSpec, Workspace } from '@hearsay/aggregation'
import { addTo, keyOf, notFinite, type Vector, type Vectors, type WorkOf } from '@hearsay/peer'
import { average, type Digest, digestOf, digestOfVector } from '@hearsay/protocol'

const encoder = new TextEncoder()
/** What stands for the numbers of a model that nobody looks at. */
const noNumbers = new Float32Array(0)
/** Numbers of an update. */
export const modelledLength = 4

/** An average that a peer made. */
export interface Average {
  readonly peer: number
  readonly work: WorkOf<'average'>
  readonly average: Vector
  /** The average added to the model, where the step is taken; else the average. */
  readonly numbers: Vector
}

/**
 * Vectors of peers that learn nothing: an update is a few numbers, an aggregated model the digest of what went into it.
 * What is averaged is averaged.
 */
export class ModelledVectors {
  readonly #payload: Uint8Array<ArrayBuffer>
  readonly #initial: Digest
  readonly #updates = new Map<Digest, Vector>()
  /** Who holds what, by digest, for ever. */
  readonly #holders = new Map<Digest, Set<number>>()

  readonly #rule: RuleSpec
  readonly #averaged: (average: Average) => void

  /** All travel as so many bytes; `averaged` is told of every average. */
  constructor(
    payloadBytes: number,
    initial: Digest,
    tolerated: number,
    averaged: (average: Average) => void = () => {},
  ) {
    this.#payload = new Uint8Array(payloadBytes)
    this.#initial = initial
    this.#rule = { rule: 'trimmed-mean', tolerated }
    this.#averaged = averaged
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
        return hold(this.#keep(Float32Array.from(update)))
      },
      renew: holds,
      reserve: (_, _what, digest) => ({
        digest,
        sizeBytes: this.#payload.length,
        into: undefined,
        commit: () => hold(digest) === digest,
        release: () => {},
      }),
      fault: (digest) => (areFinite(this.#updates.get(digest) ?? noNumbers) ? undefined : notFinite),
      heldOf: () => [],
      aggregate: ({ model, members }) => hold(digestOf(encoder.encode(`${model} ${keyOf(members)}`))),
      average: (work) => {
        const made = this.#average(work)
        const numbers = Float32Array.from(made)
        addTo(numbers, work.onto === undefined ? undefined : this.#updates.get(work.onto))
        this.#averaged({ peer, work, average: made, numbers })
        return hold(this.#keep(numbers))
      },
      measure: ({ pairs }) => pairs.map(([a, b]) => (a === b ? 0 : 1)),
      apply: ({ model, update, factor }) => hold(digestOf(encoder.encode(`${model} ${update} ${factor}`))),
      need: () => {},
      beginRound: () => {},
    }
  }

  #keep(vector: Vector): Digest {
    const digest = digestOfVector(vector)
    this.#updates.set(digest, vector)
    return digest
  }

  #average({ by, members }: WorkOf<'average'>): Vector {
    const workspace = new Workspace({ rows: members.length, length: modelledLength })
    for (const [row, { digest }] of members.entries()) workspace.vector(row).set(this.#updates.get(digest)!)
    return average(by, this.#rule, workspace, [...members.keys()], (digest) => this.#updates.get(digest)!)
  }
}
