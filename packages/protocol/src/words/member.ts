import type { Position } from '../roster/position.ts'
import type { Digest } from './digest.ts'

/** One of those whose updates or vectors a round is made of. */
export interface Member {
  readonly peer: Position
  readonly digest: Digest
  /** What it said of others with it, hexadecimal (vouches.ts); nothing when left out. */
  readonly vouches?: string
}
