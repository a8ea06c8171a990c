/**
 * Pulling payloads over a virtual network, as peers do over streams: chunk by chunk, from whom the same search says. Who
 * was slow is remembered until a peer crashes.
 */
import { type Ask, type Clock, chunkBytes, type Listener, type Pull, Search, type Speeds } from '@hearsay/peer'
import type { OnStream } from './options.ts'

const requestBytes = 44
/** A source that does not answer is given up after so long. */
export const pullDeadlineMs = 10_000

/** What a pull needs of the network around it. */
export interface PullPort {
  /** Who pulls. */
  readonly peer: number
  /** Of this life of the peer: what it has begun ends with it. */
  readonly clock: Clock
  /** Who was slow before. */
  readonly speeds: Speeds
  readonly listenerOf: (source: number) => Listener
  /** Hands something to the link from one to the other; false if there is none. What is lost never runs. */
  readonly transfer: (from: number, to: number, what: OnStream, arrived: () => void) => boolean
}

/** Pulls a payload; `ended` as of a carrier. */
export function pullOver(port: PullPort, pull: Pull, ended: (got: boolean) => void): void {
  new Pulling(port, pull, ended).plan()
}

class Pulling {
  readonly #port: PullPort
  readonly #pull: Pull
  readonly #ended: (got: boolean) => void
  readonly #search: Search
  /** What is under way, since when. */
  readonly #asked = new Map<Ask, number>()
  #plans = 0
  #over = false

  constructor(port: PullPort, pull: Pull, ended: (got: boolean) => void) {
    this.#port = port
    this.#pull = pull
    this.#ended = ended
    this.#search = new Search(port.speeds, Math.max(1, Math.ceil(pull.sizeBytes / chunkBytes)))
  }

  plan(): void {
    if (this.#isOver()) return
    const nowMs = this.#port.clock.nowMs()
    for (const [ask, askedMs] of this.#asked) if (nowMs - askedMs >= pullDeadlineMs) this.#end(ask, 'silent')
    const { asks, drops, atMs } = this.#search.plan(this.#pull.sources().map(String), nowMs)
    for (const drop of drops) this.#asked.delete(drop)
    const unreachable = asks.filter((ask) => !this.#request(ask, nowMs))
    for (const ask of unreachable) this.#end(ask, 'failed')
    if (unreachable.length > 0) {
      this.plan()
      return
    }
    let wakeMs = atMs
    for (const askedMs of this.#asked.values()) wakeMs = Math.min(wakeMs, askedMs + pullDeadlineMs)
    const turn = ++this.#plans
    this.#port.clock.after(Math.max(1, Math.ceil(wakeMs - nowMs)), () => {
      if (turn === this.#plans) this.plan()
    })
  }

  /** False if there is no link to the source. */
  #request(ask: Ask, nowMs: number): boolean {
    const { peer, listenerOf, transfer } = this.#port
    const { digest, sizeBytes } = this.#pull
    const source = Number(ask.source)
    this.#asked.set(ask, nowMs)
    const length = Math.min(chunkBytes, sizeBytes - ask.chunk * chunkBytes)
    const give = (payload?: Uint8Array): void => {
      // Who gave it up has closed the stream.
      if (!this.#asked.has(ask)) return
      const bytes = payload?.byteLength === sizeBytes ? length : 0
      transfer(source, peer, { carried: 'payload', bytes }, () => {
        const at = ask.chunk * chunkBytes
        if (bytes > 0 && this.#asked.has(ask)) this.#pull.into?.set(payload!.subarray(at, at + bytes), at)
        this.#answered(ask, bytes > 0)
      })
    }
    return transfer(peer, source, { carried: 'request', bytes: requestBytes }, () =>
      listenerOf(source).pull(digest, peer, give),
    )
  }

  #answered(ask: Ask, given: boolean): void {
    if (this.#isOver() || !this.#asked.has(ask)) return
    if (!given) this.#end(ask, 'lacks')
    else {
      this.#asked.delete(ask)
      const nowMs = this.#port.clock.nowMs()
      this.#search.gave(ask, nowMs)
      if (this.#search.complete) {
        this.#search.judge(true, nowMs)
        this.#over = true
        this.#ended(true)
        return
      }
    }
    this.plan()
  }

  #end(ask: Ask, how: 'silent' | 'failed' | 'lacks'): void {
    this.#asked.delete(ask)
    this.#search[how](ask, this.#port.clock.nowMs())
  }

  #isOver(): boolean {
    if (!this.#over && this.#pull.signal.aborted) {
      this.#over = true
      this.#search.stop()
      this.#ended(false)
    }
    return this.#over
  }
}
