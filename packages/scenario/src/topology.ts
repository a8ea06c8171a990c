import { CodedError, type Kind, type OptionValue, Registry } from '@hearsay/catalogue'
import { seededStream } from '@hearsay/catalogue/random'
import * as shipped from './topologies/shipped.ts'
import type { Topology } from './topologies/topology.ts'

const topologyKind: Kind<'topology'> = {
  word: 'topology',
  nouns: ['topology', 'topologies'],
  functions: ['connections'],
  beside: ['kind'],
  error: (code, message) => new CodedError(code, message),
}

/** All kinds of topology by name. */
export const topologies = new Registry<Topology, 'topology'>(topologyKind, shipped)

/** One of them by name, with its options. */
export interface TopologySpec {
  readonly kind: string
  readonly [option: string]: OptionValue
}

/** Two connected peers, the lower index first. */
export type Connection = readonly [number, number]

/**
 * The connections of a topology among peers 0 … peers − 1, sorted, each once; what is drawn depends on the seed alone.
 * Throws Error when it gives no connected graph of them.
 */
export function connections({ kind, ...given }: TopologySpec, peers: number, seed: number): Connection[] {
  const { member, options } = topologies.resolve(kind, given)
  const pairs: unknown = member.connections(peers, options, seededStream(seed))
  if (typeof (pairs as Iterable<unknown> | undefined)?.[Symbol.iterator] !== 'function')
    throw new Error('its connections must give pairs of peers, such as [[0, 1], [1, 2]]')
  const isPeer = (one: unknown): boolean => Number.isInteger(one) && Number(one) >= 0 && Number(one) < peers
  const found = new Map<number, Connection>()
  for (const pair of pairs as Iterable<unknown>) {
    const [a, b] = [pair].flat() as [number, number]
    if (!isPeer(a) || !isPeer(b)) throw new Error(`it connects ${a} and ${b}; there are peers 0 to ${peers - 1}`)
    const connection: Connection = a < b ? [a, b] : [b, a]
    if (a !== b) found.set(connection[0] * peers + connection[1], connection)
  }
  const sorted = [...found.entries()].sort(([a], [b]) => a - b).map(([, connection]) => connection)
  if (!member.connected && !isConnected(sorted, peers))
    throw new Error('its graph is not connected: some peers could never hear of the others')
  return sorted
}

/** Whether every peer can reach every other. */
export function isConnected(pairs: readonly Connection[], peers: number): boolean {
  const neighbours = Array.from({ length: peers }, (): number[] => [])
  for (const [a, b] of pairs) {
    neighbours[a]?.push(b)
    neighbours[b]?.push(a)
  }
  const reached = new Set([0])
  for (const peer of reached) for (const next of neighbours[peer]!) reached.add(next)
  return reached.size === peers
}
