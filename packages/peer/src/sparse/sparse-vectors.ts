import type { RowShape, RuleSpec, SparseUpdate, Update } from '@hearsay/aggregation'
import { type Digest, digestOfVector } from '@hearsay/protocol'
import { nextModelOfRows, noRows, scaledRows, withstanding } from '../next-model.ts'
import type { Part, Room, Vector, Vectors, WorkOf } from '../ports.ts'
import { ModelStore, type Row, UpdatePlaces } from '../update-store.ts'
import { decodeBody, decodeHead, type Head, headBytes, heldRows } from './payload.ts'

export interface SparseVectorsOptions {
  readonly rule: RuleSpec
  readonly rows: RowShape
  /** How many peers there are. */
  readonly peers: number
  readonly initial: Vector
  /** Models that this peer has when it starts again, the one that it starts from last. */
  readonly models?: readonly Vector[] | undefined
  /** Whether pauses count: then updates of before stand in for others. */
  readonly pauses?: boolean | undefined
}

/** An update that is held, or is no update: why. */
interface Held {
  readonly parts: readonly Part[]
  readonly update: SparseUpdate | string
}

/** Updates of rows, and models, of one peer, in memory of its own. */
export class SparseVectors implements Vectors {
  readonly #rule: RuleSpec
  readonly #shape: RowShape
  readonly #length: number
  /** As many as of updates that are vectors. */
  readonly #places: UpdatePlaces
  /** By the index of the place. */
  readonly #held: (Held | undefined)[] = []
  readonly #models = new ModelStore()

  constructor({ rule, rows, peers, initial, models = [], pauses }: SparseVectorsOptions) {
    this.#rule = rule
    this.#shape = rows
    this.#length = initial.length
    this.#places = new UpdatePlaces((pauses ? 5 : 4) * peers)
    for (const known of [initial, ...models]) this.#models.set(digestOfVector(known), known)
  }

  vector(digest: Digest): Vector | undefined {
    return this.#models.get(digest)
  }

  update(digest: Digest): SparseUpdate | undefined {
    const update = this.#of(digest)?.update
    return typeof update === 'string' ? undefined : update
  }

  payload(digest: Digest): Uint8Array | undefined {
    const own = this.parts(digest)[0]
    return (own ?? this.#held.flatMap((held) => held?.parts[1] ?? []).find((body) => body.digest === digest))?.bytes
  }

  parts(digest: Digest): readonly Part[] {
    return this.#of(digest)?.parts ?? this.#models.parts(digest)
  }

  hold(round: number, update: Update): Digest {
    const { parts, spoken, fault } = heldRows(update, this.#shape)
    const [{ digest }] = parts
    if (this.renew(digest, round)) return digest
    const row = this.#places.reserve(round)
    if (row === undefined) throw new Error(`no room for an update of round ${round}: this is a bug`)
    this.#commit(row, digest, { parts, update: fault ?? spoken })
    return digest
  }

  renew(digest: Digest, round: number): boolean {
    return this.#places.renew(digest, round) !== undefined
  }

  reserve(round: number, what: 'update' | 'model', digest: Digest): Room | undefined {
    if (what === 'model') return this.#models.room(digest, this.#length)
    const row = this.#places.reserve(round)
    if (row === undefined) return undefined
    const into = new Uint8Array(headBytes)
    const part = { digest, bytes: into }
    const commit = (): readonly Room[] | boolean => {
      const head = decodeHead(into, this.#shape)
      if (typeof head === 'string') return this.#commit(row, digest, { parts: [part], update: head })
      const room = this.#bodyRoom(row, part, head)
      // Nothing is pulled of what is not there.
      return head.count === 0 ? room.commit() : [room]
    }
    return { digest, sizeBytes: headBytes, into, commit, release: () => this.#places.release(row) }
  }

  fault(digest: Digest): string | undefined {
    const held = this.#of(digest)
    if (held === undefined) return 'it is not held'
    return typeof held.update === 'string' ? held.update : undefined
  }

  heldOf(round: number): Digest[] {
    return this.#places.heldOf(round)
  }

  aggregate({ round, model, members, weights, fewer }: WorkOf<'aggregate'>): Digest {
    const from = this.#models.get(model)
    if (from === undefined) throw new Error(`the model ${model} is not held: this is a bug`)
    const digests = members.map(({ digest }) => digest)
    const updates = members.map(({ digest, scale }) => {
      if (scale === 0) return noRows
      const update = this.update(digest)
      if (update === undefined)
        throw new Error(`round ${round} lacks the update ${digest} that was held: this is a bug`)
      return scaledRows(update, scale)
    })
    const rule = withstanding(this.#rule, fewer)
    return this.#models.add(nextModelOfRows(rule, this.#shape, updates, from, digests, weights))
  }

  average(): Digest {
    throw new Error('updates of rows are not averaged: this is a bug')
  }

  /** Places are given to others when they are needed. */
  measure(): number[] {
    throw new Error('updates of rows are not measured: this is a bug')
  }

  apply(): Digest {
    throw new Error('updates of rows are not applied one by one: this is a bug')
  }

  need(): void {}

  beginRound(): void {}

  #bodyRoom(row: Row, head: Part, { digest, sizeBytes, count }: Head): Room {
    const into = new Uint8Array(sizeBytes)
    const commit = (): boolean => {
      const body = { digest, bytes: into }
      const update = decodeBody(into, { digest, sizeBytes, count }, this.#shape)
      return this.#commit(row, head.digest, { parts: [head, body], update })
    }
    return { digest, sizeBytes, into, commit, release: () => this.#places.release(row) }
  }

  #of(digest: Digest): Held | undefined {
    const index = this.#places.rowOf(digest)
    return index === undefined ? undefined : this.#held[index]
  }

  #commit(row: Row, digest: Digest, held: Held): boolean {
    if (!this.#places.commit(row, digest)) return false
    this.#held[row.index] = held
    return true
  }
}
