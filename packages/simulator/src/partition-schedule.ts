import type { Partition } from './scenario/index.ts'

/** The partitions of a cell, one after the other: each begins with a round and lifts with another, or after a time. */
export class PartitionSchedule {
  readonly #pending: Partition[]
  readonly #rounds: number
  readonly #apply: (partition: Partition | undefined) => void
  #current: Partition | undefined
  #timer: NodeJS.Timeout | undefined

  /** `apply` cuts the network as a partition says, or restores it. A cell of so many rounds lifts with the last. */
  constructor(partitions: readonly Partition[], rounds: number, apply: (partition: Partition | undefined) => void) {
    this.#pending = [...partitions]
    this.#rounds = rounds
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
    if (next.untilMs !== undefined) this.#timer = setTimeout(() => this.#lift(), next.untilMs)
    this.#apply(next)
  }

  /** An honest peer has certified this round. */
  certified(round: number): void {
    if (this.#current !== undefined && round >= Math.min(this.#current.untilRound, this.#rounds)) this.#lift()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #lift(): void {
    clearTimeout(this.#timer)
    this.#current = undefined
    this.#apply(undefined)
  }
}
