/**
 * A network of participants on a virtual clock: discrete events, one at a time, in an order that the seed alone decides.
 *
 * Envelopes are passed on hop by hop (see gossip.ts). Whatever `open` does not accept goes no further, so a liar passes on
 * what it likes. Envelopes that are lost stay lost: peers ask their neighbours for what they lack, as on a real network,
 * and nothing else repairs it.
 *
 * Time goes in whole milliseconds. All that comes to a peer in one of them, or while a step takes its time, is handled in
 * one step, as a driver hands over all that waits.
 */
import type { Digest, Envelope, Event, Participant, Step, Work } from '@hearsay/protocol'
import type { Clock } from '../clock.ts'
import { untilAborted } from '../until-aborted.ts'
import { Asks } from './asks.ts'
import { EventQueue } from './event-queue.ts'
import { type Delivery, defaultLongestDelayMs, framingBytes, Gossip } from './gossip.ts'
import { Keeping } from './kept.ts'
import { defaultLink, type Link, type LinkOptions, Links } from './links.ts'
import { type Counters, newCounters, type OnStream, type VirtualNetworkOptions } from './options.ts'
import { Trace } from './trace.ts'

/** Between real pauses in which others may run, real milliseconds. */
const pauseEveryMs = 40

type Entry = Delivery | (() => void)

interface Place {
  participant: Participant
  /** How often it was started; 0 while it is down. */
  life: number
  down: boolean
  readonly keeping: Keeping
  /** To be handled in the next step. */
  waiting: Event[]
  /** To be passed on at this time. */
  relays: Delivery[]
  /** The next step is not before. */
  freeMs: number
  /** Whether it is among those who have something to do at this time. */
  ready: boolean
  /** Whether something was put in the queue that begins the next step. */
  awaited: boolean
}

export class VirtualNetwork implements Clock {
  readonly counters: Counters
  readonly #options: VirtualNetworkOptions
  readonly #queue = new EventQueue<Entry>()
  readonly #links: Links
  readonly #gossip: Gossip
  readonly #asks: Asks
  readonly #places: readonly Place[]
  readonly #byId: ReadonlyMap<string, number>
  readonly #trace = new Trace()
  /** Peers with something to handle now, in the order in which it came. */
  #ready: number[] = []
  #nowMs = 0
  /** Without this, virtual time must not go beyond these. */
  readonly #gates: { readonly atMs: number; readonly promise: Promise<void> }[] = []

  constructor(options: VirtualNetworkOptions) {
    const { peers, connections, seed } = options
    this.#options = options
    this.counters = newCounters(peers.length)
    const links: LinkOptions = { ...defaultLink, ...options.links }
    this.#links = new Links(peers.length, connections, links, seed)
    const nowMs = (): number => this.#nowMs
    this.#gossip = new Gossip(options, this.#links, this.counters, {
      nowMs,
      life: (peer) => (this.#places[peer]!.down ? undefined : this.#places[peer]!.life),
      deliverAt: (atMs, delivery) => this.#queue.push(atMs, delivery),
      forgotten: (id) => this.#trace.forget(id),
    })
    this.#asks = new Asks(peers, this.#links, this.counters, {
      nowMs,
      participant: (peer) => this.participant(peer),
      push: (peer, event) => this.#push(peer, event),
      fault: (by, peer, what) => this.#options.onFault?.(by, peer, what),
      later: (peer, delayMs, run) => this.#own(peer, delayMs, run),
      send: (link, what, arrived) => this.#send(link, what, arrived),
      lateMs: (link) => this.#lateMs(link),
    })
    this.#byId = new Map(peers.map(({ id }, peer) => [id, peer]))
    this.#places = peers.map((peer) => ({
      participant: peer.create(undefined),
      life: 1,
      down: false,
      keeping: new Keeping(),
      waiting: [],
      relays: [],
      freeMs: 0,
      ready: false,
      awaited: false,
    }))
    for (const peer of this.#places.keys()) this.#own(peer, 0, () => this.#push(peer, { kind: 'start' }))
  }

  nowMs(): number {
    return this.#nowMs
  }

  /** Of everything that happened until now. */
  traceDigest(): Digest {
    return this.#trace.digest()
  }

  participant(peer: number): Participant {
    return this.#at(peer).participant
  }

  isDown(peer: number): boolean {
    return this.#at(peer).down
  }

  neighbours(peer: number): number[] {
    return this.#links.from(peer).flatMap(({ to, up }) => (up ? [to] : []))
  }

  after(delayMs: number, run: () => void): () => void {
    let cancelled = false
    this.#later(delayMs, () => {
      if (!cancelled) run()
    })
    return () => {
      cancelled = true
    }
  }

  /** Something of this peer's own, which a crash ends. */
  afterOf(peer: number, delayMs: number, run: () => void): void {
    this.#own(peer, delayMs, run)
  }

  /** Virtual time does not go beyond this moment before the promise is settled; what rejects it ends `runUntil`. */
  holdAt(atMs: number, promise: Promise<void>): void {
    const gate = { atMs, promise }
    this.#gates.push(gate)
    const open = (): void => void this.#gates.splice(this.#gates.indexOf(gate), 1)
    promise.then(open, () => {})
  }

  /** Hands something of this size to the link from one to the other; false if there is none. What is lost never runs. */
  transfer(from: number, to: number, what: OnStream, arrived: () => void): boolean {
    const link = this.#links.between(from, to)
    if (link === undefined || !link.up || this.isDown(to)) return false
    this.#send(link, what, arrived)
    return true
  }

  /** Cuts and restores links. Who can reach each other again is told so. */
  setReach(reaches: (a: number, b: number) => boolean): void {
    const changed = this.#links.cut(reaches)
    this.#trace.note(
      this.#nowMs,
      `links ${changed.map(({ from, to, up }) => `${from}${up ? '+' : '-'}${to}`).join(' ')}`,
    )
    for (const link of changed) {
      this.#options.onLink?.(link.from, link.to, link.up)
      if (!link.up) this.#asks.drop(link.from, link.to)
      else this.#meet(link)
    }
  }

  /** From now on nothing is lost, doubled, or out of order on any link that is up. */
  repairLinks(): void {
    this.#links.repair()
  }

  /** Ends a peer at once: only what it stored remains. */
  crash(peer: number): void {
    const place = this.#at(peer)
    if (place.down) return
    this.#trace.note(this.#nowMs, `crash ${peer}`)
    place.down = true
    place.waiting = []
    place.relays = []
    this.#asks.drop(peer)
  }

  /** Starts a peer that crashed, with what it stored; or, when it forgets, with nothing. */
  restart(peer: number, forgets = false): void {
    const place = this.#at(peer)
    if (!place.down) return
    this.#trace.note(this.#nowMs, `restart ${peer}${forgets ? ' without what it stored' : ''}`)
    if (forgets) place.keeping.forget()
    place.down = false
    place.life++
    place.freeMs = this.#nowMs
    this.#gossip.forget(peer)
    place.participant = this.#options.peers[peer]!.create(place.keeping.kept())
    this.#push(peer, { kind: 'start' })
    for (const link of this.#links.from(peer)) {
      const back = this.#links.between(link.to, peer)
      if (!link.up || back === undefined) continue
      this.#meet(link)
      this.#meet(back)
    }
  }

  /** Runs until `done` holds, nothing is left to happen, or this moment; `done` is asked whenever time goes on. */
  run(done: () => boolean = () => false, untilMs = Number.POSITIVE_INFINITY): void {
    while (!done()) {
      if (this.#gates.length > 0) throw new Error('work that takes real time needs runUntil: this is a bug')
      if (!this.#tick(untilMs)) return
    }
  }

  /** As `run`, and waits for work that takes real time where virtual time must not go beyond it. */
  async runUntil(done: () => boolean, signal?: AbortSignal): Promise<void> {
    let pausedMs = performance.now()
    while (!done()) {
      signal?.throwIfAborted()
      const nextMs = this.#queue.nextMs()
      const gate = this.#gates.find(({ atMs }) => nextMs === undefined || atMs <= nextMs)
      if (gate !== undefined) await untilAborted(gate.promise, signal)
      else if (!this.#tick(Number.POSITIVE_INFINITY)) return
      else if (performance.now() - pausedMs < pauseEveryMs) continue
      else await new Promise((resolve) => setImmediate(resolve))
      pausedMs = performance.now()
    }
  }

  /** Everything that happens at the next moment; false if there is none until then. */
  #tick(untilMs: number): boolean {
    const atMs = this.#queue.nextMs()
    if (atMs === undefined || atMs > untilMs) return false
    this.#nowMs = atMs
    for (const entry of this.#queue.take()) {
      if (typeof entry === 'function') entry()
      else this.#arrive(entry)
    }
    const ready = this.#ready
    this.#ready = []
    for (const peer of ready) this.#drain(peer)
    return true
  }

  #at(peer: number): Place {
    const place = this.#places[peer]
    if (place === undefined) throw new RangeError(`there is no peer ${peer}`)
    return place
  }

  #later(delayMs: number, run: () => void): void {
    this.#queue.push(this.#nowMs + Math.max(0, Math.round(delayMs)), run)
  }

  #own(peer: number, delayMs: number, run: () => void): void {
    const place = this.#at(peer)
    const { life } = place
    this.#later(delayMs, () => {
      if (!place.down && place.life === life) run()
    })
  }

  #push(peer: number, event: Event): void {
    const place = this.#places[peer]!
    place.waiting.push(event)
    this.#makeReady(peer, place)
  }

  #makeReady(peer: number, place: Place): void {
    if (place.ready) return
    place.ready = true
    this.#ready.push(peer)
  }

  #meet({ from, to }: Link): void {
    const id = this.#options.peers[to]!.id
    this.#own(from, 0, () => {
      if (!this.#at(to).down) this.#push(from, { kind: 'neighbour', peer: id })
    })
  }

  #drain(peer: number): void {
    const place = this.#places[peer]!
    place.ready = false
    if (place.down) return
    const { relays } = place
    place.relays = []
    for (const delivery of relays) this.#gossip.relay(peer, delivery)
    if (place.freeMs > this.#nowMs) this.#awaitStep(peer, place)
    else if (place.waiting.length > 0) {
      const { waiting } = place
      place.waiting = []
      place.freeMs = this.#nowMs + (this.#options.stepMs ?? 0)
      if (this.#options.oneByOne) for (const event of waiting) this.#handle(peer, place, [event])
      else this.#handle(peer, place, waiting)
    }
  }

  #awaitStep(peer: number, place: Place): void {
    if (place.awaited) return
    place.awaited = true
    this.#queue.push(place.freeMs, () => {
      place.awaited = false
      this.#makeReady(peer, place)
    })
  }

  #handle(peer: number, place: Place, events: readonly Event[]): void {
    const step = place.participant.handle(events, this.#nowMs)
    this.counters.steps++
    this.#trace.step(this.#nowMs, peer, events, step)
    place.keeping.keep(step)
    this.#perform(peer, step)
    this.#options.onStep?.(peer, step, events, this.#nowMs)
  }

  #perform(peer: number, step: Step): void {
    const { honest } = this.#options.peers[peer]!
    for (const { to, envelope } of step.sends) {
      this.#gossip.say(peer, to, envelope)
      // What a liar says of its own words need not be so.
      if (honest) this.#count(envelope)
    }
    for (const { id, atMs } of step.timers)
      this.#own(peer, Math.ceil(atMs - this.#nowMs), () => this.#push(peer, { kind: 'timer', id }))
    for (const work of step.work) this.#begin(peer, work)
    for (const output of step.outputs)
      if (output.kind === 'evidence' && honest) this.#cutOff(peer, output.evidence.culprits)
    for (const { to, bytes } of step.asks) this.#asks.ask(peer, to, bytes)
    for (const { peer: of, what } of step.faults)
      this.#options.onFault?.(peer, typeof of === 'number' ? of : (this.#byId.get(of) ?? -1), what)
  }

  /** As a driver does with those who are proven to lie. */
  #cutOff(by: number, culprits: readonly number[]): void {
    for (const culprit of culprits) {
      for (const { from, to } of this.#links.sever(by, culprit)) {
        this.#trace.note(this.#nowMs, `cut off ${from}-${to}`)
        this.#options.onLink?.(from, to, false)
        this.#asks.drop(from, to)
      }
    }
  }

  #begin(peer: number, work: Work): void {
    const place = this.#places[peer]!
    const { life } = place
    this.#options.perform(peer, work, (result) => {
      // In the next step: work that is done at once is handed back as a driver does.
      if (!place.down && place.life === life)
        this.#own(peer, 0, () => this.#push(peer, { kind: 'done', id: work.id, result }))
    })
  }

  #count({ statements }: Envelope): void {
    const { said } = this.counters
    for (const { kind } of statements) said.set(kind, (said.get(kind) ?? 0) + 1)
  }

  #arrive(delivery: Delivery): void {
    if (!this.#gossip.arrive(delivery)) return
    const { from, to } = delivery.link
    const place = this.#places[to]!
    const opened = place.participant.open(delivery.carried.bytes)
    if (opened.verdict === 'reject') {
      this.counters.rejected++
      this.#options.onFault?.(to, from, opened.reason)
      return
    }
    if (opened.envelope === undefined) return
    this.counters.delivered++
    this.#push(to, this.#gossip.eventOf(delivery, opened.envelope))
    if (opened.verdict === 'accept') place.relays.push(delivery)
  }

  /** How much later than it is an answer should be, if liars choose. */
  #lateMs({ from, to }: Link): number {
    const { delayAnswer, peers, longestDelayMs = defaultLongestDelayMs } = this.#options
    if (delayAnswer === undefined || !peers[from]!.honest || !peers[to]!.honest) return 0
    return Math.min(longestDelayMs, Math.max(0, delayAnswer({ from, to, nowMs: this.#nowMs })))
  }

  /** Sends something on a stream, which only its receiver looks at. */
  #send(link: Link, { carried, bytes }: OnStream, arrived: () => void): void {
    const sizeBytes = bytes + framingBytes
    const { life } = this.#places[link.to]!
    this.counters.sentBytes[link.from]! += sizeBytes
    const atMs = this.#links.arrivalOnStream(link, sizeBytes, this.#nowMs)
    if (atMs === undefined) {
      this.counters.lost++
      return
    }
    this.#queue.push(atMs, () => {
      const place = this.#places[link.to]!
      if (!link.up || place.down || place.life !== life) {
        this.counters.lost++
        return
      }
      this.counters.receivedBytes[link.to]! += sizeBytes
      this.counters.received[carried] += sizeBytes
      arrived()
    })
  }
}
