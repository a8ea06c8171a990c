import type { RuleOptions } from '@hearsay/aggregation'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Topology } from './network.ts'
import { type OwnTopology, ownTopologies } from './own-topologies.ts'

/** Two connected peers, the lower index first. */
export type Connection = readonly [number, number]

/**
 * The connections of a topology among peers 0 … peers − 1, sorted, each once. A random graph depends on the seed
 * alone; it contains a ring, so it is connected. Throws Error when one of `ownTopologies` gives no connected graph.
 */
export function connections(topology: Topology, peers: number, seed: number): Connection[] {
  const found = new Map<number, Connection>()
  const connect = (a: number, b: number): void => {
    if (a === b) return
    const pair: Connection = a < b ? [a, b] : [b, a]
    found.set(pair[0] * peers + pair[1], pair)
  }
  const own = ownTopologies.get(topology.kind)
  if (own !== undefined) for (const [a, b] of ownGraph(own, topology, peers, seed)) connect(a, b)
  const all = Array.from({ length: peers }, (_, index) => index)
  switch (topology.kind) {
    case 'full':
      for (const a of all) for (let b = a + 1; b < peers; b++) connect(a, b)
      break
    case 'ring':
      for (const a of all) connect(a, (a + 1) % peers)
      break
    case 'edges':
      for (const [a, b] of topology.edges) connect(a, b)
      break
    case 'random':
      for (const [a, b] of randomGraph(all, topology.degree, seed)) connect(a, b)
      break
  }
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, pair]) => pair)
}

function ownGraph(own: OwnTopology, topology: Topology, peers: number, seed: number): Connection[] {
  const random = xoroshiro128plus(seed)
  const { kind: _, ...options } = topology
  const given: unknown = own.connections(peers, options as RuleOptions, { uniform: () => uniformFloat64(random) })
  if (typeof (given as Iterable<unknown> | undefined)?.[Symbol.iterator] !== 'function')
    throw new Error('its connections must give pairs of peers, such as [[0, 1], [1, 2]]')
  const pairs = [...(given as Iterable<unknown>)].map((pair) => [pair].flat() as unknown as Connection)
  const isPeer = (one: unknown): boolean => Number.isInteger(one) && Number(one) >= 0 && Number(one) < peers
  for (const [a, b] of pairs)
    if (!isPeer(a) || !isPeer(b)) throw new Error(`it connects ${a} and ${b}; there are peers 0 to ${peers - 1}`)
  if (!isConnected(pairs, peers))
    throw new Error('its graph is not connected: some peers could never hear of the others')
  return pairs.map(([a, b]) => [a, b])
}

function randomGraph(peers: readonly number[], degree: number, seed: number): Connection[] {
  const random = xoroshiro128plus(seed)
  const shuffle = (list: readonly number[]): number[] => {
    const shuffled = [...list]
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = uniformInt(random, 0, i)
      ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
    }
    return shuffled
  }
  const neighbours = peers.map(() => new Set<number>())
  const pairs: Connection[] = []
  const connect = (a: number, b: number): void => {
    if (a === b || neighbours[a]!.has(b)) return
    neighbours[a]!.add(b)
    neighbours[b]!.add(a)
    pairs.push([a, b])
  }
  const ring = shuffle(peers)
  for (const [place, peer] of ring.entries()) connect(peer, ring[(place + 1) % ring.length]!)
  for (const peer of shuffle(peers)) {
    // Those with the fewest connections first keeps the degrees near the one asked for.
    const candidates = shuffle(peers).sort((a, b) => neighbours[a]!.size - neighbours[b]!.size)
    for (const candidate of candidates) {
      if (neighbours[peer]!.size >= degree) break
      connect(peer, candidate)
    }
  }
  return pairs
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
