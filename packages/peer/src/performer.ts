/**
 * The work that a peer's steps ask for: training, pulling updates and models by digest, aggregating. Everything that
 * comes from others is checked here against its digest and size, and for NaN and infinity, before the protocol hears
 * that it is held.
 */
import type { RuleSpec } from '@hearsay/aggregation'
import {
  average,
  type Digest,
  digestOfVector,
  fromHex,
  type Member,
  type Participant,
  type Result,
  type Work,
} from '@hearsay/protocol'
import { announcedSources, signersInTurn } from './fetching/search.ts'
import type { NetworkHost } from './network/index.ts'
import { nextModel } from './next-model.ts'
import type { Storage } from './storage.ts'
import { ModelStore, type Row, UpdateStore } from './update-store.ts'

/** What a peer needs of training: `model` and the update are vectors of as many parameters; update = trained − model. */
export interface Trainer {
  train(round: number, model: Float32Array): Promise<Float32Array>
}

/** What happened to a piece of work. Times are of `performance.now`. */
export type WorkEvent =
  | { readonly kind: 'trained'; readonly round: number; readonly tookMs: number; readonly nowMs: number }
  /** Its numbers were no longer finite: it ended early, or gave zeros. Told by who trains. */
  | { readonly kind: 'diverged'; readonly round: number; readonly nowMs: number }
  | { readonly kind: 'held'; readonly round: number; readonly nowMs: number }
  | { readonly kind: 'aggregated'; readonly round: number; readonly tookMs: number; readonly nowMs: number }

export interface PerformerOptions {
  /** Peer ids in the order of the roster. */
  readonly ids: readonly string[]
  readonly self: number
  readonly rule: RuleSpec
  readonly initial: Float32Array<ArrayBuffer>
  /** The model of the newest certificate, when this peer starts from one. */
  readonly model?: Float32Array<ArrayBuffer>
  readonly trainer: Trainer
  /** The most stages that a round has, of an agreement that has any. */
  readonly stages?: number
  /** No further round is trained; undefined is for ever. */
  readonly rounds?: number
  readonly storage?: Storage
  /**
   * An attack on this peer's own update, before anybody sees it. It may take its time; the signal ends it when the round
   * is over.
   */
  readonly alter?: (
    update: Float32Array<ArrayBuffer>,
    work: { readonly round: number; readonly model: Digest; readonly signal: AbortSignal },
  ) => Float32Array<ArrayBuffer> | Promise<Float32Array<ArrayBuffer>>
}

export class Performer {
  readonly #options: PerformerOptions
  readonly #host: NetworkHost
  readonly #holders: Participant['holders']
  readonly #watch: (event: WorkEvent) => void
  readonly #updates: UpdateStore
  readonly #models = new ModelStore(6)
  readonly #rounds = new Map<number, AbortController>()
  #adoption = new AbortController()
  #round = 0

  constructor(
    options: PerformerOptions,
    components: { host: NetworkHost; holders: Participant['holders']; watch: (event: WorkEvent) => void },
  ) {
    this.#options = options
    this.#host = components.host
    this.#holders = components.holders
    this.#watch = components.watch
    const { ids, initial, model, stages } = options
    // A stage holds a vector a peer, or two of a sender that announced two; the last round's are still served. A peer whose
    // vector stands for those of others needs copies.
    const rows = stages === undefined ? 4 * ids.length : (4 * stages + 1) * ids.length
    this.#updates = new UpdateStore({ rows, length: initial.length })
    for (const known of [initial, model ?? initial]) this.#models.set(digestOfVector(known), known)
  }

  model(digest: Digest): Float32Array<ArrayBuffer> | undefined {
    return this.#models.get(digest)
  }

  /** A held update, as a copy. */
  update(digest: Digest): Float32Array<ArrayBuffer> | undefined {
    const row = this.#updates.rowOf(digest)
    return row === undefined ? undefined : this.#updates.workspace.vector(row).slice()
  }

  /** What others may fetch by this digest. */
  payload(digest: Digest): Uint8Array | undefined {
    const model = this.#models.get(digest)
    return model === undefined ? this.#updates.bytes(digest) : bytesOf(model)
  }

  /** Ends the work of rounds before this one. */
  beginRound(round: number): void {
    if (Number.isFinite(round)) this.#round = round
    for (const [earlier, controller] of this.#rounds) {
      if (earlier >= round) continue
      controller.abort()
      this.#rounds.delete(earlier)
    }
  }

  /**
   * Writes down what is held of the round under way: where all peers are stopped at once, an update whose author does not
   * come back would be held by nobody.
   */
  async leave(): Promise<void> {
    const { storage } = this.#options
    if (storage === undefined) return
    for (const digest of this.#updates.heldOf(this.#round)) {
      const bytes = this.#updates.bytes(digest)
      if (bytes !== undefined) await storage.keep(this.#round, digest, bytes)
    }
  }

  stop(): void {
    this.beginRound(Number.POSITIVE_INFINITY)
    this.#adoption.abort()
  }

  /** The result, or undefined when the work is no longer wanted. */
  async perform(work: Work): Promise<Result | undefined> {
    switch (work.kind) {
      case 'train':
        return this.#train(work.round, work.model)
      case 'fetch':
        return this.#fetchUpdate(work.round, work.member)
      case 'aggregate':
        return this.#aggregate(work.round, work.model, work.members)
      case 'average':
        return this.#average(work)
      case 'adopt':
        return this.#adopt(work.round, work.model, work.signers)
    }
  }

  /** Aborts when the round is over. */
  #whileRound(round: number): AbortSignal {
    const controller = this.#rounds.get(round) ?? new AbortController()
    this.#rounds.set(round, controller)
    return controller.signal
  }

  async #train(round: number, digest: Digest): Promise<Result | undefined> {
    if (round > (this.#options.rounds ?? Number.POSITIVE_INFINITY)) return undefined
    const model = this.#models.get(digest)
    if (model === undefined) throw new Error(`the model ${digest} to train on is not held: this is a bug`)
    const over = this.#whileRound(round)
    const startedMs = performance.now()
    const update = Float32Array.from(await this.#options.trainer.train(round, model))
    const nowMs = performance.now()
    if (over.aborted) return undefined
    this.#watch({ kind: 'trained', round, tookMs: nowMs - startedMs, nowMs })
    const sent = await this.#altered(update, { round, model: digest, signal: over })
    if (sent === undefined) return undefined
    const announced = this.keep(round, sent)
    // Nobody may hear of an update that a crash could lose.
    await this.#options.storage?.keep(round, announced, bytesOf(sent))
    return { kind: 'trained', digest: announced }
  }

  /** What is sent in place of an update; undefined when the round was over first. */
  async #altered(
    update: Float32Array<ArrayBuffer>,
    work: { readonly round: number; readonly model: Digest; readonly signal: AbortSignal },
  ): Promise<Float32Array | undefined> {
    const { alter } = this.#options
    if (alter === undefined) return update
    try {
      const sent = await alter(update, work)
      return work.signal.aborted ? undefined : sent
    } catch (error) {
      if (work.signal.aborted) return undefined
      throw error
    }
  }

  /** Holds an update of our own making, for others to fetch. */
  keep(round: number, update: Float32Array): Digest {
    const { length } = this.#options.initial
    if (update.length !== length)
      throw new RangeError(`an update of ${update.length} parameters for a model of ${length}`)
    const digest = digestOfVector(update)
    if (this.#updates.renew(digest, round) !== undefined) return digest
    const row = this.#updates.reserve(round)
    if (row === undefined) throw new Error(`no room for an update of round ${round}: this is a bug`)
    this.#updates.workspace.vector(row.index).set(update)
    this.#updates.commit(row, digest)
    return digest
  }

  async #fetchUpdate(round: number, member: Member): Promise<Result | undefined> {
    const over = this.#whileRound(round)
    const renewed = this.#updates.renew(member.digest, round)
    if (renewed !== undefined)
      await this.#options.storage?.archive(round, member.digest, this.#updates.workspace.bytes(renewed))
    const index = renewed ?? (await this.#pull(round, member, over))
    if (index === undefined) return undefined
    this.#watch({ kind: 'held', round, nowMs: performance.now() })
    if (!this.#updates.workspace.isFinite(index)) return { kind: 'unfit', reason: 'it holds NaN or infinity' }
    return { kind: 'held' }
  }

  /** The row into which the update was pulled, from the disk or from others; undefined when its round is over. */
  async #pull(round: number, member: Member, over: AbortSignal): Promise<number | undefined> {
    const row = this.#updates.reserve(round)
    if (row === undefined) return undefined
    const into = this.#updates.workspace.bytes(row.index)
    const { storage } = this.#options
    const kept = storage?.kept(member.digest)
    if (kept?.length === into.length) into.set(kept)
    else {
      const sources = (): number[] => announcedSources(member.peer, this.#holders(round, member), this.#options.self)
      if (!(await this.#fetch(member.digest, sources, into, over))) {
        this.#updates.release(row)
        return undefined
      }
    }
    await storage?.archive(round, member.digest, into)
    return this.#updates.commit(row, member.digest) ? row.index : undefined
  }

  /** True once `into` holds the payload; false when the signal ended the search, which else goes on for ever. */
  async #fetch(digest: Digest, from: () => number[], into: Uint8Array, signal: AbortSignal): Promise<boolean> {
    const { ids, self } = this.#options
    const sources = (): string[] => from().flatMap((peer) => (peer === self ? [] : (ids[peer] ?? [])))
    try {
      await this.#host.fetch({ digest: fromHex(digest), sizeBytes: into.byteLength, sources, into, signal })
      return true
    } catch (error) {
      if (signal.aborted) return false
      throw error
    }
  }

  async #aggregate(round: number, digest: Digest, members: readonly Member[]): Promise<Result> {
    const startedMs = performance.now()
    const model = this.#models.get(digest)
    const { rows, copies } = this.#rowsOf(round, members)
    if (model === undefined || !rows.every((row) => row !== undefined))
      throw new Error(`round ${round} lacks a model or an update that was held: this is a bug`)
    const digests = members.map((member) => member.digest)
    const result = nextModel(this.#options.rule, this.#updates.workspace, rows, model, digests)
    for (const copy of copies) this.#updates.release(copy)
    const next = await this.#keepModel(round, result)
    const nowMs = performance.now()
    this.#watch({ kind: 'aggregated', round, tookMs: nowMs - startedMs, nowMs })
    return { kind: 'aggregated', model: next }
  }

  async #average(work: Extract<Work, { kind: 'average' }>): Promise<Result> {
    const startedMs = performance.now()
    const { round, stage, members, onto } = work
    const { rows, copies } = this.#rowsOf(round, members)
    const model = onto === undefined ? undefined : this.#models.get(onto)
    if (!rows.every((row) => row !== undefined) || (onto !== undefined && model === undefined))
      throw new Error(`stage ${stage} of round ${round} lacks a model or a vector that was held: this is a bug`)
    const result = average(work.by, this.#options.rule, this.#updates.workspace, rows, (digest) => this.#vector(digest))
    for (const copy of copies) this.#updates.release(copy)
    if (model !== undefined) for (let i = 0; i < result.length; i++) result[i]! += model[i]!
    const digest = work.into === 'vector' ? this.keep(round, result) : await this.#keepModel(round, result)
    const nowMs = performance.now()
    this.#watch({ kind: 'aggregated', round, tookMs: nowMs - startedMs, nowMs })
    return { kind: 'averaged', digest }
  }

  /** A held update or model. */
  #vector(digest: Digest): Float32Array {
    const row = this.#updates.rowOf(digest)
    const vector = row === undefined ? this.#models.get(digest) : this.#updates.workspace.vector(row)
    if (vector === undefined) throw new Error(`the vector ${digest} is not held: this is a bug`)
    return vector
  }

  async #keepModel(round: number, model: Float32Array<ArrayBuffer>): Promise<Digest> {
    const digest = digestOfVector(model)
    this.#models.set(digest, model)
    await this.#options.storage?.keep(round, digest, bytesOf(model))
    return digest
  }

  /** A row for each member. Peers may have sent the same update, liars that collude above all: each of them counts. */
  #rowsOf(round: number, members: readonly Member[]): { rows: (number | undefined)[]; copies: Row[] } {
    const used = new Set<number>()
    const copies: Row[] = []
    const rows = members.map(({ digest }) => {
      const index = this.#updates.rowOf(digest)
      if (index === undefined || !used.has(index)) {
        if (index !== undefined) used.add(index)
        return index
      }
      const copy = this.#updates.copy(index, round)
      if (copy !== undefined) copies.push(copy)
      return copy?.index
    })
    return { rows, copies }
  }

  async #adopt(round: number, digest: Digest, signers: readonly number[]): Promise<Result | undefined> {
    this.#adoption.abort()
    this.#adoption = new AbortController()
    if (this.#models.get(digest) === undefined) {
      const model = new Float32Array(this.#options.initial.length)
      const sources = signersInTurn(round, signers)
      if (!(await this.#fetch(digest, () => sources, bytesOf(model), this.#adoption.signal))) return undefined
      this.#models.set(digest, model)
      await this.#options.storage?.keep(round, digest, bytesOf(model))
    }
    return { kind: 'adopted' }
  }
}

function bytesOf(vector: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(vector.buffer as ArrayBuffer, vector.byteOffset, vector.byteLength)
}
