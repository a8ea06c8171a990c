import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { OrderedRound } from '../../words/order.ts'
import type { Round, Terms } from './round.ts'

/** How a peer comes to its updates, where that is not by training on the model of each round, and what rounds are then made of. */
export interface Course {
  /** An earlier round in which it began to train, and still does. */
  readonly trains: number | undefined
  /** A round is there, and none before it any more. */
  enter(round: OrderedRound, signers: readonly number[]): Terms
  /** The pace allows it to speak and to train. */
  begin(round: Round): void
  /** Of the round in which training began. */
  onTrained(round: number, digest: Digest): void
  /** A round is over, of these. */
  onCertified(members: readonly Member[]): void
}
