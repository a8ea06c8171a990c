import { Workspace } from '@hearsay/aggregation'
import { type Digest, digestOfVector } from '@hearsay/protocol'
import { bytesOf } from './bytes.ts'
import type { Part, Room } from './ports.ts'

/** A place for one update. Whoever reserved it holds on to it, so that a place given to another is not mistaken for it. */
export interface Row {
  readonly index: number
  readonly round: number
}

/**
 * Which update is where, by digest. Places of the newest round and the one before are never given to others; older ones are,
 * oldest first.
 */
export class UpdatePlaces {
  readonly #rows: (Row | undefined)[]
  readonly #byDigest = new Map<Digest, Row>()
  readonly #digests = new Map<Row, Digest>()

  /** Places for so many. */
  constructor(rows: number) {
    this.#rows = Array(rows).fill(undefined)
  }

  /** A free row for a payload of this round; undefined if rounds that are still needed fill all. */
  reserve(round: number): Row | undefined {
    let index = this.#rows.indexOf(undefined)
    if (index < 0) {
      const oldest = this.#rows.reduce((a, b) => (a !== undefined && b !== undefined && b.round < a.round ? b : a))
      if (oldest === undefined || oldest.round >= round - 1) return undefined
      index = oldest.index
      this.release(oldest)
    }
    const row = { index, round }
    this.#rows[index] = row
    return row
  }

  /** The row now holds the payload with this digest; false if it was given to a newer round meanwhile. */
  commit(row: Row, digest: Digest): boolean {
    if (this.#rows[row.index] !== row) return false
    this.#digests.set(row, digest)
    this.#byDigest.set(digest, row)
    return true
  }

  release(row: Row): void {
    if (this.#rows[row.index] !== row) return
    const digest = this.#digests.get(row)
    if (digest !== undefined && this.#byDigest.get(digest) === row) this.#byDigest.delete(digest)
    this.#digests.delete(row)
    this.#rows[row.index] = undefined
  }

  rowOf(digest: Digest): number | undefined {
    return this.#byDigest.get(digest)?.index
  }

  /** The row of this digest, which is then kept as one of this round: whoever repeats an old update needs it again. */
  renew(digest: Digest, round: number): number | undefined {
    const row = this.#byDigest.get(digest)
    if (row === undefined || row.round >= round) return row?.index
    const renewed = { index: row.index, round }
    this.#rows[row.index] = renewed
    this.#digests.delete(row)
    this.commit(renewed, digest)
    return row.index
  }

  /** Digests of what is held of this round. */
  heldOf(round: number): Digest[] {
    return [...this.#digests].flatMap(([row, digest]) => (row.round === round ? digest : []))
  }
}

/** Updates of all parameters, in the rows of one kernel memory, where they are pulled to and aggregated from without a copy. */
export class UpdateStore extends UpdatePlaces {
  readonly workspace: Workspace

  /** Room for updates of `length` parameters, `rows` of them. */
  constructor(options: { rows: number; length: number }) {
    super(options.rows)
    this.workspace = new Workspace(options)
  }

  /** A row with the same numbers, or zeros, without a digest, to be released after use; undefined as `reserve`. */
  copy(index: number | undefined, round: number): Row | undefined {
    const row = this.reserve(round)
    if (row === undefined) return undefined
    const bytes = this.workspace.bytes(row.index)
    if (index === undefined) bytes.fill(0)
    else bytes.set(this.workspace.bytes(index))
    return row
  }

  bytes(digest: Digest): Uint8Array<ArrayBuffer> | undefined {
    const row = this.rowOf(digest)
    return row === undefined ? undefined : this.workspace.bytes(row)
  }
}

/** So many models are held, the newest: more than any peer may still train on, or be asked for. */
export function modelsKept(remembered = 0): number {
  return 6 + remembered
}

/** The newest few models by digest, to train from and to serve to peers that are behind. */
export class ModelStore {
  readonly #models = new Map<Digest, Float32Array<ArrayBuffer>>()
  /** However old they are. */
  #needed = new Map<Digest, Float32Array<ArrayBuffer>>()
  readonly #most: number

  constructor(most = modelsKept()) {
    this.#most = most
  }

  /** By its digest, which it gives. */
  add(model: Float32Array<ArrayBuffer>): Digest {
    const digest = digestOfVector(model)
    this.set(digest, model)
    return digest
  }

  /** Room for a model of so many parameters. */
  room(digest: Digest, length: number): Room {
    const model = new Float32Array(length)
    const commit = (): boolean => {
      this.set(digest, model)
      return true
    }
    return { digest, sizeBytes: model.byteLength, into: bytesOf(model), commit, release: () => {} }
  }

  parts(digest: Digest): readonly Part[] {
    const model = this.get(digest)
    return model === undefined ? [] : [{ digest, bytes: bytesOf(model) }]
  }

  set(digest: Digest, model: Float32Array<ArrayBuffer>): void {
    this.#models.delete(digest)
    this.#models.set(digest, model)
    for (const oldest of this.#models.keys()) if (this.#models.size > this.#most) this.#models.delete(oldest)
  }

  get(digest: Digest): Float32Array<ArrayBuffer> | undefined {
    return this.#models.get(digest) ?? this.#needed.get(digest)
  }

  /** Of the models that are held, these go on being held, besides the newest. */
  need(digests: readonly Digest[]): void {
    this.#needed = new Map(
      digests.flatMap((digest) => {
        const model = this.get(digest)
        return model === undefined ? [] : [[digest, model] as const]
      }),
    )
  }
}
