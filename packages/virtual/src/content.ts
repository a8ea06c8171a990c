import { areFinite, type Update } from '@hearsay/aggregation'
import { bytesOf, notFinite, type Part } from '@hearsay/peer'
import { type Digest, digestOfVector } from '@hearsay/protocol'

/** An update or a model, and what it travels as. */
export interface Content {
  readonly update: Update
  readonly fault: string | undefined
  readonly parts: readonly Part[]
}

/** By its digest. */
export interface Known {
  readonly digest: Digest
  readonly content: Content
}

/** Copies of vectors, of which the last is not made again: all liars of a coalition send the same, one after the other. */
export class Copies {
  #last: Known | undefined

  of(vector: Float32Array): Known {
    const last = this.#last
    if (last !== undefined && Buffer.compare(last.content.parts[0]!.bytes, bytesOf(vector)) === 0) return last
    const update = Float32Array.from(vector)
    const digest = digestOfVector(update)
    const fault = areFinite(update) ? undefined : notFinite
    const made = { digest, content: { update, fault, parts: [{ digest, bytes: bytesOf(update) }] } }
    this.#last = made
    return made
  }
}
