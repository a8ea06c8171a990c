import { faultOf, type OptionDescriptors, type RuleOptions } from '@hearsay/aggregation'

/** A kind of topology that a file of `extensions` brings. */
export interface OwnTopology {
  readonly name: string
  /** One line: who is connected to whom. */
  readonly summary: string
  readonly options: OptionDescriptors
  /**
   * Pairs of connected peers 0 … peers − 1, in any order; the graph must be connected. The same for the same peers, options and
   * random numbers, which depend on the seed of the run alone.
   */
  connections(peers: number, options: RuleOptions, random: { uniform(): number }): Iterable<readonly [number, number]>
}

/** Kinds that ship. */
const TAKEN = ['full', 'ring', 'random', 'edges']
const registered = new Map<string, OwnTopology>()

/** Kinds of topology that users registered, by name. */
export const ownTopologies: ReadonlyMap<string, OwnTopology> = registered

/** Makes a kind of topology known for the life of the process; once more is no matter. Throws Error saying what it lacks. */
export function registerTopology(topology: OwnTopology): void {
  const fault = faultOf(topology, { functions: ['connections'], texts: ['summary'] })
  if (fault !== undefined) throw new Error(`No topology: ${fault}.`)
  const { name, options } = topology
  if ('kind' in options) throw new Error('No topology: no option may be called kind.')
  if (TAKEN.includes(name) || (registered.get(name) ?? topology) !== topology)
    throw new Error(`There is a topology "${name}" already: give yours another name.`)
  registered.set(name, topology)
}
