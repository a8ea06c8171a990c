import type { Member, NumberOption, Options } from '@hearsay/catalogue'
import type { AgreementKind } from './agreement.ts'

/** An agreement by name, with what it may be set to. */
export interface NamedAgreement<Name extends string = string> extends Member<Name> {
  /** What becomes of rounds, in one word: exact agreement has them certified. */
  readonly end: string
  /** Whether voices count by their weights; it counts peers unless given. */
  readonly weighs?: true
  /** What it is when it is set so, the same for all peers of a network. */
  make(settings: Options): AgreementKind
  /** In a few words: `averaging by mda, synchronous`. */
  describe(settings: Options): string
  /** What is wrong with settings, and with n and f for what they promise, each at its place among the settings, or of none. */
  faults?(settings: Options, peers: number, tolerated: number): readonly AgreementFault[]
}

export interface AgreementFault {
  /** The setting; without it, n and f are at fault. */
  readonly setting?: string
  readonly message: string
}

/** The least time of a round, of any agreement: peers pace their rounds alike. */
export const ROUND_MS: NumberOption = {
  kind: 'integer',
  summary: 'least time from one beginning of a round to the next, milliseconds; without it a round follows at once',
  least: 1,
  most: 86_400_000,
  optional: true,
}

/** How long a slow honest peer is waited for. */
export const graceMs = (summary: string): NumberOption => ({
  kind: 'integer',
  summary,
  least: 0,
  most: 3_600_000,
  default: 250,
})
