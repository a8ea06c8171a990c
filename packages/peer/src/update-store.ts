import { Workspace } from '@hearsay/aggregation'
import type { Digest } from '@hearsay/protocol'

interface Row {
  readonly index: number
  readonly round: number
  digest: Digest | undefined
}

/**
 * Updates by digest, in the rows of one kernel memory, where they are pulled to and aggregated from without a copy.
 * A round takes at most `perRound` rows; rows of rounds before the last are reused, oldest first.
 */
export class UpdateStore {
  readonly workspace: Workspace
  readonly #rows: (Row | undefined)[]
  readonly #byDigest = new Map<Digest, Row>()

  /** Room for updates of `length` parameters, `rows` of them. */
  constructor(options: { rows: number; length: number }) {
    this.workspace = new Workspace(options)
    this.#rows = Array(options.rows).fill(undefined)
  }

  /** A free row for a payload of this round; undefined if rounds that are still needed fill all. */
  reserve(round: number): number | undefined {
    let index = this.#rows.indexOf(undefined)
    if (index < 0) {
      const oldest = this.#rows.reduce((a, b) => (a !== undefined && b !== undefined && b.round < a.round ? b : a))
      if (oldest === undefined || oldest.round >= round - 1) return undefined
      index = oldest.index
      this.release(index)
    }
    this.#rows[index] = { index, round, digest: undefined }
    return index
  }

  /** The row now holds the payload with this digest. */
  commit(index: number, digest: Digest): void {
    const row = this.#rows[index]
    if (row === undefined) return
    row.digest = digest
    this.#byDigest.set(digest, row)
  }

  release(index: number): void {
    const row = this.#rows[index]
    if (row?.digest !== undefined && this.#byDigest.get(row.digest) === row) this.#byDigest.delete(row.digest)
    this.#rows[index] = undefined
  }

  rowOf(digest: Digest): number | undefined {
    return this.#byDigest.get(digest)?.index
  }

  bytes(digest: Digest): Uint8Array<ArrayBuffer> | undefined {
    const row = this.#byDigest.get(digest)
    return row === undefined ? undefined : this.workspace.bytes(row.index)
  }
}

/** The newest few models by digest, to train from and to serve to peers that are behind. */
export class ModelStore {
  readonly #models = new Map<Digest, Float32Array<ArrayBuffer>>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  set(digest: Digest, model: Float32Array<ArrayBuffer>): void {
    this.#models.delete(digest)
    this.#models.set(digest, model)
    for (const oldest of this.#models.keys()) if (this.#models.size > this.#most) this.#models.delete(oldest)
  }

  get(digest: Digest): Float32Array<ArrayBuffer> | undefined {
    return this.#models.get(digest)
  }
}
