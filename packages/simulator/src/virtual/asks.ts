/** Questions to neighbours and their answers: one at a time to each, and to the neighbours in turn. */
import { Allowance, answersToOne } from '@hearsay/peer'
import type { Event, Participant } from '@hearsay/protocol'
import type { Link, Links } from './links.ts'
import type { Counters, VirtualPeer } from './options.ts'

/** An ask that was not answered within this time is given up. */
const deadlineMs = 10_000

/** What asks need of the network around them. */
export interface AsksPort {
  nowMs(): number
  participant(peer: number): Participant
  push(peer: number, event: Event): void
  /** Sends something of this size; it runs when it arrives, if it does. */
  send(link: Link, sizeBytes: number, arrived: () => void): void
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

  constructor(peers: readonly VirtualPeer[], links: Links, counters: Counters, port: AsksPort) {
    this.#peers = peers
    this.#links = links
    this.#counters = counters
    this.#port = port
    this.#byId = new Map(peers.map(({ id }, peer) => [id, peer]))
    this.#asked = peers.map(() => new Map())
    this.#turns = peers.map(() => 0)
    this.#allowances = peers.map(() => new Allowance(answersToOne))
  }

  ask(peer: number, to: string | undefined, bytes: Uint8Array): void {
    const asked = this.#asked[peer]!
    const nowMs = this.#port.nowMs()
    const free = ({ to: other, up }: Link): boolean => up && (asked.get(other) ?? 0) <= nowMs
    const link = to === undefined ? this.#next(peer, free) : this.#links.between(peer, this.#byId.get(to) ?? -1)
    // Questions to a neighbour that does not answer would pile up.
    if (link === undefined || !free(link)) return
    asked.set(link.to, nowMs + deadlineMs)
    this.#counters.asks++
    this.#port.send(link, bytes.length, () => this.#answer(link, bytes))
  }

  /** No answer comes from this neighbour any more; without one, from nobody. */
  drop(peer: number, neighbour?: number): void {
    if (neighbour === undefined) this.#asked[peer]!.clear()
    else this.#asked[peer]!.delete(neighbour)
  }

  #next(peer: number, free: (link: Link) => boolean): Link | undefined {
    const candidates = this.#links.from(peer).filter(free)
    return candidates[this.#turns[peer]!++ % Math.max(1, candidates.length)]
  }

  #answer({ from: asker, to: asked }: Link, bytes: Uint8Array): void {
    const { id } = this.#peers[asker]!
    const allowed = this.#allowances[asked]!.take(id, this.#port.nowMs())
    const answer = allowed ? this.#port.participant(asked).answer(bytes, id) : undefined
    this.#counters.answers++
    this.#port.send(this.#links.between(asked, asker)!, answer?.length ?? 0, () => {
      this.#asked[asker]!.delete(asked)
      if (answer !== undefined && answer.length > 0)
        this.#port.push(asker, { kind: 'answer', from: this.#peers[asked]!.id, bytes: answer })
    })
  }
}
