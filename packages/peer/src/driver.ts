/**
 * The driver of one participant on libp2p: hands it events, and performs its steps. The only place where the protocol
 * meets sockets, clocks and promises.
 */
import { aggregate, type RuleSpec } from '@hearsay/aggregation'
import {
  type Digest,
  digestOfVector,
  type Event,
  fromHex,
  type Member,
  type Network,
  type Output,
  type Participant,
  type Result,
  type Step,
  type Work,
} from '@hearsay/protocol'
import { createNetworkHost, type NetworkHost, type NetworkOptions, type Verdict } from './network/index.ts'
import { ModelStore, UpdateStore } from './payload-store.ts'

/** What a peer needs of training: `model` and the update are vectors of as many parameters; update = trained − model. */
export interface Trainer {
  train(round: number, model: Float32Array): Promise<Float32Array>
}

/** Where a peer keeps what it must not forget. Each call returns once the content is safe. */
export interface Storage {
  /** Events that are about to be handled, in order. */
  events(events: readonly Event[], nowMs: number): void
  payload(digest: Digest, bytes: Uint8Array): void
}

/** What happened at a peer, for whoever watches. Times are of `performance.now`. */
export type DriverEvent =
  | { readonly kind: 'output'; readonly output: Output; readonly nowMs: number }
  | { readonly kind: 'trained'; readonly round: number; readonly tookMs: number; readonly nowMs: number }
  | { readonly kind: 'held'; readonly round: number; readonly nowMs: number }
  | { readonly kind: 'aggregated'; readonly round: number; readonly tookMs: number; readonly nowMs: number }
  | { readonly kind: 'fault'; readonly peer: string; readonly what: string }
  | { readonly kind: 'failed'; readonly error: Error }

export interface DriverOptions {
  readonly network: Network
  /** Peer ids in the order of the roster. */
  readonly ids: readonly string[]
  readonly self: number
  readonly rule: RuleSpec
  readonly initial: Float32Array<ArrayBuffer>
  readonly trainer: Trainer
  /** Makes what is driven: an honest peer, or an adversary around one. */
  readonly participant: (offer: Offer) => Participant
  readonly host: Pick<NetworkOptions, 'privateKey' | 'transport' | 'timing'>
  /** No further round is trained; undefined is for ever. */
  readonly rounds?: number
  readonly storage?: Storage
  /** An attack on this peer's own update, before anybody sees it. */
  readonly alter?: (update: Float32Array<ArrayBuffer>, round: number) => Float32Array<ArrayBuffer>
  readonly watch?: (event: DriverEvent) => void
}

/** Lets an adversary put further updates where others can fetch them. */
export interface Offer {
  /** A held update by digest, as a copy. */
  update(digest: Digest): Float32Array<ArrayBuffer> | undefined
  put(round: number, update: Float32Array<ArrayBuffer>): Digest
}

/** A failed fetch is tried again after so long, until its round is over. */
const retryMs = 250

/** One neighbour is answered at most so often. */
const answerEveryMs = 20

export class Driver {
  readonly #options: DriverOptions
  readonly #host: NetworkHost
  readonly #participant: Participant
  readonly #updates: UpdateStore
  readonly #models = new ModelStore(6)
  readonly #timers = new Map<number, NodeJS.Timeout>()
  readonly #answered = new Map<string, number>()
  readonly #stopped = new AbortController()
  #events: Event[] = []
  #scheduled: NodeJS.Immediate | undefined
  readonly #rounds = new Map<number, AbortController>()
  #adoption = new AbortController()
  #nextNeighbour = 0

  private constructor(options: DriverOptions, host: (driver: Driver) => NetworkHost) {
    this.#options = options
    const { ids, initial } = options
    // A round holds an update a peer, or two of a sender that announced two; the last round's are still served.
    this.#updates = new UpdateStore({ rows: 4 * ids.length, length: initial.length })
    this.#models.set(digestOfVector(initial), initial)
    this.#host = host(this)
    this.#participant = options.participant({
      update: (digest) => this.#copyOf(digest),
      put: (round, update) => this.#keep(round, update),
    })
  }

  static async create(options: DriverOptions): Promise<Driver> {
    const { network, ids, initial } = options
    let driver: Driver | undefined
    const host = await createNetworkHost({
      ...options.host,
      roster: ids,
      network: network.genesis,
      limits: {
        envelopeBytes: network.limits.envelopeBytes,
        askBytes: network.limits.askBytes,
        answerBytes: network.limits.answerBytes,
        payloadBytes: Math.max(4, initial.byteLength),
      },
      handlers: {
        envelope: (bytes, from) => driver?.receive(bytes, from) ?? 'ignore',
        ask: (bytes, from) => driver?.answer(bytes, from),
        payload: (digest) => driver?.payload(digest),
        neighbour: (peer, connected) => {
          if (connected) driver?.push({ kind: 'neighbour', peer })
        },
      },
      log: (event) => {
        if (event.kind === 'bad-payload') driver?.fault(String(event.peer), 'a payload that is not what it should be')
      },
    })
    driver = new Driver(options, () => host)
    return driver
  }

  get host(): NetworkHost {
    return this.#host
  }

  /** Begins to take part. Until then the host may listen and connect, and what it hears is kept. */
  start(): void {
    this.push({ kind: 'start' })
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    for (const round of this.#rounds.values()) round.abort()
    this.#adoption.abort()
    clearImmediate(this.#scheduled)
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await this.#host.stop()
  }

  model(digest: Digest): Float32Array<ArrayBuffer> | undefined {
    return this.#models.get(digest)
  }

  push(event: Event): void {
    this.#events.push(event)
    // All that is waiting goes into one step, and so into one signature.
    this.#scheduled ??= setImmediate(() => this.#drain())
  }

  receive(bytes: Uint8Array, from: string): Verdict {
    const opened = this.#participant.open(bytes)
    if (opened.verdict === 'reject') this.fault(from, opened.reason)
    else if (opened.envelope !== undefined) this.push({ kind: 'envelope', envelope: opened.envelope })
    return opened.verdict
  }

  answer(bytes: Uint8Array, from: string): Uint8Array | undefined {
    const nowMs = performance.now()
    if (nowMs - (this.#answered.get(from) ?? Number.NEGATIVE_INFINITY) < answerEveryMs) return undefined
    this.#answered.set(from, nowMs)
    return this.#participant.answer(bytes, from)
  }

  payload(digest: Digest): Uint8Array | undefined {
    const model = this.#models.get(digest)
    return model === undefined ? this.#updates.bytes(digest) : bytesOf(model)
  }

  fault(peer: string, what: string): void {
    this.#watch({ kind: 'fault', peer, what })
  }

  #watch(event: DriverEvent): void {
    this.#options.watch?.(event)
  }

  #drain(): void {
    this.#scheduled = undefined
    if (this.#stopped.signal.aborted) return
    const events = this.#events
    this.#events = []
    const nowMs = performance.now()
    this.#options.storage?.events(events, nowMs)
    this.perform(this.#participant.handle(events, nowMs), nowMs)
  }

  perform(step: Step, nowMs: number): void {
    for (const output of step.outputs) this.#output(output, nowMs)
    for (const { to, envelope } of step.sends) {
      if (to === 'all') this.#host.publish(envelope.bytes)
      else for (const peer of to) this.#sendTo(peer, envelope.bytes)
    }
    for (const { id, atMs } of step.timers) this.#setTimer(id, atMs - nowMs)
    for (const work of step.work) this.#perform(work)
    for (const { to, bytes } of step.asks) void this.#ask(to ?? this.#neighbour(), bytes)
    for (const { peer, what } of step.faults)
      this.fault(typeof peer === 'number' ? (this.#options.ids[peer] ?? '') : peer, what)
  }

  #output(output: Output, nowMs: number): void {
    if (output.kind === 'round') {
      for (const [round, controller] of this.#rounds) {
        if (round >= output.round) continue
        controller.abort()
        this.#rounds.delete(round)
      }
    }
    this.#watch({ kind: 'output', output, nowMs })
  }

  #sendTo(peer: number, bytes: Uint8Array): void {
    const id = this.#options.ids[peer]
    if (id !== undefined && peer !== this.#options.self) this.#host.send(id, bytes)
  }

  #setTimer(id: number, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(id)
      this.push({ kind: 'timer', id })
    }, delayMs)
    this.#timers.set(id, timer)
  }

  #neighbour(): string | undefined {
    const neighbours = this.#host.neighbours()
    return neighbours[this.#nextNeighbour++ % Math.max(1, neighbours.length)]
  }

  async #ask(to: string | undefined, request: Uint8Array): Promise<void> {
    if (to === undefined) return
    try {
      const bytes = await this.#host.ask(to, request, this.#stopped.signal)
      if (bytes.length > 0) this.push({ kind: 'answer', from: to, bytes })
    } catch {
      // The neighbour went away or was too slow: the next is asked when the timer says so.
    }
  }

  #perform(work: Work): void {
    this.#result(work).then(
      (result) => {
        if (result !== undefined) this.push({ kind: 'done', id: work.id, result })
      },
      (error: Error) => {
        if (!this.#stopped.signal.aborted) this.#watch({ kind: 'failed', error })
      },
    )
  }

  #result(work: Work): Promise<Result | undefined> {
    switch (work.kind) {
      case 'train':
        return this.#train(work.round, work.model)
      case 'fetch':
        return this.#fetchUpdate(work.round, work.member)
      case 'aggregate':
        return Promise.resolve(this.#aggregate(work.round, work.model, work.members))
      case 'adopt':
        return this.#adopt(work.model, work.signers)
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
    return { kind: 'trained', digest: this.#keep(round, this.#options.alter?.(update, round) ?? update) }
  }

  #keep(round: number, update: Float32Array): Digest {
    const digest = digestOfVector(update)
    if (this.#updates.rowOf(digest) !== undefined) return digest
    const row = this.#updates.reserve(round)
    if (row === undefined) throw new Error(`no room for an update of round ${round}: this is a bug`)
    this.#updates.workspace.vector(row).set(update)
    this.#updates.commit(row, digest)
    this.#options.storage?.payload(digest, bytesOf(update))
    return digest
  }

  #copyOf(digest: Digest): Float32Array<ArrayBuffer> | undefined {
    const row = this.#updates.rowOf(digest)
    return row === undefined ? undefined : this.#updates.workspace.vector(row).slice()
  }

  async #fetchUpdate(round: number, member: Member): Promise<Result | undefined> {
    const over = this.#whileRound(round)
    let row = this.#updates.rowOf(member.digest)
    if (row === undefined) {
      const free = this.#updates.reserve(round)
      if (free === undefined) return undefined
      const sources = (): number[] => [member.peer, ...this.#participant.holders(round, member)]
      if (!(await this.#fetch(member.digest, sources, this.#updates.workspace.bytes(free), over))) {
        this.#updates.release(free)
        return undefined
      }
      this.#updates.commit(free, member.digest)
      this.#options.storage?.payload(member.digest, this.#updates.workspace.bytes(free))
      row = free
    }
    this.#watch({ kind: 'held', round, nowMs: performance.now() })
    if (!this.#updates.workspace.isFinite(row)) return { kind: 'unfit', reason: 'it holds NaN or infinity' }
    return { kind: 'held' }
  }

  /** True once `into` holds the payload; false when the signal ended it. */
  async #fetch(digest: Digest, from: () => number[], into: Uint8Array, signal: AbortSignal): Promise<boolean> {
    const { ids, self } = this.#options
    const sources = (): string[] => [...new Set(from())].flatMap((peer) => (peer === self ? [] : (ids[peer] ?? [])))
    while (!signal.aborted) {
      try {
        await this.#host.fetch({ digest: fromHex(digest), sizeBytes: into.byteLength, sources, into, signal })
        return true
      } catch {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, retryMs)
          function done(): void {
            clearTimeout(timer)
            signal.removeEventListener('abort', done)
            resolve()
          }
          signal.addEventListener('abort', done)
        })
      }
    }
    return false
  }

  #aggregate(round: number, digest: Digest, members: readonly Member[]): Result {
    const startedMs = performance.now()
    const model = this.#models.get(digest)
    const rows = members.map((member) => this.#updates.rowOf(member.digest))
    if (model === undefined || !rows.every((row) => row !== undefined))
      throw new Error(`round ${round} lacks a model or an update that was held: this is a bug`)
    const change = aggregate(this.#options.rule, this.#updates.workspace, rows)
    for (let i = 0; i < change.length; i++) change[i]! += model[i]!
    const next = digestOfVector(change)
    this.#models.set(next, change as Float32Array<ArrayBuffer>)
    this.#options.storage?.payload(next, bytesOf(change))
    const nowMs = performance.now()
    this.#watch({ kind: 'aggregated', round, tookMs: nowMs - startedMs, nowMs })
    return { kind: 'aggregated', model: next }
  }

  async #adopt(digest: Digest, signers: readonly number[]): Promise<Result | undefined> {
    this.#adoption.abort()
    this.#adoption = new AbortController()
    if (this.#models.get(digest) === undefined) {
      const model = new Float32Array(this.#options.initial.length)
      if (!(await this.#fetch(digest, () => [...signers], bytesOf(model), this.#adoption.signal))) return undefined
      this.#models.set(digest, model)
      this.#options.storage?.payload(digest, bytesOf(model))
    }
    return { kind: 'adopted' }
  }
}

function bytesOf(vector: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(vector.buffer as ArrayBuffer, vector.byteOffset, vector.byteLength)
}
