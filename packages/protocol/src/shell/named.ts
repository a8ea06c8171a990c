import type { Member, NumberOption, OptionDescriptors, Options } from '@hearsay/catalogue'
import type { AgreementKind } from './agreement.ts'

/** An agreement by name, with what it may be set to. */
export interface NamedAgreement<Name extends string = string> extends Member<Name> {
  /** What becomes of rounds, in one word: exact agreement has them certified. */
  readonly end: string
  /** The same where it depends on what it is set to. */
  endBy?(settings: Options): string
  /**
   * What a genesis may say of it, where that is not `options`: peers that people run are further apart than those of a simulation.
   * It always has `roundMs`.
   */
  readonly genesis?: OptionDescriptors
  /** Whether voices count by their weights; it counts peers unless given. */
  readonly weighs?: true
  /** Whether every peer's update counts in every round; those of n − f at least, unless given. */
  readonly takesAll?: true
  /** Whether peers do not wait for each other's updates in a round. */
  readonly unpaced?: true
  /** Whether it is no protection, and there to be compared with: no genesis may name it. */
  readonly baseline?: true
  /** What it is when it is set so, the same for all peers of a network. */
  make(settings: Options): AgreementKind
  /** In a few words: `averaging by mda, synchronous`. */
  describe(settings: Options): string
  /** For what it promises when it is set so, W must be more than so many times F: 3 unless given, and never less. */
  least?(settings: Options): number
  /** What is wrong with settings, and with n and f for what they promise, each at its place among the settings, or of none. */
  faults?(settings: Options, peers: number, tolerated: number): readonly AgreementFault[]
  /** Settings that do nothing beside the others, whatever they are, and why. */
  idle?(settings: Options): readonly Required<AgreementFault>[]
}

export interface AgreementFault {
  /** The setting; without it, n and f are at fault. */
  readonly setting?: string
  readonly message: string
}

/** The options of a member as a genesis may give them. */
export function genesisOptions({ options, genesis = options }: NamedAgreement): OptionDescriptors {
  return { ...genesis, roundMs: genesisRoundMs }
}

/** The least time of a round, of any agreement: peers pace their rounds alike. */
export const roundMsOption: NumberOption = {
  kind: 'integer',
  summary: 'least time from one beginning of a round to the next, milliseconds; without it a round follows at once',
  least: 1,
  most: 86_400_000,
  optional: true,
}

const genesisRoundMs: NumberOption = {
  kind: 'integer',
  summary: 'least time from one beginning of a round to the next, milliseconds; 0 is as fast as it goes',
  least: 0,
  most: 86_400_000,
  default: 60_000,
}

/** How long a slow honest peer is waited for. */
export const graceMs = (summary: string, usual = 250): NumberOption => ({
  kind: 'integer',
  summary,
  least: 0,
  most: 3_600_000,
  default: usual,
})

/** Of the timers of binary agreement. */
export const timeoutMs = (usual: number): NumberOption => ({
  kind: 'integer',
  summary: 'how long the first step of a binary agreement waits for its coordinator, milliseconds',
  least: 1,
  most: 3_600_000,
  default: usual,
})
