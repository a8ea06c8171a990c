/** What a round is made of when peers of its set pause: the port that the policies in this folder are of. */
import type { Position } from '../roster/position.ts'
import type { Digest } from '../words/digest.ts'
import type { Contribution, Member } from '../words/member.ts'

/** The agreed set of a round, and what is certified of the rounds before it. */
export interface Attendance {
  /** Those who are in the set, by position: with an update or with a pause. */
  readonly members: readonly Member[]
  pauses(member: Member): boolean
  /** The newest certified update of a peer; undefined if there is none yet. */
  last(peer: Position): Digest | undefined
  /** θ of a peer: the share of rounds in which it pauses, from 0 to below 1. */
  share(peer: Position): number
}

/**
 * What is aggregated, by position; undefined if nothing is to be learnt from the round. It is a function of the attendance and of
 * nothing else: not of why or how often anybody pauses, but for `reweigh`, which says so.
 */
export type Policy = (attendance: Attendance) => readonly Contribution[] | undefined
