import type { Member, Options } from '@hearsay/catalogue'
import type { Adversary } from '../adversary.ts'

/** An attack on the protocol: what takes part in place of an honest peer, and which powers it uses. */
export interface ProtocolAttack<Name extends string = string> extends Member<Name> {
  /** What such liars did, for the table of a run. */
  readonly deed: string
  /** Whether it needs a power that only the virtual network grants. */
  readonly virtual?: boolean
  /** Whether it sends updates of its own, in which rounds: an attack on updates may be added then. */
  readonly sendsUpdates?: (options: Options, round: number) => boolean
  /** With all its options, defaults filled in. */
  create(options: Options): Adversary
}
