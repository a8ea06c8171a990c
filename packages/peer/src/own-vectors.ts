import type { RuleSpec } from '@hearsay/aggregation'
import { average, type Digest, digestOfVector, type Member } from '@hearsay/protocol'
import { nextModel } from './next-model.ts'
import type { Room, Vector, Vectors, WorkOf } from './ports.ts'
import { ModelStore, type Row, UpdateStore } from './update-store.ts'

/** So many models are held, the newest. */
const modelsKept = 6

export interface OwnVectorsOptions {
  readonly rule: RuleSpec
  /** How many peers there are. */
  readonly peers: number
  readonly initial: Vector
  /** The model that this peer starts from, when it starts again. */
  readonly model?: Vector | undefined
  /** The most stages that a round has, of an agreement that has any. */
  readonly stages?: number | undefined
}

/** The vectors of one peer, in memory of its own. */
export class OwnVectors implements Vectors {
  readonly sizeBytes: number
  readonly #rule: RuleSpec
  readonly #updates: UpdateStore
  readonly #models = new ModelStore(modelsKept)

  constructor({ rule, peers, initial, model = initial, stages }: OwnVectorsOptions) {
    this.#rule = rule
    this.sizeBytes = initial.byteLength
    // A stage holds a vector a peer, or two of a sender that announced two; the last round's are still served. A peer whose
    // vector stands for those of others needs copies.
    const rows = stages === undefined ? 4 * peers : (4 * stages + 1) * peers
    this.#updates = new UpdateStore({ rows, length: initial.length })
    for (const known of [initial, model]) this.#models.set(digestOfVector(known), known)
  }

  vector(digest: Digest): Vector | undefined {
    const row = this.#updates.rowOf(digest)
    return row === undefined ? this.#models.get(digest) : this.#updates.workspace.vector(row)
  }

  payload(digest: Digest): Uint8Array | undefined {
    const vector = this.vector(digest)
    return vector && bytesOf(vector)
  }

  hold(round: number, update: Float32Array): Digest {
    const length = this.sizeBytes / 4
    if (update.length !== length)
      throw new RangeError(`an update of ${update.length} parameters for a model of ${length}`)
    const digest = digestOfVector(update)
    if (this.renew(digest, round)) return digest
    const row = this.#updates.reserve(round)
    if (row === undefined) throw new Error(`no room for an update of round ${round}: this is a bug`)
    this.#updates.workspace.vector(row.index).set(update)
    this.#updates.commit(row, digest)
    return digest
  }

  renew(digest: Digest, round: number): boolean {
    return this.#updates.renew(digest, round) !== undefined
  }

  reserve(round: number, what: 'update' | 'model'): Room | undefined {
    if (what === 'model') {
      const model = new Float32Array(this.sizeBytes / 4)
      const commit = (digest: Digest): boolean => {
        this.#models.set(digest, model)
        return true
      }
      return { into: bytesOf(model), commit, release: () => {} }
    }
    const row = this.#updates.reserve(round)
    return (
      row && {
        into: this.#updates.workspace.bytes(row.index),
        commit: (digest) => this.#updates.commit(row, digest),
        release: () => this.#updates.release(row),
      }
    )
  }

  isFinite(digest: Digest): boolean {
    const row = this.#updates.rowOf(digest)
    return row !== undefined && this.#updates.workspace.isFinite(row)
  }

  heldOf(round: number): Digest[] {
    return this.#updates.heldOf(round)
  }

  aggregate({ round, model, members }: WorkOf<'aggregate'>): Digest {
    const from = this.#held(model)
    const digests = members.map(({ digest }) => digest)
    return this.#keep(
      this.#withRows(round, members, (rows) => nextModel(this.#rule, this.#updates.workspace, rows, from, digests)),
    )
  }

  average({ round, by, members, onto, into }: WorkOf<'average'>): Digest {
    const result = this.#withRows(round, members, (rows) =>
      average(by, this.#rule, this.#updates.workspace, rows, (digest) => this.#held(digest)),
    )
    addTo(result, onto === undefined ? undefined : this.#held(onto))
    return into === 'vector' ? this.hold(round, result) : this.#keep(result)
  }

  /** Rows are given to others when they are needed. */
  beginRound(): void {}

  #held(digest: Digest): Vector {
    const vector = this.vector(digest)
    if (vector === undefined) throw new Error(`the vector ${digest} is not held: this is a bug`)
    return vector
  }

  #keep(model: Vector): Digest {
    const digest = digestOfVector(model)
    this.#models.set(digest, model)
    return digest
  }

  /** A row for each member. Peers may have sent the same update, liars that collude above all: each of them counts. */
  #withRows<T>(round: number, members: readonly Member[], use: (rows: readonly number[]) => T): T {
    const used = new Set<number>()
    const copies: Row[] = []
    const rows = members.map(({ digest }) => {
      let index = this.#updates.rowOf(digest)
      if (index !== undefined && used.has(index)) {
        const copy = this.#updates.copy(index, round)
        if (copy !== undefined) copies.push(copy)
        index = copy?.index
      }
      if (index === undefined) throw new Error(`round ${round} lacks the update ${digest} that was held: this is a bug`)
      used.add(index)
      return index
    })
    const result = use(rows)
    for (const copy of copies) this.#updates.release(copy)
    return result
  }
}

/** Adds a vector, if there is one, to another. */
export function addTo(result: Vector, other: Float32Array | undefined): void {
  if (other !== undefined) for (let i = 0; i < result.length; i++) result[i]! += other[i]!
}

export function bytesOf({ buffer, byteOffset, byteLength }: Vector): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
