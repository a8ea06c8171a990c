import type { RandomStream } from '@hearsay/catalogue/random'

/** How often weights change, and so many rounds that a change takes effect: few where peers are many, whose rounds take long to run. */
export function drawChange(random: RandomStream, peers: number): { readonly every: number; readonly rounds: number } {
  const every = peers > 6 ? 1 : 1 + random.below(2)
  return { every, rounds: 2 + every + (peers > 6 ? 0 : random.below(2)) }
}
