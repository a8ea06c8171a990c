/** One round between two honest peers as an adversary arranges it. */
import { distance, type Point } from './averages.ts'
import type { ContractionProtocol, Freedom } from './protocols.ts'

/** The values of all, and what the two peers hear. The two are the first honest ones. */
export interface Exchange {
  /** Of the n − f honest peers. */
  readonly honest: readonly Point[]
  /** Of the f liars, as each of the two hears them; equal when they cannot equivocate. */
  readonly liars: readonly [readonly Point[], readonly Point[]]
  /** Who is not heard by each: positions, the honest first. */
  readonly unheard: readonly [readonly number[], readonly number[]]
}

/** Honest values no nearer to each other are not told apart from rounding. */
const leastDiameter = 0.25

/** The distance of the two results over the diameter of the honest values; 0 when that is too small to tell. */
export function ratioOf(exchange: Exchange, protocol: ContractionProtocol, n: number, f: number): number {
  const { honest } = exchange
  let diameter = 0
  for (const [index, a] of honest.entries())
    for (let other = 0; other < index; other++) diameter = Math.max(diameter, distance(a, honest[other]!))
  if (diameter < leastDiameter) return 0
  const results = ([0, 1] as const).map((peer) => {
    const own = honest[peer]!
    return protocol.average(own, heardBy(exchange, peer), n, f) ?? own
  })
  return distance(results[0]!, results[1]!) / diameter
}

/** In the order of positions, one's own among them. */
export function heardBy({ honest, liars, unheard }: Exchange, peer: 0 | 1): Point[] {
  return [...honest, ...liars[peer]].filter((_, position) => !unheard[peer].includes(position))
}

/** Whether the liars of a protocol can arrange this: what the search may not leave. */
export function allowed({ honest, liars, unheard }: Exchange, freedom: Freedom, f: number): boolean {
  if (honest.length < 2 || liars.some((told) => told.length !== f)) return false
  if (!freedom.equivocation && JSON.stringify(liars[0]) !== JSON.stringify(liars[1])) return false
  // Everybody hears itself.
  if (unheard[0].includes(0) || unheard[1].includes(1)) return false
  const most = freedom.unheard === 'none' ? 0 : f
  if (unheard.some((missing) => new Set(missing).size !== missing.length || missing.length > most)) return false
  // A peer that sends plainly and waits for n − f goes on with exactly these.
  if (freedom.unheard === 'any') return unheard.every((missing) => missing.length === f)
  return new Set([...unheard[0], ...unheard[1]]).size <= most
}
