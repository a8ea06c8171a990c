/**
 * How a peer of the ordered variant comes to its gradients: it trains when it is idle, once on each model at most, and
 * announces the newest that it has made. Training does not end with an epoch.
 */

import type { Shell } from '../../shell/agreement.ts'
import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import { encodeModelRound, mayCount, type OrderedRound, type Ordering } from '../../words/order.ts'
import { announcedOf } from '../../words/vouches.ts'
import type { Course } from '../exact/course.ts'
import type { Round, Terms } from '../exact/round.ts'

export class Gradients implements Course {
  trains: number | undefined
  readonly #ordering: Ordering
  readonly #shell: Pick<Shell, 'work'>
  #entered: OrderedRound | undefined
  #robust = false
  /** The round under way, once the pace allows to speak in it. */
  #begun: Round | undefined
  /** The newest round in which training began. */
  #trained = 0
  /** The newest gradient that is not announced, with its model behind it. */
  #made: Digest | undefined
  /** What was announced in the round under way. */
  #announced: Digest | undefined

  constructor(ordering: Ordering, shell: Pick<Shell, 'work'>) {
    this.#ordering = ordering
    this.#shell = shell
  }

  enter(round: OrderedRound, signers: readonly number[]): Terms {
    const ordering = this.#ordering
    const robust = ordering.isRobust(round)
    this.#entered = round
    this.#robust = robust
    this.#begun = undefined
    // A round that begins again, since nothing came of it, or of which nothing was heard to the end (vigil.ts).
    this.#keepAnnounced()
    const { peers, tolerated } = round
    return {
      admits: (value) => mayCount(value, round.number, ordering.remembered, robust),
      isEnough: (weight) => weight >= (robust ? peers - tolerated : tolerated + 1),
      order: (members) => ({ ...ordering.order(round, members), holders: signers }),
    }
  }

  begin(round: Round): void {
    this.#begun = round
    this.#goOn()
  }

  onTrained(round: number, digest: Digest): void {
    this.trains = undefined
    this.#made = announcedOf({ digest, behind: encodeModelRound(round - 1) })
    this.#goOn()
  }

  onCertified(members: readonly Member[]): void {
    this.#begun = undefined
    if (members.some((member) => announcedOf(member) === this.#announced)) this.#announced = undefined
    // It came too late.
    else this.#keepAnnounced()
  }

  #keepAnnounced(): void {
    this.#made ??= this.#announced
    this.#announced = undefined
  }

  #goOn(): void {
    const [round, entered] = [this.#begun, this.#entered]
    if (round === undefined || entered === undefined) return
    if (this.#made !== undefined && this.#announced === undefined) {
      const made = this.#made
      this.#made = undefined
      // Of a model that no longer counts it is of no use to anybody, then or later.
      if (mayCount(made, round.number, this.#ordering.remembered, this.#robust)) {
        this.#announced = made
        round.announce(made)
      }
    }
    if (this.trains !== undefined || this.#trained >= round.number) return
    this.trains = round.number
    this.#trained = round.number
    this.#shell.work({ kind: 'train', round: round.number, model: entered.model })
  }
}
