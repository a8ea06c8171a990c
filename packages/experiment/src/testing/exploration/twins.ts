import type { Adversary } from '@hearsay/adversary'
import type { RandomStream } from '@hearsay/catalogue/random'
import { twins } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'

/**
 * Two peers under one identity, each honest as far as it knows (Bano et al., Twins: BFT systems made robust, 2020). By
 * lot, drawn anew in each round, the others hear one of them, or both; and each of them hears some of the others, or all.
 */
export function twinsByLot(seed: number): Adversary {
  return {
    participant: ({ self, network, honest }) => {
      const others = Array.from({ length: network.peers }, (_, peer) => peer).filter((peer) => peer !== self)
      const worlds = new Map<number, readonly (readonly boolean[])[]>()
      const worldOf = (round: number): readonly (readonly boolean[])[] => {
        const known = worlds.get(round)
        if (known !== undefined) return known
        const drawn = drawWorlds(randomStream(seed, 'twins', self, round), network.peers)
        worlds.set(round, drawn)
        return drawn
      }
      return twins([honest(), honest()], {
        hears: (event, twin) =>
          event.kind !== 'envelope' || worldOf(event.envelope.round)[twin]![event.envelope.author] === true,
        says: (step, twin) => {
          const audience = (round: number): number[] => others.filter((peer) => worldOf(round)[twin]![peer])
          return { ...step, sends: step.sends.map(({ envelope }) => ({ to: audience(envelope.round), envelope })) }
        },
      })
    },
  }
}

/** For each twin, whether it and the peer in each position hear each other. */
function drawWorlds(random: RandomStream, peers: number): boolean[][] {
  const shares = Array.from({ length: peers }, () => random.below(3))
  return [0, 1].map((twin) => shares.map((share) => share === 2 || share === twin))
}
