/**
 * Gradients that were announced and are not judged yet. It guarantees that an author has at most one that is pulled and one that waits
 * for that, the newest, and that no more than `mostInRound` of it are pulled in a round, whatever it announces: who floods
 * takes no more of a peer than who does not. And of an author no more than `mostHeard` announcements are taken in, and passed on, in a
 * round: each costs everybody a signature, and words by ever greater numbers would have no end.
 *
 * Where a gradient was computed is not believed, and in part not knowable, since the models of others are their own: an author computes
 * its next gradient on the model that it has when it announces one, so what stands for that is the model that this peer had when it heard of
 * the one before. Its staleness counts from there too. So nobody makes a gradient look younger than it is by what it says of it.
 */
import type { Position } from '../../roster/position.ts'
import type { Digest } from '../../words/digest.ts'
import type { Sample } from './judge.ts'

export interface Standpoint {
  readonly model: Digest
  /** How many updates led to it. */
  readonly epoch: number
}

export interface Announced extends Sample {
  readonly author: Position
  readonly epoch: number
}

interface Lane {
  /** The number of the newest that was heard. */
  newest: number
  /** What this peer had then. */
  standpoint: Standpoint
  waiting?: Announced
  pulled?: Announced
  /** Of the round when it began to be pulled. */
  since: number
  /** Of this round: how many were pulled, and heard. */
  count: number
  heard: number
}

/** Far more than who trains `mostInRound` times in its own rounds has to say in a round of a peer that is ten times as slow. */
const mostHeard = 64

export class Inbox {
  readonly #lanes: readonly Lane[]
  readonly #most: number
  readonly #pull: (announced: Announced) => void
  #round = 0

  /** Of so many peers. `most` of an author are pulled in a round. */
  constructor(peers: number, most: number, standpoint: Standpoint, pull: (announced: Announced) => void) {
    this.#lanes = Array.from({ length: peers }, () => ({ newest: 0, standpoint, since: 0, count: 0, heard: 0 }))
    this.#most = most
    this.#pull = pull
  }

  /** The number of the newest gradient that this author announced. */
  newest(author: Position): number {
    return this.#lanes[author]?.newest ?? Number.POSITIVE_INFINITY
  }

  /** Whether more of this author is taken in in this round. */
  hears(author: Position): boolean {
    return (this.#lanes[author]?.heard ?? mostHeard) < mostHeard
  }

  /**
   * An author announced this, and goes on from a model like the one that this peer has now; or its own, which it knows. Gives
   * what stands for the model that the gradient was computed on.
   */
  announce(author: Position, number: number, gradient: Digest, now: Standpoint, own?: Standpoint): Standpoint {
    const lane = this.#lanes[author]!
    const from = own ?? lane.standpoint
    this.skip(author, number)
    lane.standpoint = now
    lane.waiting = { author, gradient, ...from }
    this.#go(lane)
    return from
  }

  /** Of what was heard, and need not be taken in. */
  skip(author: Position, number: number): void {
    const lane = this.#lanes[author]!
    lane.newest = Math.max(lane.newest, number)
    lane.heard++
  }

  /** Nothing of this author is pulled any more: it is held, or nobody should use it. Gives what was pulled. */
  pulled(author: Position, gradient: Digest): Announced | undefined {
    const lane = this.#lanes[author]!
    const { pulled } = lane
    if (pulled?.gradient !== gradient) return undefined
    delete lane.pulled
    this.#go(lane)
    return pulled
  }

  /** All go on from here: a round of the rule is over. */
  gather(standpoint: Standpoint): void {
    for (const lane of this.#lanes) lane.standpoint = standpoint
  }

  /** Gives whose gradients are not waited for any more: they were to come in the round before the last. */
  beginRound(round: number): Announced[] {
    this.#round = round
    const lost: Announced[] = []
    for (const lane of this.#lanes) {
      lane.count = 0
      lane.heard = 0
      if (lane.pulled !== undefined && lane.since < round - 1) {
        lost.push(lane.pulled)
        delete lane.pulled
      }
      this.#go(lane)
    }
    return lost
  }

  /** Whether an author has announced another gradient since the one that is pulled: that one may be held by nobody any more. */
  get isHeldUp(): boolean {
    return this.#lanes.some(({ waiting, pulled }) => waiting !== undefined && pulled !== undefined)
  }

  /** Nothing that was pulled comes any more: of each author its newest is pulled, as in a round that begins. */
  renew(): void {
    for (const lane of this.#lanes) {
      lane.count = 0
      lane.heard = 0
      const { pulled } = lane
      delete lane.pulled
      if (pulled !== undefined) lane.waiting ??= pulled
      this.#go(lane)
    }
  }

  /** What stands for the models that gradients were computed on, or will be. */
  get models(): Digest[] {
    return this.#lanes.flatMap(({ standpoint, waiting, pulled }) =>
      [standpoint, waiting, pulled].flatMap((each) => each?.model ?? []),
    )
  }

  #go(lane: Lane): void {
    const { waiting, pulled, count } = lane
    if (waiting === undefined || pulled !== undefined || count >= this.#most) return
    delete lane.waiting
    lane.pulled = waiting
    lane.since = this.#round
    lane.count++
    this.#pull(waiting)
  }
}
