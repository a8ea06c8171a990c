import type { Archive } from '../chain/chain.ts'
import type { Ended } from '../chain/ended.ts'
import type { Position } from '../roster/position.ts'
import type { Digest } from '../words/digest.ts'
import type { Network } from '../words/network.ts'
import type { Envelope } from '../words/words.ts'
import type { Memory } from './vigil.ts'

/** What a peer that starts again still knows, whatever its agreement. */
export interface Kept {
  /** What the newest round that is over ended with; without it, the genesis. */
  readonly head?: Ended
  /** Whether the model of the head is held; it is fetched if not. */
  readonly holdsModel?: boolean
  /** Exact agreement: the certificates before the head. */
  readonly archive?: Archive
  /** What this peer said in the round of the head, in which others may still be, and after it. */
  readonly said?: readonly Envelope[]
  /** Whether that is all that this identity has said; unless it is known, a peer keeps vigil before it speaks (vigil.ts). */
  readonly memory?: Memory
  /** Positions of those who were proven to lie. */
  readonly proven?: readonly number[]
}

/** What a peer is, as its agreement is told. */
export interface AgreementOptions extends Kept {
  readonly network: Network
  /** This peer's position in the roster. */
  readonly self: Position
  /** Digest of the model of the genesis. */
  readonly initial: Digest
  /** The last round, of a network that ends; without it there is always a next one. */
  readonly rounds?: number
  readonly timing: Timing
}

export interface Timing {
  /** How long a slow honest peer's update is waited for after n−f are in; in averaging, of synchronous networks only. */
  readonly graceMs: number
  /** Exact agreement, which needs it: the step by which the timer of binary agreement grows with its phases. */
  readonly timeoutMs?: number
  /**
   * So often within a round a neighbour is asked for what this peer lacks. Also while envelopes come: liars always
   * have something to say.
   */
  readonly askMs: number
  /** The least time from one beginning of a round to the next, 0 unless given (pace.ts). */
  readonly roundMs?: number
}
