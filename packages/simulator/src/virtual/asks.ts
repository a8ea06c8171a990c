/**
 * Questions to neighbours and their answers. An honest peer asks one at a time of each, and the neighbours in turn; a liar
 * asks as it likes, and is answered at a rate, as on libp2p: one question after the other, late, and never refused.
 */
import { Allowance, answersToOne, chargeOfAsk } from '@hearsay/peer'
import { type Event, leastAskBytes, type Participant } from '@hearsay/protocol'
import type { Link, Links } from './links.ts'
import type { Counters, OnStream, VirtualPeer } from './options.ts'

/** An ask that was not answered within this time is given up. */
export const askDeadlineMs = 10_000
/** So many questions of one neighbour wait with who is asked; more do not leave their sender. */
const mostWaiting = 16

/** What asks need of the network around them. */
export interface AsksPort {
  nowMs(): number
  participant(peer: number): Participant
  push(peer: number, event: Event): void
  /** What no honest peer sends: seen by `by`. */
  fault(by: number, peer: number, what: string): void
  /** Something of this peer's own, which a crash ends. */
  later(peer: number, delayMs: number, run: () => void): void
  /** Sends something of this size; it runs when it arrives, if it does. */
  send(link: Link, what: OnStream, arrived: () => void): void
  /** How much later than it is an answer over this link should be. */
  lateMs(link: Link): number
}

export class Asks {
  readonly #peers: readonly VirtualPeer[]
  readonly #links: Links
  readonly #counters: Counters
  readonly #port: AsksPort
  readonly #byId: ReadonlyMap<string, number>
  /** By peer: neighbours whose answer is awaited, and until when. */
  readonly #asked: readonly Map<number, number>[]
  readonly #turns: number[]
  /** By peer: how often it answers each neighbour, as a driver does. */
  readonly #allowances: readonly Allowance[]
  /** By peer: what each neighbour asked and is not answered yet, the first being answered. */
  readonly #waiting: readonly Map<number, Uint8Array[]>[]

  constructor(peers: readonly VirtualPeer[], links: Links, counters: Counters, port: AsksPort) {
    this.#peers = peers
    this.#links = links
    this.#counters = counters
    this.#port = port
    this.#byId = new Map(peers.map(({ id }, peer) => [id, peer]))
    this.#asked = peers.map(() => new Map())
    this.#turns = peers.map(() => 0)
    this.#allowances = peers.map(() => new Allowance(answersToOne))
    this.#waiting = peers.map(() => new Map())
  }

  ask(peer: number, to: string | undefined, bytes: Uint8Array): void {
    const asked = this.#asked[peer]!
    const nowMs = this.#port.nowMs()
    const { honest } = this.#peers[peer]!
    const free = ({ to: other, up }: Link): boolean => up && (!honest || (asked.get(other) ?? 0) <= nowMs)
    const link = to === undefined ? this.#next(peer, free) : this.#links.between(peer, this.#byId.get(to) ?? -1)
    // Questions to a neighbour that does not answer would pile up.
    if (link === undefined || !free(link)) return
    asked.set(link.to, nowMs + askDeadlineMs)
    this.#counters.asks++
    this.#port.send(link, { carried: 'ask', bytes: bytes.length }, () => this.#arrive(link, bytes))
  }

  /** No answer comes from this neighbour any more; without one, from nobody. */
  drop(peer: number, neighbour?: number): void {
    if (neighbour === undefined) {
      this.#asked[peer]!.clear()
      this.#waiting[peer]!.clear()
    } else {
      this.#asked[peer]!.delete(neighbour)
      this.#waiting[peer]!.delete(neighbour)
    }
  }

  #next(peer: number, free: (link: Link) => boolean): Link | undefined {
    const candidates = this.#links.from(peer).filter(free)
    return candidates[this.#turns[peer]!++ % Math.max(1, candidates.length)]
  }

  #arrive(link: Link, bytes: Uint8Array): void {
    const waiting = this.#waiting[link.to]!
    const queue = waiting.get(link.from)
    if (queue !== undefined && queue.length >= mostWaiting) return
    if (bytes.length < leastAskBytes) this.#port.fault(link.to, link.from, 'a question that is too short')
    if (queue === undefined) {
      waiting.set(link.from, [bytes])
      this.#serve(link)
    } else queue.push(bytes)
  }

  /** Answers what waits, as far as the neighbour's allowance goes, and the rest when it goes farther. */
  #serve(link: Link): void {
    const waiting = this.#waiting[link.to]!
    const queue = waiting.get(link.from) ?? []
    const allowance = this.#allowances[link.to]!
    const { id } = this.#peers[link.from]!
    for (let bytes = queue[0]; bytes !== undefined; bytes = queue[0]) {
      const charge = bytes.length < leastAskBytes ? answersToOne.burst : chargeOfAsk(bytes.length)
      const waitMs = allowance.waitMs(id, this.#port.nowMs(), charge)
      if (waitMs > 0) {
        this.#port.later(link.to, Math.ceil(waitMs), () => {
          // A link that was cut has lost what waited on it.
          if (waiting.get(link.from) === queue) this.#serve(link)
        })
        return
      }
      queue.shift()
      if (bytes.length >= leastAskBytes) this.#answer(link, bytes)
    }
    waiting.delete(link.from)
  }

  #answer({ from: asker, to: asked }: Link, bytes: Uint8Array): void {
    const answer = this.#port.participant(asked).answer(bytes, this.#peers[asker]!.id)
    this.#counters.answers++
    const link = this.#links.between(asked, asker)!
    const arrive = (): void => {
      this.#asked[asker]!.delete(asked)
      if (answer !== undefined && answer.length > 0)
        this.#port.push(asker, { kind: 'answer', from: this.#peers[asked]!.id, bytes: answer })
    }
    this.#port.send(link, { carried: 'answer', bytes: answer?.length ?? 0 }, () => {
      const lateMs = this.#port.lateMs(link)
      if (lateMs > 0) this.#port.later(asker, lateMs, arrive)
      else arrive()
    })
  }
}
