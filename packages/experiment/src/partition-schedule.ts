import type { Clock } from '@hearsay/peer'
import type { Partition } from '@hearsay/scenario'

/** The partitions of a cell, one after the other: each begins with a round and lifts with another, or after a time. */
export class PartitionSchedule {
  readonly #pending: Partition[]
  readonly #rounds: number
  readonly #clock: Clock
  readonly #apply: (partition: Partition | undefined) => void
  #current: Partition | undefined
  #begunMs = 0
  #cancelTimer: (() => void) | undefined
  #cancelPatience: (() => void) | undefined

  /** `apply` cuts the network as a partition says, or restores it. A cell of so many rounds lifts with the last. */
  constructor(
    partitions: readonly Partition[],
    rounds: number,
    clock: Clock,
    apply: (partition: Partition | undefined) => void,
  ) {
    this.#pending = [...partitions]
    this.#rounds = rounds
    this.#clock = clock
    this.#apply = apply
  }

  get active(): boolean {
    return this.#current !== undefined
  }

  /** An honest peer begins this round. */
  begun(round: number): void {
    if (this.active) return
    while (this.#pending[0] !== undefined && this.#pending[0].untilRound < round) this.#pending.shift()
    const next = this.#pending[0]
    if (next === undefined || next.fromRound > round) return
    this.#pending.shift()
    this.#current = next
    this.#begunMs = this.#clock.nowMs()
    if (next.untilMs !== undefined) this.#cancelTimer = this.#clock.after(next.untilMs, () => this.#lift())
    this.#apply(next)
  }

  /**
   * An honest peer has certified this round, and every honest peer the round `least`. A part that has not certified
   * anything of its own by the end gets as long again as the first part took: which part is quicker is chance, and
   * whether a part goes on at all is what a partition is to show.
   */
  ended(round: number, least: number): void {
    const current = this.#current
    if (current === undefined) return
    if (this.#cancelPatience === undefined && round < Math.min(current.untilRound, this.#rounds)) return
    if (least >= current.fromRound) this.#lift()
    else this.#cancelPatience ??= this.#clock.after(this.#clock.nowMs() - this.#begunMs, () => this.#lift())
  }

  close(): void {
    this.#cancelTimer?.()
    this.#cancelPatience?.()
  }

  #lift(): void {
    this.close()
    this.#cancelPatience = undefined
    this.#current = undefined
    this.#apply(undefined)
  }
}
