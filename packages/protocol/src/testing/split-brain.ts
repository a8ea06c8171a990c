import { twins } from './liars.ts'
import { Swarm } from './swarm.ts'

/** The halves meet after so long. */
export const apartMs = 6000

/**
 * Liars 0 to b−1 are the only link between two halves of the honest peers and tell each a story of its own; then the
 * halves meet. `rounds` is where training ends; `middle` is how many honest peers are in the first half.
 */
export function splitBrain(
  n: number,
  f: number,
  b: number,
  seed: number,
  rounds: number,
  middle = Math.ceil((n - b) / 2),
): Swarm {
  const liars = Array.from({ length: b }, (_, liar) => liar)
  const honest = Array.from({ length: n - b }, (_, at) => b + at)
  const halves = [honest.slice(0, middle), honest.slice(middle)]
  const halfOf = (peer: number): number => halves.findIndex((half) => half.includes(peer))
  const told = new Map<string, Set<number>>()
  return new Swarm({
    peers: n,
    tolerated: f,
    seed,
    rounds,
    batchMs: 10,
    liars: new Map(liars.map((liar) => [liar, twins(halves, liars, told)])),
    blocked: (from, to, { nowMs }) => nowMs < apartMs && from >= b && to >= b && halfOf(from) !== halfOf(to),
  })
}
