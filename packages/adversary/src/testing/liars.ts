/** Adversaries in the swarm of the protocol's tests. */
import type { Participant } from '@hearsay/protocol'
import type { Liar, SwarmOptions } from '@hearsay/protocol/testing'
import { type Adversary, type Coalition, createCoalition } from '../adversary.ts'
import { createAdversary } from '../protocol/behaviours.ts'

/** What takes part for a liar of the swarm. Updates are texts there, so a short vector stands for each. */
export function liarOf(adversary: Adversary, coalition: Coalition): (liar: Liar) => Participant {
  return ({ self, network, honest, offer }) => {
    const ids = Array.from({ length: network.peers }, (_, peer) => String(peer))
    const powers = {
      self,
      ids,
      network,
      coalition,
      honest,
      update: () => new Float32Array([1, -2]),
      offer: (round: number, update: Float32Array) => offer(`update of ${self} in ${round}: ${update.join()}`),
    }
    return adversary.participant?.(powers) ?? honest()
  }
}

/** The liars of a swarm: one coalition, in these positions, each with an adversary of its own. */
export function coalitionOf(
  peers: number,
  positions: readonly number[],
  behaviour: string,
  options: Readonly<Record<string, unknown>> = {},
): {
  readonly coalition: Coalition
  readonly adversaries: ReadonlyMap<number, Adversary>
  readonly liars: NonNullable<SwarmOptions['liars']>
} {
  const coalition = createCoalition(peers, positions)
  const adversaries = new Map(positions.map((self) => [self, createAdversary({ behaviour, ...options }, self)]))
  const liars = new Map([...adversaries].map(([self, adversary]) => [self, liarOf(adversary, coalition)]))
  return { coalition, adversaries, liars }
}
