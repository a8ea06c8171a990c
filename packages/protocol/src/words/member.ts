import type { Position } from '../roster/position.ts'
import type { Digest } from './digest.ts'

/** One of those whose updates or vectors a round is made of. */
export interface Member {
  readonly peer: Position
  readonly digest: Digest
  /** What it said with it, hexadecimal: of others (vouches.ts), or of which model it is (order.ts); nothing when left out. */
  readonly behind?: string
}
