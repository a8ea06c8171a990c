import { isSparse, type RuleSpec, type Update } from '@hearsay/aggregation'
import {
  type Averaged,
  average,
  type Contribution,
  type Digest,
  digestOfVector,
  type Order,
  type Ordered,
} from '@hearsay/protocol'
import { benchOf } from './bench.ts'
import { bytesOf } from './bytes.ts'
import { averagedOf, distanceBetween, moved } from './distances.ts'
import { goesOn, nextModel, scaleBy, withstanding } from './next-model.ts'
import { notFinite, type Part, type Reception, type Room, type Vector, type Vectors, type WorkOf } from './ports.ts'
import { ModelStore, modelsKept, type Row, UpdateStore } from './update-store.ts'

export interface OwnVectorsOptions {
  readonly rule: RuleSpec
  /** How many peers there are. */
  readonly peers: number
  readonly initial: Vector
  /** Models that this peer has when it starts again, the one that it starts from last. */
  readonly models?: readonly Vector[] | undefined
  /** The most stages that a round has, of an agreement that has any. */
  readonly stages?: number | undefined
  /** Where updates lose chunks on their way. */
  readonly arrivals?: Reception | undefined
  /** Models of so many rounds may be trained on, where updates are judged in an order. */
  readonly remembered?: number | undefined
  /** Whether pauses count: then updates of before stand in for others. */
  readonly pauses?: boolean | undefined
}

/** The vectors of one peer, in memory of its own. */
export class OwnVectors implements Vectors {
  readonly #length: number
  readonly #rule: RuleSpec
  readonly #updates: UpdateStore
  readonly #models: ModelStore
  readonly #arrivals: Reception | undefined

  constructor({ rule, peers, initial, models = [], stages, arrivals, remembered, pauses }: OwnVectorsOptions) {
    this.#rule = rule
    this.#arrivals = arrivals
    this.#length = initial.length
    // A stage holds a vector a peer, or two of a sender that announced two; the last round's are still served. A peer whose
    // vector stands for those of others needs copies.
    // Of whoever judges in an order, the last of each peer are there besides, and one more; and where pauses count, the last and copies.
    const usual = remembered === undefined && !pauses ? 4 : 6
    const rows = stages === undefined ? usual * peers : (4 * stages + 1) * peers
    this.#models = new ModelStore(modelsKept(remembered))
    this.#updates = new UpdateStore({ rows, length: initial.length })
    for (const known of [initial, ...models]) this.#models.set(digestOfVector(known), known)
  }

  vector(digest: Digest): Vector | undefined {
    const row = this.#updates.rowOf(digest)
    return row === undefined ? this.#models.get(digest) : this.#updates.workspace.vector(row)
  }

  update(digest: Digest): Vector | undefined {
    const row = this.#updates.rowOf(digest)
    return row === undefined ? undefined : this.#updates.workspace.vector(row)
  }

  payload(digest: Digest): Uint8Array<ArrayBuffer> | undefined {
    const vector = this.vector(digest)
    return vector && bytesOf(vector)
  }

  parts(digest: Digest): readonly Part[] {
    const bytes = this.payload(digest)
    return bytes === undefined ? [] : [{ digest, bytes }]
  }

  hold(round: number, update: Update): Digest {
    const length = this.#length
    if (isSparse(update)) throw new RangeError(`an update of rows for a model of ${length} parameters that has none`)
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

  reserve(round: number, what: 'update' | 'model', digest: Digest): Room | undefined {
    if (what === 'model') return this.#models.room(digest, this.#length)
    const row = this.#updates.reserve(round)
    if (row === undefined) return undefined
    const into = this.#updates.workspace.bytes(row.index)
    const commit = (): boolean => this.#updates.commit(row, digest)
    return { digest, sizeBytes: into.length, into, commit, release: () => this.#updates.release(row) }
  }

  fault(digest: Digest): string | undefined {
    const row = this.#updates.rowOf(digest)
    if (row === undefined) return 'it is not held'
    return this.#updates.workspace.isFinite(row) ? undefined : notFinite
  }

  heldOf(round: number): Digest[] {
    return this.#updates.heldOf(round)
  }

  get needsBefore(): boolean {
    return goesOn(this.#rule)
  }

  aggregate({ round, model, before, members, weights, fewer }: WorkOf<'aggregate'>): Digest {
    const rule = withstanding(this.#rule, fewer)
    const from = this.#held(model)
    const digests = members.map(({ digest }) => digest)
    const earlier = before && this.needsBefore ? this.#held(before.model) : undefined
    const { workspace } = this.#updates
    if (this.#arrivals !== undefined) {
      const previous = earlier && from.map((value, i) => value - earlier[i]!)
      const result = this.#arrivals.aggregate(rule, this.#sent(round, members), weights, previous)
      addTo(result, from)
      return this.#models.add(result)
    }
    return this.#models.add(
      this.#withRows(round, members, (rows) => nextModel(rule, workspace, rows, from, digests, weights, earlier)),
    )
  }

  order({ round, model, before, members, weights, fewer }: WorkOf<'aggregate'>, order: Order): Ordered {
    const rule = withstanding(this.#rule, fewer)
    const from = this.#held(model)
    const earlier = before && this.needsBefore ? this.#held(before.model) : undefined
    const digests = members.map(({ digest }) => digest)
    const { workspace } = this.#updates
    const ordered = order.make(
      benchOf({
        from,
        vector: (digest) => this.#held(digest),
        byRule: () =>
          this.#withRows(round, members, (rows) => nextModel(rule, workspace, rows, from, digests, weights, earlier)),
        hold: (made) => this.#models.add(made),
      }),
    )
    for (const digest of ordered.keeps) this.renew(digest, round)
    return ordered
  }

  average({ round, by, members, onto, into }: WorkOf<'average'>): Digest {
    const result =
      by.kind === 'rule' && this.#arrivals !== undefined
        ? this.#arrivals.aggregate(this.#rule, this.#sent(round, members))
        : this.#withRows(round, members, (rows) =>
            average(by, this.#rule, this.#updates.workspace, rows, (digest) => this.#held(digest)),
          )
    addTo(result, onto === undefined ? undefined : this.#held(onto))
    return into === 'vector' ? this.hold(round, result) : this.#models.add(result)
  }

  measure({ pairs }: WorkOf<'measure'>): number[] {
    return pairs.map(([a, b]) => distanceBetween(this.#held(a), this.#held(b)))
  }

  apply({ model, update, factor }: WorkOf<'apply'>): Digest {
    return this.#models.add(moved(this.#held(model), this.#held(update), factor))
  }

  need(round: number, digests: readonly Digest[]): void {
    for (const digest of digests) this.renew(digest, round)
    this.#models.need(digests)
  }

  /** Rows are given to others when they are needed. */
  beginRound(): void {}

  #sent(round: number, members: readonly Averaged[]) {
    return { round, members, vectors: members.map((member) => averagedOf(member, (digest) => this.#held(digest))) }
  }

  #held(digest: Digest): Vector {
    const vector = this.vector(digest)
    if (vector === undefined) throw new Error(`the vector ${digest} is not held: this is a bug`)
    return vector
  }

  /** A row for each member. Peers may have sent the same update, liars that collude above all: each of them counts. */
  #withRows<T>(round: number, members: readonly (Contribution & Averaged)[], use: (rows: readonly number[]) => T): T {
    const used = new Set<number>()
    const copies: Row[] = []
    const rows = members.map((member) => {
      const { digest, scale = 1, less } = member
      let index = this.#updates.rowOf(digest)
      if (scale !== 1 || less !== undefined || (index !== undefined && used.has(index))) {
        const copy = this.#updates.copy(scale === 0 || less !== undefined ? undefined : index, round)
        if (copy !== undefined) {
          copies.push(copy)
          const vector = this.#updates.workspace.vector(copy.index)
          if (less !== undefined) vector.set(averagedOf(member, (each) => this.#held(each)))
          scaleBy(vector, scale)
        }
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
