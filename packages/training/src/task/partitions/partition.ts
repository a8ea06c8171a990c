import type { Member, Options } from '@hearsay/catalogue'
import type { RandomStream } from '@hearsay/catalogue/random'

/** A way to divide labelled samples among peers. */
export interface Partition<Name extends string = string> extends Member<Name> {
  /** For each peer the indices of its samples: every index is in one of them, once. A pure function of its arguments. */
  divide(samples: Divided, peers: number, options: Options, random: RandomStream): readonly Int32Array[]
}

export interface Divided {
  /** All indices in random order. */
  readonly order: Int32Array
  /** Class of each sample, 0 to 255, by its index. */
  readonly labels: Uint8Array
}
