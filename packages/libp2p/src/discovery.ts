/**
 * Peers of a roster learn each other's addresses from each other, so that one path to everybody is enough to begin with and
 * no peer that goes away parts the others.
 *
 * Guarantee: honest peers that are connected with each other by a path of honest peers come to know the newest addresses of
 * all of them, and then keep connections along a ring of the roster: each with its successor, and with so many after it that
 * whichever third of the peers, by weight, is missing or lies, the next honest one is among them. So honest peers stay connected with
 * each other as long as they can be dialled. In a roster of up to 32 peers, everybody dials everybody.
 *
 * Steps: a peer tells its own record and all that it knows to each new neighbour; it passes on what is new to it to all of
 * them; and once in a while it tells one of them everything again, which repairs what was lost. Records are signed by their
 * authors (`address-record.ts`), and rationed by author and by the neighbour that sends them, so a liar can make others dial
 * a few addresses of its choice now and then, and no more; `reach.ts` keeps them from addresses that only exist elsewhere.
 */

import { Allowance } from '@hearsay/peer'
import { mostTolerated, type Position } from '@hearsay/protocol'
import type { Connection, Stream } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { AddressBook } from './address-book.ts'
import { type AddressRecord, mostRecordBytes } from './address-record.ts'
import { isComplete, reachOf } from './reach.ts'
import { readFrames, whileOpen } from './streams.ts'
import type { Turns } from './turns.ts'

/** Rosters of so many peers are connected each with each. */
const mostWithAll = 32

/** Whether a peer dials the other: everybody, or those after it until they weigh more than may be missing or lie. */
export function dials(peer: Position, other: Position, weights: readonly number[]): boolean {
  if (weights.length <= mostWithAll) return true
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let between = 0
  for (let next = (peer + 1) % weights.length; next !== other; next = (next + 1) % weights.length)
    between += weights[next]!
  return between <= mostTolerated(total)
}

export interface DiscoveryPort {
  /** In the order in which all have it. */
  readonly roster: readonly string[]
  /** As they are now. */
  readonly weights: () => readonly number[]
  readonly self: string
  readonly book: AddressBook
  readonly turns: Turns
  /** What others are told of this peer. */
  addresses(): readonly Multiaddr[]
  /** Where this peer is, by what it listens on, dials, and is dialled from: on one machine with others, say. */
  places(): readonly Multiaddr[]
  neighbours(): readonly string[]
  send(peer: string, record: Uint8Array): void
  /** Keeps dialling these, in place of what was learnt of the peer before. */
  learn(peer: string, addresses: readonly Multiaddr[], delayMs: number): void
  fault(peer: string, what: string): void
  /** The records that are known have changed. */
  changed(records: readonly Uint8Array[]): void
  readonly refreshMs: number
  /** The second of two that know each other's addresses dials after so long, if the first has not. */
  readonly secondMs: number
}

export class Discovery {
  readonly #port: DiscoveryPort
  readonly #allowance: Allowance
  #timer: NodeJS.Timeout | undefined
  #turn = 0

  constructor(port: DiscoveryPort) {
    this.#port = port
    // What honest neighbours tell: all they know when they meet, and then what is new.
    this.#allowance = new Allowance({ burst: 4 * port.roster.length + 64, perSecond: port.roster.length / 10 + 1 })
  }

  /** Once this peer listens. `known` are records of an earlier life. */
  start(known: readonly Uint8Array[]): void {
    for (const bytes of known) {
      const taken = this.#port.book.take(bytes, 0)
      if (typeof taken === 'object' && 'peer' in taken) this.#learn(taken)
    }
    this.#port.book.own(this.#port.addresses(), Date.now())
    this.#timer = setInterval(() => this.#refresh(), this.#port.refreshMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Peers weigh something else now: it may have to dial others, beside those whom it dials. */
  reweigh(): void {
    for (const record of this.#port.book.records()) this.#learn(record)
  }

  /** Everything that is known, to a new neighbour. */
  met(peer: string): void {
    if (this.#timer === undefined) return
    for (const { bytes } of this.#port.book.records()) this.#port.send(peer, bytes)
  }

  /** Its own addresses may be others now. */
  moved(): void {
    const { book } = this.#port
    const before = book.records()
    const own = book.own(this.#port.addresses(), Date.now())
    if (this.#timer !== undefined && !before.includes(own)) this.#tell(own, [])
  }

  heard(bytes: Uint8Array, from: string): void {
    const taken = this.#port.book.take(bytes, performance.now())
    if (taken === 'known') return
    if ('fault' in taken) {
      this.#port.fault(from, taken.fault)
      return
    }
    const author = this.#port.roster[taken.peer]
    if (author === this.#port.self) {
      // This peer said more in an earlier life than it remembers.
      this.moved()
      return
    }
    this.#learn(taken)
    this.#tell(taken, [from, author ?? ''])
  }

  /** Reads records that a neighbour pushes, in turns. */
  async serve(stream: Stream, connection: Connection, stopped: AbortSignal): Promise<void> {
    const from = connection.remotePeer.toString()
    const open = whileOpen(stream, stopped)
    const fault = await readFrames(stream, mostRecordBytes, async (record) => {
      await this.#allowance.turn(from, 1, open)
      await this.#port.turns.next(from)
      this.heard(record, from)
    })
    if (fault === 'too-large') this.#port.fault(from, 'a record of addresses that is too large')
  }

  #tell(record: AddressRecord, except: readonly string[]): void {
    for (const peer of this.#port.neighbours()) if (!except.includes(peer)) this.#port.send(peer, record.bytes)
    this.#port.changed(this.#port.book.records().map(({ bytes }) => bytes))
  }

  #refresh(): void {
    this.moved()
    const neighbours = this.#port.neighbours()
    const next = neighbours[this.#turn++ % Math.max(1, neighbours.length)]
    if (next !== undefined) this.met(next)
  }

  #learn({ peer, addresses }: AddressRecord): void {
    const { roster, weights, self, secondMs } = this.#port
    const id = roster[peer]
    if (id === undefined || id === self) return
    const position = roster.indexOf(self)
    if (!dials(position, peer, weights())) return
    const distance = (peer - position + roster.length) % roster.length
    const reaches = new Set(this.#port.places().map(reachOf))
    const usable = addresses.filter((address) => {
      if (!isComplete(address)) return false
      const reach = reachOf(address)
      return reach === 'everywhere' || (reach !== 'nowhere' && reaches.has(reach))
    })
    // Both dial at once else, and have two connections.
    this.#port.learn(id, usable, distance <= roster.length / 2 ? 0 : secondMs)
  }
}
