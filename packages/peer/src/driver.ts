/**
 * The driver of one participant on libp2p: hands it events, and performs its steps. The only place where the protocol
 * meets sockets, clocks and promises.
 */
import {
  type Event,
  type Evidence,
  type Network,
  type Output,
  type Participant,
  type Step,
  verifyEvidence,
  type Work,
} from '@hearsay/protocol'
import { Allowance } from './allowance.ts'
import {
  createNetworkHost,
  type DiscoveryOptions,
  type NetworkEvent,
  type NetworkHost,
  type NetworkOptions,
  type Verdict,
} from './network/index.ts'
import { Performer, type PerformerOptions, type WorkEvent } from './performer.ts'
import { leastStepMs } from './step-time.ts'

/** What happened at a peer, for whoever watches. Times are of `performance.now`. */
export type DriverEvent =
  | WorkEvent
  | { readonly kind: 'output'; readonly output: Output; readonly nowMs: number }
  | { readonly kind: 'neighbour'; readonly peer: string; readonly connected: boolean }
  | { readonly kind: 'fault'; readonly peer: string; readonly what: string }
  /** Our own failure: work that will never be done, or, when the driver could not go on, its end. */
  | { readonly kind: 'failed'; readonly error: Error }

/** Lets an adversary see its updates, and put further ones where others can fetch them. */
export type Offer = Pick<Performer, 'update' | 'keep'>

export interface DriverOptions extends PerformerOptions {
  readonly network: Network
  /** Makes what is driven: an honest peer, or an adversary around one. */
  readonly participant: (offer: Offer) => Participant
  /** Positions of those against whom there was evidence before. */
  readonly culprits?: readonly number[]
  /** A liar's driver goes on with whoever is proven to lie. */
  readonly sparesLiars?: boolean
  /** Whether a held payload is given to this peer; an honest one gives it to everybody. */
  readonly serves?: (digest: string, to: string) => boolean
  /** How many ms later than it could a chunk of a payload goes to this peer; an honest one's at once. */
  readonly serveDelayMs?: (digest: string, to: string) => number
  readonly host: Pick<NetworkOptions, 'privateKey' | 'transport' | 'timing' | 'hello' | 'debug'> & {
    readonly discovery?: DiscoveryOptions
  }
  /** What happens on the network, for people; and `heard`, with the position of an author of whom a word came. */
  readonly onNetwork?: (event: NetworkEvent) => void
  readonly watch?: (event: DriverEvent) => void
}

/** So many faults of one peer are told: a liar must not fill the logs. */
const faults = { burst: 16, perSecond: 1 }
/** With so many events waiting they are handled at once, whatever else is to be read. */
const mostWaiting = 1024
/** Longer delays overflow the timers of Node. */
const longestDelayMs = 2 ** 31 - 1

export class Driver {
  readonly #options: DriverOptions
  readonly #host: NetworkHost
  readonly #performer: Performer
  readonly #participant: Participant
  readonly #timers = new Map<number, NodeJS.Timeout>()
  readonly #faults = new Allowance(faults)
  /** Neighbours whose answer is awaited. */
  readonly #asked = new Set<string>()
  readonly #stopped = new AbortController()
  #stopping: Promise<void> | undefined
  #draining = false
  #servedMs = Number.NEGATIVE_INFINITY
  #events: Event[] = []
  #unschedule: (() => void) | undefined
  #steppedMs = Number.NEGATIVE_INFINITY
  #turn = 0

  private constructor(options: DriverOptions, host: NetworkHost) {
    this.#options = options
    this.#host = host
    this.#performer = new Performer(options, {
      host,
      holders: (round, member) => this.#participant.holders(round, member),
      watch: (event) => this.#watch(event),
    })
    this.#participant = options.participant(this.#performer)
  }

  static async create(options: DriverOptions): Promise<Driver> {
    const { network, ids, initial } = options
    let driver: Driver | undefined
    const { discovery, ...hostOptions } = options.host
    const host = await createNetworkHost({
      ...hostOptions,
      ...(discovery && { discovery: { ...discovery, keys: network.keys } }),
      roster: ids,
      network: network.genesis,
      limits: {
        envelopeBytes: network.limits.envelopeBytes,
        leastAskBytes: network.limits.leastAskBytes,
        askBytes: network.limits.askBytes,
        answerBytes: network.limits.answerBytes,
        payloadBytes: Math.max(4, initial.byteLength),
      },
      handlers: {
        envelope: (bytes, from) => driver?.receive(bytes, from) ?? 'ignore',
        ask: (bytes, from) => driver?.answer(bytes, from),
        payload: (digest, from) => driver?.payload(digest, from),
        ...(options.serveDelayMs && { payloadDelayMs: options.serveDelayMs }),
        neighbour: (peer, connected) => driver?.neighbour(peer, connected),
      },
      log: (event) => {
        options.onNetwork?.(event)
        if (event.kind === 'bad-addresses') driver?.fault(String(event.peer), String(event.reason))
        if (event.kind === 'bad-payload') driver?.fault(String(event.peer), `a payload: ${String(event.reason)}`)
        if (event.kind === 'too-large') driver?.fault(String(event.peer), `${String(event.what)} that is too large`)
        if (event.kind === 'too-short') driver?.fault(String(event.peer), `${String(event.what)} that is too short`)
      },
    })
    driver = new Driver(options, host)
    driver.#cutOff(options.culprits ?? [])
    return driver
  }

  get host(): NetworkHost {
    return this.#host
  }

  get network(): Network {
    return this.#options.network
  }

  /** When a neighbour was last given something that it lacked, of `performance.now`. */
  get servedMs(): number {
    return this.#servedMs
  }

  /** A held model, by digest. */
  model(digest: string): Float32Array<ArrayBuffer> | undefined {
    return this.#performer.model(digest)
  }

  /** Begins to take part. Until then the host may listen and connect, and what it hears is kept. */
  start(): void {
    this.#push({ kind: 'start' })
  }

  /** Ends all that was begun. Nothing is said after the call. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#stopped.abort()
    this.#performer.stop()
    this.#unschedule?.()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#events = []
    // A disk that refuses this is no worse than a crash.
    await this.#performer.leave().catch(() => {})
    await this.#host.stop()
  }

  receive(bytes: Uint8Array, from: string): Verdict {
    const opened = this.#participant.open(bytes)
    if (opened.verdict === 'reject') this.fault(from, opened.reason)
    else if (opened.verdict === 'ignore' && opened.babbler !== undefined) return this.#onBabble(opened.babbler, from)
    else if (opened.envelope !== undefined) {
      this.#options.onNetwork?.({ kind: 'heard', author: opened.envelope.author })
      this.#push({ kind: 'envelope', envelope: opened.envelope })
    }
    return opened.verdict
  }

  /** Others may pass on what its author says again and again; the author itself is heard less for it. */
  #onBabble(author: number, from: string): Verdict {
    if (this.#options.ids[author] !== from) return 'ignore'
    this.fault(from, 'what it has said before, again and again')
    return 'reject'
  }

  answer(bytes: Uint8Array, from: string): Uint8Array | undefined {
    // Of a step that failed the participant knows words that its storage may not: nobody must hear them.
    if (this.#stopped.signal.aborted) return undefined
    const answer = this.#participant.answer(bytes, from)
    if (answer !== undefined && answer.length > 0) this.#servedMs = performance.now()
    return answer
  }

  payload(digest: string, from: string): Uint8Array | undefined {
    if (this.#options.serves?.(digest, from) === false) return undefined
    const payload = this.#performer.payload(digest)
    if (payload !== undefined) this.#servedMs = performance.now()
    return payload
  }

  neighbour(peer: string, connected: boolean): void {
    if (connected) this.#push({ kind: 'neighbour', peer })
    this.#watch({ kind: 'neighbour', peer, connected })
  }

  fault(peer: string, what: string): void {
    if (this.#faults.take(peer, performance.now())) this.#watch({ kind: 'fault', peer, what })
  }

  #watch(event: DriverEvent): void {
    this.#options.watch?.(event)
  }

  #push(event: Event): void {
    if (this.#stopped.signal.aborted) return
    this.#events.push(event)
    // All that is waiting goes into one step, and so into one signature.
    if (this.#events.length < mostWaiting || this.#draining) this.#unschedule ??= this.#schedule()
    else this.#drain()
  }

  /** Puts the next step where it may be; gives what calls it off. */
  #schedule(): () => void {
    const waitMs = this.#steppedMs + leastStepMs(this.#options.ids.length) - performance.now()
    if (waitMs > 0) {
      const timer = setTimeout(() => this.#drain(), waitMs)
      return () => clearTimeout(timer)
    }
    const immediate = setImmediate(() => this.#drain())
    return () => clearImmediate(immediate)
  }

  #drain(): void {
    this.#unschedule?.()
    this.#unschedule = undefined
    if (this.#stopped.signal.aborted) return
    const events = this.#events
    this.#events = []
    const nowMs = performance.now()
    this.#steppedMs = nowMs
    this.#draining = true
    try {
      this.#perform(this.#participant.handle(events, nowMs), nowMs)
    } catch (error) {
      // A step that was performed by half must not be followed by another: a peer that forgets what it said, lies.
      this.stop().catch(() => {})
      this.#watch({ kind: 'failed', error: error as Error })
    } finally {
      this.#draining = false
    }
  }

  #perform(step: Step, nowMs: number): void {
    // What is said must be remembered before it is heard.
    if (step.sends.length > 0) this.#options.storage?.said(step.sends.map(({ envelope }) => envelope))
    for (const output of step.outputs) this.#output(output, nowMs)
    for (const { to, envelope } of step.sends) {
      if (to === 'all') this.#host.publish(envelope.bytes)
      else for (const peer of to) this.#sendTo(peer, envelope.bytes)
    }
    for (const { id, atMs } of step.timers) this.#setTimer(id, atMs - nowMs)
    for (const work of step.work) this.#begin(work)
    for (const { to, bytes } of step.asks) void this.#ask(to ?? this.#nextNeighbour(), bytes)
    for (const { peer, what } of step.faults)
      this.fault(typeof peer === 'number' ? (this.#options.ids[peer] ?? '') : peer, what)
  }

  #output(output: Output, nowMs: number): void {
    if (output.kind === 'round') this.#performer.beginRound(output.oldest ?? output.round)
    if (output.kind === 'round-ended' && output.certificate) this.#options.storage?.certified(output.certificate)
    if (output.kind === 'evidence') this.#onEvidence(output.evidence)
    this.#watch({ kind: 'output', output, nowMs })
  }

  #onEvidence(evidence: Evidence): void {
    const { storage, network, sparesLiars } = this.#options
    storage?.evidence(evidence)
    const proven = verifyEvidence(evidence.bytes, network)
    if (typeof proven === 'object' && sparesLiars !== true) this.#cutOff(proven.culprits)
  }

  /**
   * Nobody asks, serves, or listens to, a peer that is proven to lie. What it says may come by others: a round that has begun
   * may need it, and this peer does not know what others have heard of it.
   */
  #cutOff(culprits: readonly number[]): void {
    const { ids, self } = this.#options
    for (const culprit of culprits) if (culprit !== self) this.#host.cutOff(ids[culprit] ?? '')
  }

  #sendTo(peer: number, bytes: Uint8Array): void {
    const id = this.#options.ids[peer]
    if (id !== undefined && peer !== this.#options.self) this.#host.send(id, bytes)
  }

  #setTimer(id: number, delayMs: number): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(id)
        this.#push({ kind: 'timer', id })
      },
      Math.min(delayMs, longestDelayMs),
    )
    this.#timers.set(id, timer)
  }

  /** In turn, but for those that have yet to answer. */
  #nextNeighbour(): string | undefined {
    const free = this.#host.neighbours().filter((peer) => !this.#asked.has(peer))
    return free[this.#turn++ % Math.max(1, free.length)]
  }

  async #ask(to: string | undefined, request: Uint8Array): Promise<void> {
    // One question at a time: those to a neighbour that does not answer would pile up.
    if (to === undefined || this.#asked.has(to)) return
    this.#asked.add(to)
    let bytes: Uint8Array
    try {
      bytes = await this.#host.ask(to, request, this.#stopped.signal)
    } catch {
      // The neighbour went away or was too slow: the next is asked when the timer says so.
      return
    } finally {
      this.#asked.delete(to)
    }
    if (bytes.length > 0) this.#push({ kind: 'answer', from: to, bytes })
  }

  #begin(work: Work): void {
    this.#performer.perform(work).then(
      (result) => {
        if (result !== undefined) this.#push({ kind: 'done', id: work.id, result })
      },
      (error: Error) => {
        if (!this.#stopped.signal.aborted) this.#watch({ kind: 'failed', error })
      },
    )
  }
}
