import { mostThatMayLie } from '@hearsay/protocol'

/** From so many peers on, copies that nobody needs are most of what is sent. */
const manyPeers = 20
export const fewCopies = 2

/**
 * How many peers an envelope is passed on to, by the weights of the roster. One more than the liars that are tolerated, so that no honest peer relies
 * on liars alone; but each degree costs every peer another copy of everything, so at most 6.
 *
 * In a large network, a peer that is connected to n−f of the roster, itself included, need not pass on much: authors reach
 * the others themselves. It mends single links that are broken, and shows what liars say to some only, and 2 do that.
 */
export function meshDegree(weights: readonly number[], neighbours: number): number {
  const peers = weights.length
  const liars = mostThatMayLie(weights)
  if (peers >= manyPeers && neighbours + 1 >= peers - liars) return fewCopies
  return Math.max(3, Math.min(6, liars + 1))
}
