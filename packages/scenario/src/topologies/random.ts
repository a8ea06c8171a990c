import { type RandomStream, shuffle } from '@hearsay/catalogue/random'
import type { Topology } from './topology.ts'

export const random: Topology<'random'> = {
  name: 'random',
  summary: 'a random connected graph: a random ring, then random connections up to the degree',
  options: { degree: { kind: 'integer', summary: 'least number of connections of a peer', least: 2, most: 9_999 } },
  connected: true,
  faults(peers, { degree }) {
    if (Number(degree) < peers) return []
    return [{ at: ['degree'], message: `a peer has at most ${peers - 1} others, found ${degree}` }]
  },
  connections: (peers, { degree }, stream) => graph([...Array(peers).keys()], Number(degree), stream),
}

function graph(peers: readonly number[], degree: number, { integer }: RandomStream): [number, number][] {
  const neighbours = peers.map(() => new Set<number>())
  const pairs: [number, number][] = []
  const connect = (a: number, b: number): void => {
    if (a === b || neighbours[a]!.has(b)) return
    neighbours[a]!.add(b)
    neighbours[b]!.add(a)
    pairs.push([a, b])
  }
  const ring = shuffle([...peers], integer)
  for (const [place, peer] of ring.entries()) connect(peer, ring[(place + 1) % ring.length]!)
  for (const peer of shuffle([...peers], integer)) {
    // Those with the fewest connections first keeps the degrees near the one asked for.
    const candidates = shuffle([...peers], integer).sort((a, b) => neighbours[a]!.size - neighbours[b]!.size)
    for (const candidate of candidates) {
      if (neighbours[peer]!.size >= degree) break
      connect(peer, candidate)
    }
  }
  return pairs
}
