/**
 * Envelopes on their way: what a peer says goes to all its neighbours, or to some; what it accepts of others it passes on
 * to its mesh, a few of them, as gossipsub does; what came to it alone, to all. Each peer hears an envelope once.
 */
import { meshDegree } from '@hearsay/peer'
import { type Audience, type Digest, digestOf, type Envelope } from '@hearsay/protocol'
import { type Link, type Links, meshOf } from './links.ts'
import type { Counters, VirtualNetworkOptions } from './options.ts'

/** A peer forgets which envelopes it has heard after so long, as gossipsub does. */
const seenMs = 120_000
/** What travels around a message: frames of noise, yamux and gossip. */
export const framingBytes = 60
export const defaultLongestDelayMs = 5_000

/** An envelope on its way, one for all copies. */
interface Carried {
  readonly id: Digest
  /** As its first sender has it. */
  readonly envelope: Envelope
  readonly bytes: Uint8Array
  readonly sentMs: number
  /** By position: `heard` once the peer has it; else when the first copy arrives, in ms after `sentMs`; or `unsent`. */
  readonly due: Int32Array
  /** As whoever opened it last has it: what a liar says of its own words need not be so. */
  opened: Envelope | undefined
}

const unsent = -1
const heard = -2

export interface Delivery {
  readonly carried: Carried
  readonly link: Link
  readonly direct: boolean
  /** Of the receiver: who starts again has new connections. */
  readonly life: number
}

/** What gossip asks of the network around it. */
export interface GossipPort {
  nowMs(): number
  /** How often the peer was started; undefined while it is down. */
  life(peer: number): number | undefined
  deliverAt(atMs: number, delivery: Delivery): void
  /** Nothing more is heard of this envelope. */
  forgotten(id: Digest): void
}

export class Gossip {
  readonly #options: VirtualNetworkOptions
  readonly #links: Links
  readonly #counters: Counters
  readonly #port: GossipPort
  readonly #mesh: readonly (readonly Link[])[]
  readonly #carried = new Map<Digest, Carried>()

  constructor(options: VirtualNetworkOptions, links: Links, counters: Counters, port: GossipPort) {
    const { peers, relayDegree, seed, weights = peers.map(() => 1) } = options
    this.#options = options
    this.#links = links
    this.#counters = counters
    this.#port = port
    const degrees = peers.map((_, peer) => relayDegree ?? meshDegree(weights, links.from(peer).length))
    this.#mesh = meshOf(links, degrees, seed)
  }

  /** Sends what this peer says. */
  say(peer: number, to: Audience, envelope: Envelope): void {
    const carried = this.#carry(peer, envelope)
    carried.due[peer] = heard
    if (to === 'all') for (const link of this.#links.from(peer)) this.#pass(link, carried, false)
    else
      for (const other of to) {
        const link = other === peer ? undefined : this.#links.between(peer, other)
        if (link !== undefined) this.#pass(link, carried, true)
      }
  }

  /** Passes on what this peer accepted. */
  relay(peer: number, { carried, link: { from }, direct }: Delivery): void {
    if (this.#options.relayDegree === 0) return
    for (const link of direct ? this.#links.from(peer) : this.#mesh[peer]!)
      if (link.to !== from) this.#pass(link, carried, false)
  }

  /** Whether the peer hears this envelope now, for the first time. */
  arrive({ carried, link, life }: Delivery): boolean {
    const { to } = link
    if (!link.up || this.#port.life(to) !== life) {
      this.#counters.lost++
      // Nor is it awaited any more: the next copy is the first.
      if (carried.due[to] !== heard) carried.due[to] = unsent
      return false
    }
    if (carried.due[to] === heard) {
      this.#duplicate(link, sizeOf(carried))
      return false
    }
    this.#counters.receivedBytes[to]! += sizeOf(carried)
    this.#counters.received.envelope += sizeOf(carried)
    carried.due[to] = heard
    return true
  }

  /** A peer that starts again has heard nothing. */
  forget(peer: number): void {
    for (const { due } of this.#carried.values()) due[peer] = unsent
  }

  /** The envelope as it travels. Only an honest peer's word is taken for its digest. */
  #carry(peer: number, envelope: Envelope): Carried {
    const { bytes } = envelope
    const nowMs = this.#port.nowMs()
    const id = this.#options.peers[peer]!.honest ? envelope.id : digestOf(bytes)
    const known = this.#carried.get(id)
    if (known !== undefined) return known
    for (const [old, { sentMs }] of this.#carried) {
      if (sentMs >= nowMs - seenMs) break
      this.#carried.delete(old)
      this.#port.forgotten(old)
    }
    const due = new Int32Array(this.#options.peers.length).fill(unsent)
    const carried: Carried = { id, envelope, bytes, sentMs: nowMs, due, opened: undefined }
    this.#carried.set(id, carried)
    return carried
  }

  /** Puts an envelope on a link. */
  #pass(link: Link, carried: Carried, direct: boolean): void {
    const life = this.#port.life(link.to)
    if (!link.up || life === undefined) {
      this.#counters.lost++
      return
    }
    const nowMs = this.#port.nowMs()
    const sizeBytes = sizeOf(carried)
    this.#counters.sentBytes[link.from]! += sizeBytes
    const due = carried.due[link.to]!
    if (due === heard) {
      this.#links.occupy(link, sizeBytes, nowMs)
      this.#duplicate(link, sizeBytes)
      return
    }
    const { from, to } = link
    const isLost = this.#options.loses?.({ from, to, nowMs }) === true
    const atMs = isLost ? undefined : this.#links.arrival(link, sizeBytes, nowMs, this.#delayOf(link, carried))
    if (atMs === undefined) this.#counters.lost++
    else if (due !== unsent && carried.sentMs + due <= atMs) this.#duplicate(link, sizeBytes)
    else {
      carried.due[link.to] = atMs - carried.sentMs
      this.#port.deliverAt(atMs, { carried, link, direct, life })
    }
    if (!this.#links.duplicates(link.from)) return
    // The copy comes to who has the envelope already, unless that was lost.
    const againMs = this.#links.arrival(link, sizeBytes, nowMs)
    if (againMs !== undefined) this.#port.deliverAt(againMs, { carried, link, direct, life })
  }

  /** A copy that arrives after another changes nothing: it costs bytes and the time of the link, and no event. */
  #duplicate(link: Link, sizeBytes: number): void {
    this.#counters.receivedBytes[link.to]! += sizeBytes
    this.#counters.received.copy += sizeBytes
    this.#counters.duplicates++
  }

  #delayOf({ from, to }: Link, { envelope, opened }: Carried): number {
    const { delay, peers, longestDelayMs = defaultLongestDelayMs } = this.#options
    if (delay === undefined || !peers[from]!.honest || !peers[to]!.honest) return 0
    const message = { from, to, envelope: opened ?? envelope, nowMs: this.#port.nowMs() }
    return Math.min(longestDelayMs, Math.max(0, delay(message)))
  }
}

function sizeOf({ bytes }: Carried): number {
  return bytes.length + framingBytes
}
