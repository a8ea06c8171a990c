import { type Vouch, Vouches } from '../vouches/vouches.ts'
import type { TrustMethod } from './method.ts'

/**
 * SybilRank: trust spreads from the pre-trusted over links that both sides have made, for so few steps that little of it crosses
 * the few links to sybils. Total trust n lies on the pre-trusted at first, in equal parts; at each of ⌈log₂ n⌉ steps each peer
 * divides all that it has among its links:
 *
 *     t_v ← Σ over links u ~ v of link_uv · t_u / deg u,   deg u = Σ_v link_uv;   the result is t_v / deg v
 *
 * After Cao, Sirivianos, Yang, Pregueiro: Aiding the Detection of Fake Accounts in Large Scale Social Online Services, NSDI
 * 2012, which ranks by the result, and takes those at the end of the list for fakes.
 *
 * A link is two vouches, one each way, with the lesser of their weights: what sybils say of honest peers costs them nothing. With
 * `links: either` one vouch makes a link, of the greater weight.
 *
 * Guarantee. Of any region S without pre-trusted peers, Σ_S t at the end is at most what crossed links into S in ⌈log₂ n⌉ steps,
 * since each step keeps or lowers all trust; links within S move it, and make none. The same holds of Σ_S t_v / deg v where no
 * deg v is below 1. Who has no link has no trust, pre-trusted or not.
 *
 * Example: two cliques of five, joined by the link 4 ~ 5, and 0 pre-trusted: 0.446016 at 0, 0.43625 at 1 to 3, 0.375938 at 4;
 * 0.10025 at 5 and 0.0375 at 6 to 9.
 */
export const sybilrank: TrustMethod<'sybilrank'> = {
  name: 'sybilrank',
  summary: 'a short walk from pre-trusted peers over links that both sides have made, for each link of a peer',
  options: {
    links: { kind: 'choice', summary: 'which vouches make a link', values: ['mutual', 'either'], default: 'mutual' },
  },
  scale: 1_000,
  trust(vouches, preTrusted, options) {
    const links = linksOf(vouches, options.links === 'either')
    const degrees = links.given().weights
    let seeds = 0
    for (const trusted of preTrusted) seeds += trusted
    let trust: Float64Array = Float64Array.from(preTrusted, (trusted) => (trusted * links.count) / seeds)
    for (let reached = 1; reached < links.count; reached *= 2)
      trust = links.received(trust.map((each, peer) => each / degrees[peer]!))
    return trust.map((sum, peer) => (degrees[peer] === 0 ? 0 : sum / degrees[peer]!))
  },
}

/** Each link as two vouches of one weight. */
function linksOf(vouches: Vouches, either: boolean): Vouches {
  const { count } = vouches
  const weights = new Map<number, number>()
  for (const { from, to, weight } of vouches.all()) weights.set(from * count + to, weight)
  const links: Vouch[] = []
  for (const { from, to, weight } of vouches.all()) {
    const back = weights.get(to * count + from)
    if (back !== undefined) links.push({ from, to, weight: either ? Math.max(weight, back) : Math.min(weight, back) })
    else if (either) links.push({ from, to, weight }, { from: to, to: from, weight })
  }
  return Vouches.of(count, links)
}
