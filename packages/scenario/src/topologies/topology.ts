import type { Member, Options } from '@hearsay/catalogue'
import type { RandomStream } from '@hearsay/catalogue/random'

/** A kind of topology: who is connected to whom. */
export interface Topology<Name extends string = string> extends Member<Name> {
  /** Whether its graph is connected by the way it is made, so that nothing has to be drawn to know it. */
  readonly connected?: true
  /** What is wrong with options for so many peers, each at its place among the options. */
  faults?(peers: number, options: Options): readonly { readonly at: readonly PropertyKey[]; readonly message: string }[]
  /**
   * Pairs of connected peers 0 … peers − 1, in any order; the graph must be connected. The same for the same peers, options and
   * random numbers, which depend on the seed of the run alone.
   */
  connections(peers: number, options: Options, random: RandomStream): Iterable<readonly [number, number]>
}
