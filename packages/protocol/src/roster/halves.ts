import type { Position } from './position.ts'

/** Peers in two groups: the first of them until they weigh half or more of all, and the rest. */
export function inHalves<P extends number = Position>(peers: readonly P[], weights: readonly number[]): [P[], P[]] {
  const sum = (some: readonly P[]): number => some.reduce((total, peer) => total + weights[peer]!, 0)
  const half = sum(peers) / 2
  const first = peers.filter((_, at) => sum(peers.slice(0, at)) < half)
  return [first, peers.slice(first.length)]
}
