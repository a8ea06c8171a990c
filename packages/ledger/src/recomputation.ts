import {
  AggregationError,
  type Arrived,
  type RowShape,
  type RuleSpec,
  rules,
  type SparseUpdate,
  Workspace,
} from '@hearsay/aggregation'
import {
  faultOfChunks,
  goesOn,
  lostAtOnce,
  nextModel,
  nextModelOfHoles,
  nextModelOfRows,
  noRows,
  scaleBy,
  scaledArrived,
  scaledRows,
  withstanding,
} from '@hearsay/peer'
import {
  backTo,
  type Checkpoint,
  type Contribution,
  type Digest,
  digestOfVector,
  type PauseRecord,
  recordAtFirst,
  takenIn,
} from '@hearsay/protocol'
import { Archive } from './archive.ts'
import { type KnownNetwork, plain } from './known-network.ts'
import { type OrderedAgain, type OrderedRoundParts, orderedAgain } from './ordered-recomputation.ts'

/** More than this is not taken into memory for the updates of one round; Node reads no larger file at once. */
const mostBytes = 2 ** 31 - 4

export type Recomputed =
  | { readonly kind: 'same' }
  /** What is needed is not there: nothing is known either way. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** All that is needed is there, and the rule gives nothing. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'wrong'; readonly reason: string }

/** Computes models again from archived updates, round after round, and compares the digests: bit for bit. */
export class Recomputation {
  readonly #known: KnownNetwork
  /** Of the round that is checked. */
  #rule: RuleSpec
  /** Of its members, unless each weighs 1. */
  #weights: readonly number[] | undefined
  readonly #archive: Archive
  readonly #extended: boolean
  #model: { readonly digest: Digest; readonly vector: Float32Array } | undefined
  #before: Digest
  /** What the model that it builds on was itself aggregated onto, for rules that go on from their last output. */
  #earlier: Digest | undefined
  #next: Digest | undefined
  /** Of each round, where pauses count: it may be gone back to. */
  readonly #models: Digest[] = []
  /** What pauses had come to by the end of the round before. */
  #pauses: PauseRecord | undefined
  #workspace: Workspace | undefined
  /** What the newest checkpoint has of filters. */
  #state: Uint8Array | undefined

  /** `folders` have updates and models by digest, of anybody's making. `extended`: rules that do not ship were given, too. */
  constructor(known: KnownNetwork, folders: readonly string[], extended = false) {
    this.#extended = extended
    this.#known = known
    this.#rule = known.rule
    this.#archive = new Archive(folders)
    this.#before = known.initial
    this.#pauses = recordAtFirst(known.network)
  }

  /** The next round of a sound chain, by the quorums of the round. */
  check(checkpoint: Checkpoint, quorums = this.#known.network.quorums): Recomputed {
    const { members: agreed, model, pauses } = checkpoint
    const state = this.#state
    this.#state = checkpoint.filters
    this.#rule = withstanding(this.#known.rule, this.#known.network.quorums.tolerated - quorums.tolerated)
    const members = takenIn(agreed, this.#pauses, { quorums, network: this.#known.network })
    const stays = this.#pauses !== undefined && members.length === 0
    const back = this.#pauses && backTo(agreed, quorums)
    this.#pauses = pauses
    this.#weights = quorums.weightsOf(members.map(({ peer }) => peer))
    const before = this.#before
    this.#before = model
    if (pauses !== undefined) this.#models.push(model)
    if (back !== undefined) this.#next = undefined
    if (stays)
      return model === (back === undefined ? before : this.#models[back - 1])
        ? { kind: 'same' }
        : { kind: 'wrong', reason: 'nothing is learnt from it, and its model is another' }
    this.#earlier = this.#next
    this.#next = before
    const start =
      this.#model?.digest === before ? this.#model.vector : this.#archive.vector(before, mostBytes, 'the model')
    this.#model = undefined
    if (start === undefined) return { kind: 'unknown', reason: 'the model that it builds on is not archived' }
    if (typeof start === 'string') return { kind: 'wrong', reason: start }
    const { rows, network } = this.#known
    const { ordering } = network.agreement
    if (ordering !== undefined)
      return this.#ofOrder({
        ...{ ordering, quorums, checkpoint, model: before, start, state },
        archive: this.#archive,
        nameOf: (peer) => this.#known.names[peer] ?? '',
        byRule: (vector) => {
          const workspace = this.#workspaceOf(start.length)
          for (const [row, { digest }] of members.entries()) workspace.vector(row).set(vector(digest))
          return nextModel(this.#rule, workspace, [...members.keys()], start, digestsOf(members), this.#weights)
        },
      })
    if (rows !== undefined && rows.count * rows.width !== start.length)
      return {
        kind: 'wrong',
        reason: `the model has ${start.length} parameters, and no ${rows.count} rows of ${rows.width}`,
      }
    const next = rows === undefined ? this.#ofWhole(start, members) : this.#ofRows(rows, start, members)
    return typeof next === 'function' ? this.#compare(model, next) : next
  }

  /** A round whose updates are judged in an order. */
  #ofOrder(parts: OrderedRoundParts): Recomputed {
    if (goesOn(this.#rule))
      return { kind: 'unknown', reason: `the rule "${this.#rule.rule}" goes on from its last output` }
    let made: OrderedAgain | undefined
    const { model, filters = new Uint8Array() } = parts.checkpoint
    const compared = this.#compare(model, () => {
      made = orderedAgain(parts)
      return made.kind === 'made' ? made.vector : new Float32Array()
    })
    if (made !== undefined && made.kind !== 'made') return made
    if (compared.kind === 'same' && Buffer.compare(made!.state, filters) !== 0)
      return { kind: 'wrong', reason: 'its filters come to another state than was certified' }
    return compared
  }

  #ofWhole(start: Float32Array, members: readonly Contribution[]): Recomputed | (() => Float32Array) {
    const { chunks } = this.#known
    return chunks === undefined ? this.#ofVectors(start, members) : this.#ofChunks(chunks, start, members)
  }

  /** What computes the next model from updates of all parameters, or why none does. */
  #ofVectors(start: Float32Array, members: readonly Contribution[]): Recomputed | (() => Float32Array) {
    if (this.#known.network.peers * 4 * start.length > mostBytes)
      return { kind: 'unknown', reason: `its updates take more than ${mostBytes} bytes` }
    let workspace: Workspace
    try {
      workspace = this.#workspaceOf(start.length)
    } catch (error) {
      // More than this machine has, or than kernels can address.
      if (error instanceof AggregationError) return { kind: 'unknown', reason: error.message }
      throw error
    }
    for (const [row, { peer, digest, scale }] of members.entries()) {
      if (scale === 0) {
        workspace.vector(row).fill(0)
        continue
      }
      const what = `the update of ${this.#known.names[peer]}`
      const update = this.#archive.vector(digest, 4 * start.length, what)
      if (update === undefined) return { kind: 'unknown', reason: `${what} is not archived` }
      if (typeof update === 'string') return { kind: 'wrong', reason: update }
      if (update.length !== start.length)
        return { kind: 'wrong', reason: `${what} has ${update.length} parameters, and the model ${start.length}` }
      workspace.vector(row).set(update)
      scaleBy(workspace.vector(row), scale)
    }
    const earlier = this.#modelBefore(start.length)
    if (earlier !== undefined && 'kind' in earlier) return earlier
    const digests = digestsOf(members)
    return () => nextModel(this.#rule, workspace, [...members.keys()], start, digests, this.#weights, earlier)
  }

  /** Of so many parameters, where the rule goes on from its last output. */
  #modelBefore(length: number): Recomputed | Float32Array | undefined {
    if (this.#earlier === undefined || !goesOn(this.#rule)) return undefined
    const earlier = this.#archive.vector(this.#earlier, mostBytes, 'the model before')
    if (earlier === undefined)
      return { kind: 'unknown', reason: 'the model before the one that it builds on is not archived' }
    if (typeof earlier === 'string') return { kind: 'wrong', reason: earlier }
    if (earlier.length === length) return earlier
    return { kind: 'wrong', reason: `the model before has ${earlier.length} parameters, and the model ${length}` }
  }

  /** The same of updates in chunks. */
  #ofChunks(
    { fill, ...lost }: NonNullable<KnownNetwork['chunks']>,
    start: Float32Array,
    members: readonly Contribution[],
  ): Recomputed | (() => Float32Array) {
    const chunks = { length: start.length, size: lostAtOnce(lost, start.length) }
    const fault = faultOfChunks(chunks)
    if (fault !== undefined) return { kind: 'wrong', reason: fault }
    const updates: Arrived[] = []
    for (const { peer, digest, scale = 1 } of members) {
      if (scale === 0) {
        updates.push(scaledArrived(undefined, 0, chunks))
        continue
      }
      const what = `the update of ${this.#known.names[peer]}`
      const update = this.#archive.inChunks(digest, chunks, what)
      if (update === undefined) return { kind: 'unknown', reason: `${what} is not archived` }
      if (typeof update === 'string') return { kind: 'wrong', reason: update }
      updates.push(scaledArrived(update, scale, chunks))
    }
    const earlier = this.#modelBefore(start.length)
    if (earlier !== undefined && 'kind' in earlier) return earlier
    const holes = { fill, size: chunks.size }
    return () => nextModelOfHoles(this.#rule, holes, updates, start, digestsOf(members), this.#weights, earlier)
  }

  /** The same of updates of rows. */
  #ofRows(rows: RowShape, start: Float32Array, members: readonly Contribution[]): Recomputed | (() => Float32Array) {
    const updates: SparseUpdate[] = []
    for (const { peer, digest, scale } of members) {
      if (scale === 0) {
        updates.push(noRows)
        continue
      }
      const what = `the update of ${this.#known.names[peer]}`
      const update = this.#archive.ofRows(digest, rows, what)
      if (update === undefined) return { kind: 'unknown', reason: `${what} is not archived` }
      if (typeof update === 'string') return { kind: 'wrong', reason: update }
      updates.push(scaledRows(update, scale))
    }
    return () => nextModelOfRows(this.#rule, rows, updates, start, digestsOf(members), this.#weights)
  }

  #compare(model: Digest, compute: () => Float32Array): Recomputed {
    let vector: Float32Array
    try {
      vector = compute()
    } catch (error) {
      if (!(error instanceof AggregationError)) throw error
      const { rule } = this.#known.rule
      if (rules.has(rule)) return { kind: 'failed', reason: plain(error.message) }
      // A rule of one's own, or one that a newer version brought.
      const foreign = plain(`the rule "${rule.slice(0, 50)}" is none that ships`)
      if (this.#extended) return { kind: 'failed', reason: `${foreign}, and in no file of --extension` }
      return { kind: 'unknown', reason: `${foreign}; --extension names a file that has it` }
    }
    const digest = digestOfVector(vector)
    if (digest !== model)
      return { kind: 'wrong', reason: `its rule gives the model ${digest}, and not ${model}, which was certified` }
    this.#model = { digest, vector }
    return { kind: 'same' }
  }

  #workspaceOf(length: number): Workspace {
    if (this.#workspace?.length !== length) this.#workspace = new Workspace({ rows: this.#known.network.peers, length })
    return this.#workspace
  }
}

const digestsOf = (members: readonly Contribution[]): Digest[] => members.map(({ digest }) => digest)
