import { shuffle } from '@hearsay/catalogue/random'
import { randomStream } from '@hearsay/virtual'
import type { Schedule } from './schedule.ts'

/**
 * Pairs of linked peers: all, or a ring of neighbours near and far until each peer has `degree` of them, with honest
 * peers connected among each other: liars need not pass anything on.
 */
export function connectionsOf({ seed, peers, degree, liars }: Schedule): [number, number][] {
  const all = Array.from({ length: peers }, (_, a) => a).flatMap((a) =>
    Array.from({ length: peers - a - 1 }, (_, at): [number, number] => [a, a + 1 + at]),
  )
  if (degree === undefined || degree >= peers - 1) return all
  const random = randomStream(seed, 'connections')
  const honest = [...Array(peers).keys()].filter((peer) => !liars.some((liar) => liar.peer === peer))
  const ring = shuffle([...honest], random.below)
  const degrees = Array.from({ length: peers }, () => 0)
  const links = new Set<string>()
  const chosen: [number, number][] = []
  const link = (a: number, b: number): void => {
    const pair: [number, number] = a < b ? [a, b] : [b, a]
    if (a === b || links.has(pair.join())) return
    links.add(pair.join())
    chosen.push(pair)
    degrees[a]!++
    degrees[b]!++
  }
  for (const [at, peer] of ring.entries()) link(peer, ring[(at + 1) % ring.length]!)
  for (const [a, b] of shuffle([...all], random.below)) if (degrees[a]! < degree || degrees[b]! < degree) link(a, b)
  return chosen
}
