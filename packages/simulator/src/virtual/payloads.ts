/**
 * Pulling payloads over a virtual network, as peers do over streams: chunk by chunk, from whom the same search says. Who
 * was slow is remembered until a peer crashes.
 */
import { type Ask, chunkBytes, Search, Speeds } from '@hearsay/peer'
import type { Participant } from '@hearsay/protocol'
import type { VirtualNetwork } from './virtual-network.ts'

const requestBytes = 44
/** A source that does not answer is given up after so long. */
const deadlineMs = 10_000

export interface Pull {
  /** Who pulls. */
  readonly peer: number
  readonly sizeBytes: number
  /** Who should hold it, best first; asked again while nobody gives it. */
  readonly sources: () => readonly number[]
  /** How many ms later than it could this peer sends a chunk; undefined if it does not give it to the puller. */
  readonly serves: (source: number) => number | undefined
  /** Whether it is still needed. */
  readonly wanted: () => boolean
  readonly got: () => void
}

/** By who takes part: a peer that starts again is another one. */
const speedsOfAll = new WeakMap<Participant, Speeds>()

function speedsOf(participant: Participant): Speeds {
  const speeds = speedsOfAll.get(participant) ?? new Speeds(deadlineMs)
  speedsOfAll.set(participant, speeds)
  return speeds
}

export function pull(network: VirtualNetwork, options: Pull): void {
  const speeds = speedsOf(network.participant(options.peer))
  new Pulling(network, options, new Search(speeds, Math.max(1, Math.ceil(options.sizeBytes / chunkBytes)))).plan()
}

class Pulling {
  readonly #network: VirtualNetwork
  readonly #options: Pull
  readonly #search: Search
  /** What is under way, since when. */
  readonly #asked = new Map<Ask, number>()
  #plans = 0
  #over = false

  constructor(network: VirtualNetwork, options: Pull, search: Search) {
    this.#network = network
    this.#options = options
    this.#search = search
  }

  plan(): void {
    if (this.#isOver()) return
    const nowMs = this.#network.nowMs()
    for (const [ask, askedMs] of this.#asked) if (nowMs - askedMs >= deadlineMs) this.#end(ask, 'silent')
    const { peer, sources } = this.#options
    const others = sources().filter((source) => source !== peer)
    const { asks, drops, atMs } = this.#search.plan(others.map(String), nowMs)
    for (const drop of drops) this.#asked.delete(drop)
    const unreachable = asks.filter((ask) => !this.#request(ask, nowMs))
    for (const ask of unreachable) this.#end(ask, 'failed')
    if (unreachable.length > 0) {
      this.plan()
      return
    }
    let wakeMs = atMs
    for (const askedMs of this.#asked.values()) wakeMs = Math.min(wakeMs, askedMs + deadlineMs)
    const turn = ++this.#plans
    this.#network.afterOf(peer, Math.max(1, Math.ceil(wakeMs - nowMs)), () => {
      if (turn === this.#plans) this.plan()
    })
  }

  /** False if there is no link to the source. */
  #request(ask: Ask, nowMs: number): boolean {
    const { peer, sizeBytes, serves } = this.#options
    const source = Number(ask.source)
    this.#asked.set(ask, nowMs)
    return this.#network.transfer(peer, source, { carried: 'request', bytes: requestBytes }, () => {
      const delayMs = serves(source)
      const length = Math.min(chunkBytes, sizeBytes - ask.chunk * chunkBytes)
      const answer = (): void => {
        // Who gave it up has closed the stream.
        if (this.#asked.has(ask))
          this.#network.transfer(source, peer, { carried: 'payload', bytes: delayMs === undefined ? 0 : length }, () =>
            this.#answered(ask, delayMs),
          )
      }
      if (delayMs === undefined || delayMs === 0) answer()
      else this.#network.afterOf(source, delayMs, answer)
    })
  }

  #answered(ask: Ask, delayMs: number | undefined): void {
    if (this.#isOver() || !this.#asked.has(ask)) return
    if (delayMs === undefined) this.#end(ask, 'lacks')
    else {
      this.#asked.delete(ask)
      const nowMs = this.#network.nowMs()
      this.#search.gave(ask, nowMs)
      if (this.#search.complete) {
        this.#search.judge(true, nowMs)
        this.#over = true
        this.#options.got()
        return
      }
    }
    this.plan()
  }

  #end(ask: Ask, how: 'silent' | 'failed' | 'lacks'): void {
    this.#asked.delete(ask)
    this.#search[how](ask, this.#network.nowMs())
  }

  #isOver(): boolean {
    if (!this.#over && !this.#options.wanted()) {
      this.#over = true
      this.#search.stop()
    }
    return this.#over
  }
}
