/**
 * The links of a topology, each with two directions: latency, bandwidth, loss and order of what travels on them. A link
 * is up unless a partition cuts it.
 */

import { type RandomStream, shuffle } from '@hearsay/catalogue/random'
import { type Distribution, sampler } from './distribution.ts'
import { randomStream } from './random-stream.ts'

export interface LinkOptions {
  /** From sending the last byte to its arrival. */
  readonly latency: Distribution
  /** And so many milliseconds more, on this link. */
  readonly furtherMs?: ((from: number, to: number) => number) | undefined
  /** Each direction of a link sends one message after the other at this rate; undefined takes no time. */
  readonly bytesPerSecond?: number | undefined
  /** Of messages, 0 to 1: those that are lost, gossip's for ever; what streams carry is sent again. */
  readonly loss: number
  /** Of messages: those that arrive twice. */
  readonly duplication: number
  /** Of messages: those that may overtake others of their link. The rest arrive in the order in which they were sent. */
  readonly reordering: number
}

/** What a stream carries and a link loses is sent again after so long, then after twice that, as TCP does. */
const firstResendMs = 200
/** After which a connection is given up. */
const lastResendMs = 60_000

export const defaultLink: LinkOptions = { latency: { ms: 20 }, loss: 0, duplication: 0, reordering: 0 }

/** One direction of a link. */
export interface Link {
  readonly from: number
  readonly to: number
  up: boolean
  /** One end has cut the other off, for ever. */
  severed: boolean
  /** When all that was given to it has been sent. */
  freeMs: number
  /** When the last message that keeps the order arrives. */
  lastMs: number
}

export class Links {
  #options: LinkOptions
  readonly #latency: (random: RandomStream) => number
  /** By sender: those in order of the receiver. */
  readonly #from: Link[][]
  readonly #between: Map<number, Link>[]
  readonly #random: readonly RandomStream[]

  constructor(peers: number, connections: readonly (readonly [number, number])[], options: LinkOptions, seed: number) {
    this.#options = options
    this.#latency = sampler(options.latency)
    this.#from = Array.from({ length: peers }, () => [])
    for (const [a, b] of connections)
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const)
        this.#from[from]!.push({ from, to, up: true, severed: false, freeMs: 0, lastMs: 0 })
    for (const links of this.#from) links.sort((a, b) => a.to - b.to)
    this.#between = this.#from.map((links) => new Map(links.map((link) => [link.to, link])))
    this.#random = this.#from.map((_, peer) => randomStream(seed, 'links', peer))
  }

  from(peer: number): readonly Link[] {
    return this.#from[peer] ?? []
  }

  between(from: number, to: number): Link | undefined {
    return this.#between[from]?.get(to)
  }

  /** When a message that is sent now arrives; undefined if it is lost. `delayMs` more lets others overtake it. */
  arrival(link: Link, sizeBytes: number, nowMs: number, delayMs = 0): number | undefined {
    const { loss, reordering, furtherMs } = this.#options
    const random = this.#random[link.from]!
    const sentMs = this.occupy(link, sizeBytes, nowMs)
    if (loss > 0 && random.uniform() < loss) return undefined
    // At least one millisecond, so that virtual time goes on whatever is said.
    const latencyMs = this.#latency(random) + (furtherMs?.(link.from, link.to) ?? 0)
    const atMs = Math.max(nowMs + 1, Math.round(sentMs + latencyMs) + Math.round(delayMs))
    if (delayMs > 0 || (reordering > 0 && random.uniform() < reordering)) return atMs
    link.lastMs = Math.max(atMs, link.lastMs)
    return link.lastMs
  }

  /**
   * As `arrival`, of what a stream carries; undefined if it is given up. What is sent again keeps nothing else of its link
   * waiting.
   */
  arrivalOnStream(link: Link, sizeBytes: number, nowMs: number): number | undefined {
    let sentMs = nowMs
    for (let resendMs = firstResendMs; resendMs <= lastResendMs; resendMs *= 2) {
      const atMs = this.arrival(link, sizeBytes, nowMs, sentMs - nowMs)
      if (atMs !== undefined) return atMs
      sentMs += resendMs
    }
    return undefined
  }

  /** Takes the time of sending so many bytes; gives when it is over. */
  occupy(link: Link, sizeBytes: number, nowMs: number): number {
    const { bytesPerSecond } = this.#options
    if (bytesPerSecond === undefined) return nowMs
    link.freeMs = Math.max(nowMs, link.freeMs) + (1000 * sizeBytes) / bytesPerSecond
    return link.freeMs
  }

  /** Whether another copy of a message that was just sent arrives too. */
  duplicates(from: number): boolean {
    const { duplication } = this.#options
    return duplication > 0 && this.#random[from]!.uniform() < duplication
  }

  /** From now on nothing is lost, doubled, or out of order. */
  repair(): void {
    this.#options = { ...this.#options, loss: 0, duplication: 0, reordering: 0 }
  }

  /** Cuts the links between peers that do not reach each other, both ways; gives those that changed, by sender. */
  cut(reaches: (a: number, b: number) => boolean): Link[] {
    const changed: Link[] = []
    for (const links of this.#from)
      for (const link of links) {
        const up = !link.severed && reaches(link.from, link.to)
        if (up !== link.up) changed.push(link)
        link.up = up
      }
    return changed
  }

  /** Cuts the link between two peers for ever, both ways; gives what was up of it. */
  sever(a: number, b: number): Link[] {
    const both = [this.between(a, b), this.between(b, a)].filter((link) => link?.severed === false) as Link[]
    const changed = both.filter(({ up }) => up)
    for (const link of both) {
      link.severed = true
      link.up = false
    }
    return changed
  }
}

/**
 * To whom each peer passes on what it hears, as gossip's mesh: about as many of its neighbours as `degrees` says, chosen by
 * lot, in both directions.
 */
export function meshOf(links: Links, degrees: readonly number[], seed: number): Link[][] {
  const random = randomStream(seed, 'mesh')
  const mesh = degrees.map(() => new Set<number>())
  const all = shuffle([...mesh.keys()], random.below)
  for (const peer of all) {
    const own = mesh[peer]!
    // Those with the fewest first keep the degrees near the one asked for.
    const candidates = shuffle([...links.from(peer)], random.below).sort((a, b) => mesh[a.to]!.size - mesh[b.to]!.size)
    for (const { to } of candidates) {
      if (own.size >= degrees[peer]!) break
      own.add(to)
      mesh[to]!.add(peer)
    }
  }
  return mesh.map((members, peer) => links.from(peer).filter(({ to }) => members.has(to)))
}
