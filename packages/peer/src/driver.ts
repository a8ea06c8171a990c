/** The driver of one participant: hands it events, and performs its steps, on whatever carrier and clock there are. */
import {
  type AgreementKind,
  type Event,
  type Evidence,
  type Network,
  type Opened,
  type Output,
  type Participant,
  type Position,
  type Step,
  verifyEvidence,
  type Work,
} from '@hearsay/protocol'
import { Allowance } from './allowance.ts'
import { Performer } from './performer.ts'
import type { PerformerOptions, WorkEvent } from './performer-options.ts'
import type { Carrier, Clock, Payloads, Store, Trainer, Vectors } from './ports.ts'
import { silentIn, withSilentHolders } from './silent-holders.ts'
import { leastStepMs } from './step-time.ts'

/** What is of interest to more than memory. */
type Told = Exclude<Output, { readonly kind: 'needed' }>

/** What happened at a peer, for whoever watches. Times are of the clock. */
export type DriverEvent =
  | WorkEvent
  | { readonly kind: 'output'; readonly output: Told; readonly nowMs: number }
  | { readonly kind: 'neighbour'; readonly peer: string; readonly connected: boolean }
  | { readonly kind: 'fault'; readonly peer: string; readonly what: string }
  /** Our own failure: work that will never be done, or, when the driver could not go on, its end. */
  | { readonly kind: 'failed'; readonly error: Error }

export interface DriverOptions {
  readonly network: Network<AgreementKind>
  /** Peer ids in the order of the roster. */
  readonly ids: readonly string[]
  /** This peer's position in the roster. */
  readonly self: Position
  /** What is driven: an honest peer, or an adversary around one. */
  readonly participant: Participant
  readonly carrier: Carrier
  readonly clock: Clock
  readonly vectors: Vectors
  readonly trainer: Trainer
  readonly store?: Store
  readonly payloads?: Payloads
  /** Whom this peer wishes to vouch for (performer.ts). */
  readonly vouches?: PerformerOptions['vouches']
  /** Who may tell this peer to pause. */
  readonly pausing?: PerformerOptions['pausing']
  /** No further round is trained; undefined is for ever. */
  readonly rounds?: number
  /** Positions of those against whom there was evidence before. */
  readonly culprits?: readonly Position[]
  /** The least time from one step to the next; what an internet of so many peers can bear unless given. */
  readonly stepMs?: number
  /** Told of every step before it is performed. */
  readonly onStep?: (step: Step, events: readonly Event[], nowMs: number) => void
  /** A word came, of the author in this position. */
  readonly onHeard?: (author: Position) => void
  readonly watch?: (event: DriverEvent) => void
}

/** So many faults of one peer are told: a liar must not fill the logs. */
const faults = { burst: 16, perSecond: 1 }
/** With so many events waiting they are handled at once, whatever else is to be read. */
const mostWaiting = 1024

export class Driver {
  readonly #options: DriverOptions
  readonly #performer: Performer
  readonly #faults = new Allowance(faults)
  readonly #stepMs: number
  /** What calls off a timer, by its id. */
  readonly #timers = new Map<number, () => void>()
  /** Neighbours whose answer is awaited. */
  readonly #asked = new Set<number>()
  #stopping: Promise<void> | undefined
  #stopped = false
  #draining = false
  #servedMs = Number.NEGATIVE_INFINITY
  #events: Event[] = []
  #unschedule: (() => void) | undefined
  #freeMs = Number.NEGATIVE_INFINITY
  #turn = 0
  /** Who weighs nothing, and so says nothing. */
  #silent: readonly Position[]

  constructor(options: DriverOptions) {
    const { carrier, participant, culprits, ids, clock, self } = options
    this.#options = options
    this.#stepMs = options.stepMs ?? leastStepMs(ids.length)
    this.#silent = silentIn(options.network.quorums.weights, self)
    this.#performer = new Performer({
      ...options,
      carrier: withSilentHolders(carrier, clock, () => this.#silent),
      holders: (round, member, chunk) => participant.holders(round, member, chunk),
      watch: (event) => this.#watch(event),
    })
    carrier.listen({
      envelope: (bytes, from) => this.#receive(bytes, from),
      ask: (bytes, from) => this.#answer(bytes, from),
      pull: (digest, _, give) => give(this.#payload(digest)),
      neighbour: (peer, connected) => this.#neighbour(peer, connected),
      fault: (peer, what) => this.#fault(peer, what),
    })
    this.#cutOff(culprits ?? [])
  }

  get network(): Network<AgreementKind> {
    return this.#options.network
  }

  /** When a neighbour was last given something that it lacked. */
  get servedMs(): number {
    return this.#servedMs
  }

  /** Begins to take part. Until then it may listen and connect, and what it hears is kept. */
  start(): void {
    this.#push({ kind: 'start' })
  }

  /** Ends all that was begun. Nothing is said after the call. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#stopped = true
    this.#performer.stop()
    this.#unschedule?.()
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    this.#events = []
    // A disk that refuses this is no worse than a crash.
    await this.#performer.leave().catch(() => {})
    await this.#options.carrier.stop()
  }

  #receive(bytes: Uint8Array, from: Position): Opened {
    const opened = this.#options.participant.open(bytes)
    if (opened.verdict === 'reject') this.#fault(from, opened.reason)
    // Others may pass on what its author says again and again; the author itself is heard less for it.
    else if (opened.verdict === 'ignore' && opened.babbler === from) {
      const reason = 'what it has said before, again and again'
      this.#fault(from, reason)
      return { verdict: 'reject', reason }
    } else if (opened.envelope !== undefined) {
      this.#options.onHeard?.(opened.envelope.author)
      this.#push({ kind: 'envelope', envelope: opened.envelope })
    }
    return opened
  }

  #answer(bytes: Uint8Array, from: Position): Uint8Array | undefined {
    // Of a step that failed the participant knows words that its store may not: nobody must hear them.
    if (this.#stopped) return undefined
    const answer = this.#options.participant.answer(bytes, from)
    if (answer !== undefined && answer.length > 0) this.#servedMs = this.#options.clock.nowMs()
    return answer
  }

  #payload(digest: string): Uint8Array | undefined {
    const { vectors, clock } = this.#options
    const payload = vectors.payload(digest)
    if (payload !== undefined) this.#servedMs = clock.nowMs()
    return payload
  }

  #neighbour(peer: Position, connected: boolean): void {
    if (connected) this.#push({ kind: 'neighbour', peer })
    this.#watch({ kind: 'neighbour', peer: this.#idOf(peer), connected })
  }

  #fault(peer: Position, what: string): void {
    const id = this.#idOf(peer)
    if (this.#faults.take(id, this.#options.clock.nowMs())) this.#watch({ kind: 'fault', peer: id, what })
  }

  #idOf(peer: Position): string {
    return this.#options.ids[peer] ?? ''
  }

  #watch(event: DriverEvent): void {
    this.#options.watch?.(event)
  }

  #push(event: Event): void {
    if (this.#stopped) return
    this.#events.push(event)
    // All that is waiting goes into one step, and so into one signature.
    if (this.#events.length < mostWaiting || this.#draining) this.#unschedule ??= this.#schedule()
    else this.#drain()
  }

  /** Puts the next step where it may be; gives what calls it off. */
  #schedule(): () => void {
    const { clock } = this.#options
    let cancel = clock.soon(() => {
      const waitMs = this.#freeMs - clock.nowMs()
      if (waitMs <= 0) this.#drain()
      else
        cancel = clock.after(waitMs, () => {
          cancel = clock.soon(() => this.#drain())
        })
    })
    return () => cancel()
  }

  #drain(): void {
    this.#unschedule?.()
    this.#unschedule = undefined
    if (this.#stopped) return
    const { participant, clock, onStep } = this.#options
    const events = this.#events
    this.#events = []
    const nowMs = clock.nowMs()
    this.#freeMs = nowMs + this.#stepMs
    this.#draining = true
    try {
      const step = participant.handle(events, nowMs)
      onStep?.(step, events, nowMs)
      this.#perform(step, nowMs)
    } catch (error) {
      // A step that was performed by half must not be followed by another: a peer that forgets what it said, lies.
      this.stop().catch(() => {})
      this.#watch({ kind: 'failed', error: error as Error })
    } finally {
      this.#draining = false
    }
  }

  #perform(step: Step, nowMs: number): void {
    const { carrier, store } = this.#options
    // What is said must be remembered before it is heard.
    if (step.sends.length > 0) store?.said(step.sends.map(({ envelope }) => envelope))
    for (const output of step.outputs) this.#output(output, nowMs)
    for (const { to, envelope } of step.sends) carrier.say(to, envelope)
    for (const { id, atMs } of step.timers) this.#setTimer(id, atMs - nowMs)
    for (const work of step.work) this.#begin(work)
    for (const { to, bytes } of step.asks) this.#ask(to ?? this.#nextNeighbour(), bytes)
    for (const { peer, what } of step.faults) this.#fault(peer, what)
  }

  #output(output: Output, nowMs: number): void {
    const { store, carrier, self } = this.#options
    if (output.kind === 'round')
      this.#performer.beginRound(output.oldest ?? output.round, { trains: output.trains, keeps: output.keeps })
    if (output.kind === 'needed') {
      this.#performer.need(output.round, output.digests)
      return
    }
    if (output.kind === 'round-ended') store?.ended(output)
    if (output.kind === 'evidence') this.#onEvidence(output.evidence)
    if (output.kind === 'era') {
      this.#silent = silentIn(output.weights, self)
      carrier.weigh(output.weights)
    }
    this.#watch({ kind: 'output', output, nowMs })
  }

  #onEvidence(evidence: Evidence): void {
    const { store, network } = this.#options
    store?.evidence(evidence)
    const proven = verifyEvidence(evidence.bytes, network)
    if (typeof proven === 'object') this.#cutOff(proven.culprits)
  }

  /**
   * Nobody asks, serves, or listens to, a peer that is proven to lie. What it says may come by others: a round that has begun
   * may need it, and this peer does not know what others have heard of it.
   */
  #cutOff(culprits: readonly Position[]): void {
    const { self, carrier } = this.#options
    for (const culprit of culprits) if (culprit !== self) carrier.cutOff(culprit)
  }

  #setTimer(id: number, delayMs: number): void {
    const due = (): void => {
      this.#timers.delete(id)
      this.#push({ kind: 'timer', id })
    }
    this.#timers.set(id, this.#options.clock.after(delayMs, due))
  }

  /** In turn, but for those that have yet to answer. */
  #nextNeighbour(): number | undefined {
    const free = this.#options.carrier.neighbours().filter((peer) => !this.#asked.has(peer))
    return free[this.#turn++ % Math.max(1, free.length)]
  }

  #ask(to: Position | undefined, request: Uint8Array): void {
    // One question at a time: those to a neighbour that does not answer would pile up.
    if (to === undefined || this.#asked.has(to)) return
    this.#asked.add(to)
    this.#options.carrier.ask(to, request, (bytes) => {
      this.#asked.delete(to)
      // Of a neighbour that went away or was too slow nothing is pushed: the next is asked when the timer says so.
      if (bytes !== undefined && bytes.length > 0) this.#push({ kind: 'answer', from: to, bytes })
    })
  }

  #begin(work: Work): void {
    this.#performer.perform(
      work,
      (result) => this.#push({ kind: 'done', id: work.id, result }),
      (error) => {
        if (!this.#stopped) this.#watch({ kind: 'failed', error })
      },
    )
  }
}
