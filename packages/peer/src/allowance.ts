import { setTimeout } from 'node:timers/promises'

/**
 * One neighbour is answered so often. An answer costs milliseconds when a round is full of a liar's words; a peer that
 * catches up asks many times in a row, and gets sixteen rounds each time.
 */
export const answersToOne = { burst: 64, perSecond: 10 }
const askUnitBytes = 8 * 1024

/** How many answers a question of this size counts for. */
export function chargeOfAsk(askBytes: number): number {
  return Math.min(answersToOne.burst, 1 + Math.floor(askBytes / askUnitBytes))
}

/** So many envelopes that are none, or say nothing new, are read from one neighbour's own stream. Honest peers use gossip. */
export const uselessFromOne = { burst: 64, perSecond: 10 }

/** How much each of a few may take of something: `burst` at once, and then `perSecond` a second. */
export class Allowance {
  readonly #options: { readonly burst: number; readonly perSecond: number }
  readonly #left = new Map<string, { amount: number; atMs: number }>()

  /** Both may be others from one call to the next. */
  constructor(options: { readonly burst: number; readonly perSecond: number }) {
    this.#options = options
  }

  /** False when `who` has had its share. */
  take(who: string, nowMs: number): boolean {
    return this.waitMs(who, nowMs, 1) === 0
  }

  /** 0 when `who` has taken the amount, at most `burst`; else it took nothing, and has so many ms to wait for it. */
  waitMs(who: string, nowMs: number, amount: number): number {
    const { burst, perSecond } = this.#options
    const left = this.#left.get(who) ?? { amount: burst, atMs: nowMs }
    const had = Math.min(burst, left.amount + ((nowMs - left.atMs) / 1000) * perSecond)
    const has = had < amount ? had : had - amount
    this.#left.set(who, { amount: has, atMs: nowMs })
    return had < amount ? ((amount - had) / perSecond) * 1000 : 0
  }

  /** `who` took the amount without asking; how many ms it has to wait until that is made good. */
  spend(who: string, nowMs: number, amount: number): number {
    this.waitMs(who, nowMs, 0)
    const left = this.#left.get(who)!
    left.amount -= amount
    return left.amount < 0 ? (-left.amount / this.#options.perSecond) * 1000 : 0
  }

  /** What `who` took was worth it. */
  give(who: string, amount: number): void {
    const left = this.#left.get(who)
    if (left !== undefined) left.amount += amount
  }

  /** Fulfilled when `who` has taken the amount; rejects when the signal aborts first. */
  async turn(who: string, amount: number, signal: AbortSignal): Promise<void> {
    for (let waitMs = 1; waitMs > 0; ) {
      waitMs = this.waitMs(who, performance.now(), amount)
      if (waitMs > 0) await setTimeout(waitMs, undefined, { signal })
    }
  }
}
