import type { Position } from '../roster/position.ts'
import type { Digest } from './digest.ts'

/** One of those whose updates or vectors a round is made of. */
export interface Member {
  readonly peer: Position
  readonly digest: Digest
  /** What it said with it, hexadecimal: of others (vouches.ts), or of which model it is (order.ts); nothing when left out. */
  readonly behind?: string
}

/** What is averaged of a member. */
export interface Averaged extends Member {
  /** A held vector or model that is taken from its own: what is averaged is how far the two are apart. */
  readonly less?: Digest
}

/** What is aggregated of a member. */
export interface Contribution extends Member {
  /** What its update is multiplied by: 1 unless given. With 0 it is zeros, and no update is looked at. */
  readonly scale?: number
}
