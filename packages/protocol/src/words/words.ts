import type { Position } from '../roster/position.ts'
import type { Digest } from './digest.ts'
import type { Slots } from './slots.ts'
import type { Statement } from './statements.ts'

/** Whose words, of which round: nobody has signed for it yet. */
export interface Head {
  readonly author: Position
  readonly round: number
  /** Digest of the bytes. */
  readonly id: Digest
}

/** What is said. */
export interface Words extends Head {
  /** Digest of the checkpoint that the author's round builds on. */
  readonly previous: Digest
  readonly statements: readonly Statement[]
  readonly slots: Slots
}

/** Words that their author has signed. */
export interface Envelope extends Words {
  readonly bytes: Uint8Array
}

/** Words that anybody may have put into the mouth of their author. */
export interface Claim extends Words {
  /** The envelope, if all signatures are the author's; else whose are wrong. Checked once. */
  verified(): Envelope | string
}
