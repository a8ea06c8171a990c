import type { Digest } from './digest.ts'

/** One of those whose updates or vectors a round is made of. */
export interface Member {
  /** Its position in the roster. */
  readonly peer: number
  readonly digest: Digest
}
