/**
 * A network of participants on a virtual clock: discrete events, one at a time, in an order that the seed alone decides.
 *
 * Envelopes are passed on hop by hop (see gossip.ts). Whatever `open` does not accept goes no further, so a liar passes on
 * what it likes. Envelopes that are lost stay lost: peers ask their neighbours for what they lack, as on a real network,
 * and nothing else repairs it.
 *
 * Time goes in whole milliseconds. What comes to a peer in one of them is there when its driver takes its turn.
 */
import type { Clock, Driver, Listener } from '@hearsay/peer'
import { untilAborted } from '@hearsay/peer'
import type { Digest, Envelope, Event, Kept, Step } from '@hearsay/protocol'
import { Asks } from './asks.ts'
import { EventQueue } from './event-queue.ts'
import { type Delivery, defaultLongestDelayMs, framingBytes, Gossip } from './gossip.ts'
import { defaultLink, type Link, type LinkOptions, Links } from './links.ts'
import { MemoryStore } from './memory-store.ts'
import { type Counters, type Life, newCounters, type OnStream, type VirtualNetworkOptions } from './options.ts'
import { Trace } from './trace.ts'
import { unheard, virtualCarrier } from './virtual-carrier.ts'

/** Between real pauses in which others may run, real milliseconds. */
const pauseEveryMs = 40

type Entry = Delivery | (() => void)

interface Place {
  peer: Pick<Driver, 'start' | 'stop'>
  listener: Listener
  /** How often it was started. */
  life: number
  down: boolean
  readonly store: MemoryStore
  /** To be passed on at this time. */
  relays: Delivery[]
  /** What its driver does when it has its turn. */
  turns: (() => void)[]
  /** Whether it is among those who have something to do at this time. */
  ready: boolean
}

export class VirtualNetwork implements Clock {
  readonly counters: Counters
  readonly #options: VirtualNetworkOptions
  readonly #queue = new EventQueue<Entry>()
  readonly #links: Links
  readonly #gossip: Gossip
  readonly #asks: Asks
  readonly #places: readonly Place[]
  readonly #trace = new Trace()
  /** Peers with something to handle now, in the order in which it came. */
  #ready: number[] = []
  /** Whether those have their turns: who gets ready now has the next. */
  #draining = false
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
    this.#asks = new Asks(peers.length, this.#links, this.counters, {
      nowMs,
      listener: (peer) => this.#at(peer).listener,
      later: (peer, delayMs, run) => this.#own(peer, delayMs, run),
      send: (link, what, arrived) => this.#send(link, what, arrived),
      lateMs: (link) => this.#lateMs(link),
    })
    this.#places = peers.map(() => ({
      peer: { start: () => {}, stop: async () => {} },
      listener: unheard,
      life: 0,
      down: true,
      store: new MemoryStore(),
      relays: [],
      turns: [],
      ready: false,
    }))
    for (const peer of this.#places.keys()) this.#begin(peer, undefined)
    for (const [peer, place] of this.#places.entries()) this.#own(peer, 0, () => place.peer.start())
  }

  nowMs(): number {
    return this.#nowMs
  }

  /** Of everything that happened until now. */
  traceDigest(): Digest {
    return this.#trace.digest()
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

  /** Virtual time does not go beyond this moment before the promise is settled; what rejects it ends `runUntil`. */
  holdAt(atMs: number, promise: Promise<void>): void {
    const gate = { atMs, promise }
    this.#gates.push(gate)
    const open = (): void => void this.#gates.splice(this.#gates.indexOf(gate), 1)
    promise.then(open, () => {})
  }

  soon(run: () => void): () => void {
    return this.after(0, run)
  }

  /** Cuts and restores links. Who can reach each other again is told so. */
  setReach(reaches: (a: number, b: number) => boolean): void {
    const changed = this.#links.cut(reaches)
    this.#trace.note(
      this.#nowMs,
      `links ${changed.map(({ from, to, up }) => `${from}${up ? '+' : '-'}${to}`).join(' ')}`,
    )
    for (const link of changed) {
      if (link.up) this.#meet(link)
      else this.#part(link)
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
    place.relays = []
    place.turns = []
    this.#asks.drop(peer)
    void place.peer.stop()
  }

  /** Starts a peer that crashed, with what it stored; or, when it forgets, with nothing. */
  restart(peer: number, forgets = false): void {
    const place = this.#at(peer)
    if (!place.down) return
    this.#trace.note(this.#nowMs, `restart ${peer}${forgets ? ' without what it stored' : ''}`)
    if (forgets) place.store.forget()
    this.#gossip.forget(peer)
    this.#begin(peer, place.store.kept())
    place.peer.start()
    for (const link of this.#links.from(peer)) {
      const back = this.#links.between(link.to, peer)
      if (!link.up || back === undefined) continue
      this.#meet(link)
      this.#meet(back)
    }
  }

  /** Gives what puts back what this peer has stored now, while it is down: a backup that is older than its newest words. */
  backUp(peer: number, memory: Kept['memory'] = 'kept'): () => void {
    return this.#at(peer).store.backUp(memory)
  }

  /** Ends all peers. */
  async stop(): Promise<void> {
    await Promise.all(this.#places.map(({ peer }) => peer.stop()))
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
    this.#draining = true
    for (const peer of ready) this.#drain(peer)
    this.#draining = false
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

  /** Something of this peer's own, which a crash ends; gives what cancels it. */
  #own(peer: number, delayMs: number, run: () => void): () => void {
    const place = this.#at(peer)
    const { life } = place
    let cancelled = false
    this.#later(delayMs, () => {
      if (!cancelled && !place.down && place.life === life) run()
    })
    return () => {
      cancelled = true
    }
  }

  #begin(peer: number, kept: Life['kept']): void {
    const place = this.#at(peer)
    place.down = false
    place.life++
    const clock: Clock = {
      nowMs: () => this.#nowMs,
      after: (delayMs, run) => this.#own(peer, Math.ceil(delayMs), run),
      soon: (run) => this.#soon(peer, run),
    }
    place.peer = this.#options.peers[peer]!.create({
      carrier: virtualCarrier(peer, clock, {
        honest: this.#options.peers[peer]!.honest,
        weightOf: (other) => this.#options.weights?.[other] ?? 1,
        gossip: this.#gossip,
        asks: this.#asks,
        listen: (listener) => {
          place.listener = listener
        },
        listenerOf: (other) => this.#at(other).listener,
        neighbours: () => this.neighbours(peer),
        transfer: (from, to, what, arrived) => this.#transfer(from, to, what, arrived),
        sendOnce: (from, to, what, arrived) => this.#transfer(from, to, what, arrived, true),
        cutOff: (culprit) => this.#cutOff(peer, culprit),
      }),
      clock,
      store: place.store,
      stepMs: this.#options.stepMs ?? 0,
      kept,
      onStep: (step, events, nowMs) => this.#onStep(peer, step, events, nowMs),
    })
  }

  /** Among what the peer does when all that happens now has come to it. */
  #soon(peer: number, run: () => void): () => void {
    const place = this.#places[peer]!
    let cancelled = false
    const turn = (): void => {
      if (!cancelled) run()
    }
    const take = (): void => {
      place.turns.push(turn)
      this.#makeReady(peer, place)
    }
    if (this.#draining) this.#own(peer, 0, take)
    else take()
    return () => {
      cancelled = true
    }
  }

  #makeReady(peer: number, place: Place): void {
    if (place.ready) return
    place.ready = true
    this.#ready.push(peer)
  }

  #meet({ from, to }: Link): void {
    this.#own(from, 0, () => {
      if (!this.#at(to).down) this.#at(from).listener.neighbour(to, true)
    })
  }

  #part({ from, to }: Link): void {
    if (!this.isDown(from)) this.#at(from).listener.neighbour(to, false)
    this.#asks.drop(from, to)
  }

  #drain(peer: number): void {
    const place = this.#places[peer]!
    place.ready = false
    if (place.down) return
    const { relays, turns } = place
    place.relays = []
    place.turns = []
    for (const delivery of relays) this.#gossip.relay(peer, delivery)
    for (const turn of turns) turn()
  }

  #onStep(peer: number, step: Step, events: readonly Event[], nowMs: number): void {
    this.counters.steps++
    for (const { kind } of events) if (kind === 'envelope') this.counters.delivered++
    // What a liar says of its own words need not be so.
    if (this.#options.peers[peer]!.honest) for (const { envelope } of step.sends) this.#count(envelope)
    this.#trace.step(nowMs, peer, events, step)
    this.#options.onStep?.(peer, step, events, nowMs)
  }

  #cutOff(by: number, culprit: number): void {
    for (const link of this.#links.sever(by, culprit)) {
      this.#trace.note(this.#nowMs, `cut off ${link.from}-${link.to}`)
      this.#part(link)
    }
  }

  #count({ statements }: Envelope): void {
    const { said } = this.counters
    for (const { kind } of statements) said.set(kind, (said.get(kind) ?? 0) + 1)
  }

  #arrive(delivery: Delivery): void {
    if (!this.#gossip.arrive(delivery)) return
    const { from, to } = delivery.link
    const place = this.#places[to]!
    const opened = place.listener.envelope(delivery.carried.bytes, from)
    if (opened.verdict === 'reject') this.counters.rejected++
    else if (opened.envelope !== undefined) delivery.carried.opened = opened.envelope
    if (opened.verdict !== 'accept') return
    place.relays.push(delivery)
    this.#makeReady(to, place)
  }

  /** How much later than it is an answer should be, if liars choose. */
  #lateMs({ from, to }: Link): number {
    const { delayAnswer, peers, longestDelayMs = defaultLongestDelayMs } = this.#options
    if (delayAnswer === undefined || !peers[from]!.honest || !peers[to]!.honest) return 0
    return Math.min(longestDelayMs, Math.max(0, delayAnswer({ from, to, nowMs: this.#nowMs })))
  }

  /** Hands something of this size to the link from one to the other; false if there is none. What is lost never runs. */
  #transfer(from: number, to: number, what: OnStream, arrived: () => void, once = false): boolean {
    const link = this.#links.between(from, to)
    if (link === undefined || !link.up || this.isDown(to)) return false
    this.#send(link, what, arrived, once)
    return true
  }

  /** Sends something on a stream, which only its receiver looks at; or once, and it may be lost. */
  #send(link: Link, { carried, bytes }: OnStream, arrived: () => void, once = false): void {
    const sizeBytes = bytes + framingBytes
    const { life } = this.#places[link.to]!
    this.counters.sentBytes[link.from]! += sizeBytes
    const atMs = this.#links[once ? 'arrival' : 'arrivalOnStream'](link, sizeBytes, this.#nowMs)
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
