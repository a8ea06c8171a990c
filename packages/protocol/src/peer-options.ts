import type { Archive } from './chain.ts'
import type { Certificate } from './checkpoint.ts'
import type { Digest } from './digest.ts'
import type { Envelope } from './envelope.ts'
import type { Network } from './network.ts'
import type { Memory } from './vigil.ts'

export interface PeerOptions {
  readonly network: Network
  /** This peer's position in the roster. */
  readonly self: number
  /** Digest of the model of the genesis. */
  readonly initial: Digest
  /** The newest certificate that was adopted before, and older ones. */
  readonly head?: Certificate
  readonly archive?: Archive
  /** What this peer said in the round after the head, before it was restarted. */
  readonly said?: readonly Envelope[]
  /** Whether that is all that this identity has said; unless it is known, a peer keeps vigil before it speaks (vigil.ts). */
  readonly memory?: Memory
  /** What neighbours are called, by position in the roster; unless given, by the number of the position. */
  readonly ids?: readonly string[]
  /** Whether the model of the head is held; it is fetched if not. */
  readonly holdsModel?: boolean
  /** Positions of those who were proven to lie before it was restarted. */
  readonly proven?: readonly number[]
  /** The last round, of a network that ends; without it there is always a next one. */
  readonly rounds?: number
  readonly timing: Timing
}

export interface Timing {
  /** How long a slow honest peer's update is waited for after n−f are in. */
  readonly graceMs: number
  /** The step by which the timer of binary agreement grows with its phases. */
  readonly timeoutMs: number
  /**
   * So often within a round a neighbour is asked for what this peer lacks. Also while envelopes come: liars always
   * have something to say.
   */
  readonly askMs: number
  /** The least time from one beginning of a round to the next, 0 unless given (pace.ts). */
  readonly roundMs?: number
}
