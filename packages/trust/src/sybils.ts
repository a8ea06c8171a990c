import { TrustError } from './vouches/trust-error.ts'
import { mostVouches, type Vouch } from './vouches/vouches.ts'

interface Sybils {
  /** Peers 0 … honest − 1, who vouch for whom they know. */
  readonly honest: number
  /** The peers after them, which all vouch for each other. */
  readonly sybils: number
  /** How many vouches of honest peers they have bought. */
  readonly bought: number
  /** Whether they vouch for whom they have bought from: it costs nothing, and makes a link where both sides must. */
  readonly back: boolean
}

/**
 * What sybils add to vouches. They buy one by one: the first of each honest peer, then the second of each, … until every peer
 * vouches for every sybil; whose turn it is among them goes round, so that no vouch is bought twice. Throws TrustError `bad-vouch`.
 */
export function sybilVouches({ honest, sybils, bought, back }: Sybils): Vouch[] {
  const count = sybils * (sybils - 1) + bought
  if (count > mostVouches)
    throw new TrustError('bad-vouch', `${sybils} sybils would say ${count} vouches, more than ${mostVouches}.`)
  const vouches: Vouch[] = []
  for (let index = 0; index < Math.min(bought, honest * sybils); index++) {
    const from = index % honest
    const to = honest + ((Math.floor(index / honest) + from) % sybils)
    vouches.push({ from, to })
    if (back) vouches.push({ from: to, to: from })
  }
  for (let from = 0; from < sybils; from++)
    for (let to = 0; to < sybils; to++) if (from !== to) vouches.push({ from: honest + from, to: honest + to })
  return vouches
}
