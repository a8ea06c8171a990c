import { dialFailure, type Hello, type Introduction, type NetworkEvent, strangeness } from '@hearsay/libp2p'
import type { AttentionEvent, DriverEvent, Trouble } from '@hearsay/peer'
import { type Progress, Quorums } from '@hearsay/protocol'
import { Company } from './company.ts'
import { Overdue } from './overdue.ts'

export interface AttentionOptions {
  readonly ids: readonly string[]
  readonly self: number
  readonly hello: Introduction
  /** The least time of a round, and what it waits for slow peers. */
  readonly givenMs: number
  /** Of the first era. */
  readonly quorums: Quorums
  readonly progress: () => Progress | undefined
  readonly tell: (event: AttentionEvent) => void
}

const lookMs = 500
/** What neighbours say again and again is told so often. */
const againMs = 600_000
/** Whoever is heard within this time, or three rounds, is not waited for. */
const quietMs = 60_000

const hungUp =
  'it hangs up at once: its genesis may not name this peer, or another process runs with the identity of this peer'

/** Watches over whom a peer waits for, and over its rounds, and tells what people can mend. */
export class Attention {
  readonly #options: AttentionOptions
  readonly #company: Company
  readonly #overdue: Overdue
  readonly #timer: NodeJS.Timeout
  #stopped = false
  #quorums: Quorums
  /** When something of this name was told last. */
  readonly #told = new Map<string, number>()

  constructor(options: AttentionOptions) {
    this.#options = options
    const { ids, self, givenMs } = options
    this.#quorums = options.quorums
    const positions = new Map(ids.map((id, position) => [id, position]))
    const weigh = (peers: readonly string[]): number =>
      this.#quorums.weigh([self, ...peers.map((peer) => positions.get(peer)!)])
    const others = ids.filter((_, position) => position !== self)
    this.#company = new Company(others, {
      nowMs: performance.now(),
      quietMs: Math.max(quietMs, 3 * givenMs),
      isEnough: (peers) => this.#quorums.available(weigh(peers)),
    })
    this.#overdue = new Overdue(givenMs)
    this.#timer = setInterval(() => this.#look(), lookMs).unref()
  }

  stop(): void {
    this.#stopped = true
    clearInterval(this.#timer)
  }

  onDriver(event: DriverEvent): void {
    const nowMs = performance.now()
    if (event.kind === 'neighbour') this.#company.onNeighbour(event.peer, event.connected, nowMs)
    if (event.kind !== 'output') return
    if (event.output.kind === 'era') this.#quorums = new Quorums(event.output.weights, event.output.tolerated)
    if (event.output.kind === 'round') this.#overdue.onRound(event.output.round, nowMs)
    // Others go as they like, and nobody is waited for any more.
    if (event.output.kind === 'ended' || event.output.kind === 'halted') this.stop()
  }

  onNetwork(event: NetworkEvent): void {
    const peer = String(event.peer)
    switch (event.kind) {
      case 'heard':
        this.#company.onHeard(this.#options.ids[Number(event.author)] ?? '', performance.now())
        break
      case 'dial-failed': {
        const { why, what } = dialFailure(event.error)
        this.#onTrouble(peer, why, `${String(event.addresses)}: ${what}`)
        break
      }
      case 'hung-up':
        this.#onTrouble(peer, 'refused', hungUp)
        break
      case 'half-dead':
        this.#onTrouble(peer, 'no-gossip', 'it is connected, and says nothing about this network')
        break
      case 'hello': {
        const strange = event.hello === undefined ? undefined : strangeness(this.#options.hello, event.hello as Hello)
        if (strange !== undefined) this.#onTrouble(peer, strange.why, strange.what)
        break
      }
      case 'copy':
        if (this.#isNews(`copy by ${peer}`)) this.#options.tell({ kind: 'copy', by: peer })
        break
      case 'copies':
        if (this.#isNews(`copies of ${peer}`)) this.#options.tell({ kind: 'copies', peer })
        break
      case 'refused':
        if (!this.#options.ids.includes(peer) && this.#company.isNewStranger(peer, performance.now()))
          this.#options.tell({ kind: 'stranger', peer })
    }
  }

  /** Names are as few as the roster has peers. */
  #isNews(name: string): boolean {
    const nowMs = performance.now()
    if (nowMs - (this.#told.get(name) ?? Number.NEGATIVE_INFINITY) < againMs) return false
    this.#told.set(name, nowMs)
    return true
  }

  #onTrouble(peer: string, why: Trouble, what: string): void {
    this.#company.onTrouble(peer, why, what)
    this.#look()
  }

  #look(): void {
    if (this.#stopped) return
    const nowMs = performance.now()
    const { ids, progress, tell } = this.#options
    for (const waiting of this.#company.due(nowMs)) tell({ kind: 'waiting', ...waiting })
    const overdue = this.#overdue.due(progress(), nowMs)
    if (overdue !== undefined)
      tell({ kind: 'overdue', ...overdue, missing: overdue.missing.map((position) => ids[position] ?? '') })
  }
}
