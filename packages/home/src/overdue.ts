/**
 * Tells of a round that takes longer than its time: what it waits for, at first and then ever more rarely. Its time is what
 * the genesis gives it, and three times as long as the slowest of the last rounds took.
 */
import type { Progress } from '@hearsay/protocol'

const leastMs = 10_000
const longestWaitMs = 3_600_000
const remembered = 8

export class Overdue {
  readonly #givenMs: number
  readonly #lasted: number[] = []
  #round: { readonly number: number; readonly sinceMs: number } | undefined
  #tellAtMs = 0
  #waitMs = 0

  /** `givenMs`: the least time of a round, and what it waits for slow peers. */
  constructor(givenMs: number) {
    this.#givenMs = givenMs
  }

  /** The round that this peer is in now; undefined when it is in none. */
  onRound(number: number | undefined, nowMs: number): void {
    if (this.#round !== undefined && this.#round.number !== number) {
      this.#lasted.push(nowMs - this.#round.sinceMs)
      if (this.#lasted.length > remembered) this.#lasted.shift()
    }
    this.#round = number === undefined ? undefined : { number, sinceMs: nowMs }
    this.#waitMs = Math.max(leastMs + this.#givenMs, 3 * Math.max(0, ...this.#lasted))
    this.#tellAtMs = nowMs + this.#waitMs
  }

  /** What is to be told now, if anything is; `sinceMs` is when the round began. */
  due(progress: Progress | undefined, nowMs: number): (Progress & { readonly sinceMs: number }) | undefined {
    if (progress === undefined || progress.awaits === 'pace' || this.#round === undefined) return undefined
    if (nowMs < this.#tellAtMs) return undefined
    this.#waitMs = Math.min(2 * this.#waitMs, longestWaitMs)
    this.#tellAtMs = nowMs + this.#waitMs
    return { ...progress, sinceMs: this.#round.sinceMs }
  }
}
