/**
 * One neighbour is answered so often. An answer costs milliseconds when a round is full of a liar's words; a peer that
 * catches up asks many times in a row, and gets sixteen rounds each time.
 */
export const answersToOne = { burst: 64, perSecond: 10 }

/** How often each of a few may do something: `burst` times at once, and then `perSecond` times a second. */
export class Allowance {
  readonly #burst: number
  readonly #perSecond: number
  readonly #left = new Map<string, { count: number; atMs: number }>()

  constructor(options: { burst: number; perSecond: number }) {
    this.#burst = options.burst
    this.#perSecond = options.perSecond
  }

  /** False when `who` has had its share. */
  take(who: string, nowMs: number): boolean {
    const left = this.#left.get(who) ?? { count: this.#burst, atMs: nowMs }
    const count = Math.min(this.#burst, left.count + ((nowMs - left.atMs) / 1000) * this.#perSecond)
    this.#left.set(who, { count: count < 1 ? count : count - 1, atMs: nowMs })
    return count >= 1
  }
}
