/**
 * Whom a peer waits for, since when, and why: told at once, and then ever more rarely. It has no clock and no timer of its
 * own; whoever uses it says what happened, and asks from time to time what is to be told.
 */
import type { Trouble, Waiting } from '@hearsay/peer'

interface Absent {
  sinceMs: number
  why: Trouble | undefined
  what: string
  /** Reasons that were told: two that take turns are not told each time. */
  readonly told: Set<Trouble>
  tellAtMs: number
  waitMs: number
}

const firstWaitMs = 10_000
const longestWaitMs = 3_600_000
/** So many strangers are told by name; liars have as many names as they like. */
const mostStrangers = 16

export class Company {
  readonly #heardMs = new Map<string, number>()
  readonly #absent = new Map<string, Absent>()
  readonly #strangers = new Map<string, number>()
  readonly #quietMs: number
  readonly #isEnough: (peers: readonly string[]) => boolean
  readonly #others: readonly string[]

  /**
   * `others` are all peers but this one; whoever is heard within `quietMs`, if only through others, is not waited for. With
   * those of them that are enough rounds go on, and there is time to hear of the rest, of whom no address need be known here.
   */
  constructor(
    others: readonly string[],
    { nowMs, quietMs, isEnough }: { nowMs: number; quietMs: number; isEnough: (peers: readonly string[]) => boolean },
  ) {
    this.#quietMs = quietMs
    this.#isEnough = isEnough
    this.#others = others
    for (const peer of others) this.#leave(peer, nowMs)
  }

  onNeighbour(peer: string, connected: boolean, nowMs: number): void {
    if (connected) this.#absent.delete(peer)
    else this.#leave(peer, nowMs)
  }

  /** A word of it has come. */
  onHeard(peer: string, nowMs: number): void {
    this.#heardMs.set(peer, nowMs)
  }

  onTrouble(peer: string, why: Trouble, what: string): void {
    const absent = this.#absent.get(peer)
    if (absent === undefined) return
    // What it says of itself is the better reason than what follows from that.
    if (isTold(absent.why) && !isTold(why)) return
    absent.why = why
    absent.what = what
  }

  /** What is to be told now. */
  due(nowMs: number): Waiting[] {
    const unheard = [...this.#absent].filter(
      ([peer]) => nowMs - (this.#heardMs.get(peer) ?? Number.NEGATIVE_INFINITY) >= this.#quietMs,
    )
    const silent = new Set(unheard.map(([peer]) => peer))
    const patienceMs = this.#isEnough(this.#others.filter((peer) => !silent.has(peer))) ? this.#quietMs : 0
    return unheard.flatMap(([peer, absent]) => {
      const { sinceMs, why = 'no-address', told } = absent
      if (absent.why === undefined && nowMs - sinceMs < patienceMs) return []
      const isNew = absent.why !== undefined && !told.has(why)
      if (!isNew && nowMs < absent.tellAtMs) return []
      absent.waitMs = told.size === 0 ? firstWaitMs : Math.min(2 * absent.waitMs, longestWaitMs)
      told.add(why)
      absent.tellAtMs = nowMs + absent.waitMs
      return { peer, sinceMs, why, what: absent.what }
    })
  }

  /** Whether somebody who is not of the roster is to be told of: once an hour each, and no more than a few. */
  isNewStranger(peer: string, nowMs: number): boolean {
    for (const [other, toldMs] of this.#strangers) if (nowMs - toldMs > longestWaitMs) this.#strangers.delete(other)
    if (this.#strangers.has(peer) || this.#strangers.size >= mostStrangers) return false
    this.#strangers.set(peer, nowMs)
    return true
  }

  #leave(peer: string, nowMs: number): void {
    this.#absent.set(peer, {
      sinceMs: nowMs,
      why: undefined,
      what: 'no address of it is known here, and it has not called: write one under bootstrap in peer.yaml, here or there',
      told: new Set(),
      tellAtMs: nowMs + firstWaitMs,
      waitMs: firstWaitMs,
    })
  }
}

function isTold(why: Trouble | undefined): boolean {
  return why === 'version' || why === 'network'
}
