import type { Member, Options } from '@hearsay/catalogue'
import type { RandomStream } from '@hearsay/catalogue/random'

/** A way to divide samples among peers. */
export interface Partition<Name extends string = string> extends Member<Name> {
  /** What it divides by: data without it are refused before `divide` is asked. */
  readonly by?: 'labels' | 'groups'
  /** Each peer gets all samples; otherwise each sample is of one peer. */
  readonly whole?: true
  /** For each peer the indices of its samples: every index is in one of them, once. A pure function of its arguments. */
  divide(samples: Divided, peers: number, options: Options, random: RandomStream): readonly Int32Array[]
}

/** What of samples dividing them may depend on. */
export interface Sorted {
  readonly count: number
  /** Class of each sample, by its index; undefined where what is learnt is no class. */
  readonly labels?: Uint8Array | Int32Array | undefined
  /** Whose each sample is (a user, a hospital, a device): an index of a group; undefined where nobody says. */
  readonly groups?: Int32Array | undefined
}

export interface Divided extends Omit<Sorted, 'count'> {
  /** All indices in random order. */
  readonly order: Int32Array
}
