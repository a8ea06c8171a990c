import { createHash } from 'node:crypto'
import { type Identity, identityOfSeed } from '@hearsay/libp2p/keys'
import type { ScenarioIndex } from './scenario-index.ts'

export interface Member extends Identity {
  readonly index: ScenarioIndex
}

/** The peers of a run, in the order of the roster (sorted by id). Who lies has no say in where its id sorts. */
export async function identities(peers: number, seed: number): Promise<Member[]> {
  const members = await Promise.all(
    Array.from({ length: peers }, async (_, index) => ({
      index,
      ...(await identityOfSeed(createHash('sha256').update(`hearsay peer ${index} of seed ${seed}`).digest())),
    })),
  )
  return members.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Of what a liar draws at random: its own for each liar and run. */
export function adversarySeed(index: ScenarioIndex, seed: number): number {
  return createHash('sha256').update(`hearsay adversary ${index} of seed ${seed}`).digest().readInt32LE()
}

/** Of what all liars of a cell draw together. */
export function coalitionSeed(seed: number): number {
  return createHash('sha256').update(`hearsay coalition of seed ${seed}`).digest().readInt32LE()
}
