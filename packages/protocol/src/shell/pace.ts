/**
 * When a peer begins to train for the round that it has entered. A network that has nothing new to learn need not run as
 * fast as its machines can.
 *
 * Guarantees, with at most f liars by weight: from one first beginning of a round by an honest peer to the next pass at
 * least `roundMs`; honest peers begin a round within `roundMs` and their skew, and that skew does not outlast a round.
 *
 * Steps, and why they are enough:
 * 1. A peer begins `roundMs` after it last began. Of honest peers the first to begin a round has waited so long since its
 *    own last beginning, which was no sooner than the first of that round.
 * 2. It begins sooner when peers of weight f+1 have announced updates of the round: one of them is honest, so the time is
 *    over for somebody, and it would be late. Liars alone hurry nobody. An announcement counts and nothing else, since
 *    honest peers answer in a round before they begin it.
 * 3. Nothing else waits: a peer hears, answers, aggregates and certifies a round that it has not begun, so one that is
 *    behind catches up as fast as it can.
 *
 * It has no clock: who uses it gives the time, and calls `onDue` when the time that `enter` gave is over, unless the round is.
 */
import type { Position } from '../roster/position.ts'
import { type Quorums, Tally } from '../roster/quorums.ts'

export class Pace {
  #quorums: Quorums
  readonly #roundMs: number
  #begunMs = Number.NEGATIVE_INFINITY
  #announced = new Tally()
  #begin: (() => void) | undefined

  constructor(quorums: Quorums, roundMs = 0) {
    this.#quorums = quorums
    this.#roundMs = roundMs
  }

  /** From now on peers weigh so much. */
  weigh(quorums: Quorums): void {
    this.#quorums = quorums
  }

  /** A round is there. Calls `begin` at once and gives 0; or gives the ms to wait, and calls it when that or step 2 says so. */
  enter(nowMs: number, begin: () => void): number {
    this.#announced = new Tally()
    this.#begin = begin
    const waitMs = this.#begunMs + this.#roundMs - nowMs
    if (waitMs > 0) return waitMs
    this.onDue(nowMs)
    return 0
  }

  /** The time of the round that was entered is not over. */
  get waits(): boolean {
    return this.#begin !== undefined
  }

  /** The round is over, or will not be begun. */
  leave(): void {
    this.#begin = undefined
  }

  /** This peer announced an update of the round. */
  onAnnounced(peer: Position, nowMs: number): void {
    this.#announced.count(peer, this.#quorums)
    if (this.#quorums.amplify(this.#announced.weight)) this.onDue(nowMs)
  }

  onDue(nowMs: number): void {
    const begin = this.#begin
    if (begin === undefined) return
    this.#begin = undefined
    this.#begunMs = nowMs
    begin()
  }
}
