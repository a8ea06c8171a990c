import { stepsUntil, type TrustMethod } from './method.ts'

/** In the sum of all trust, which is 1. */
const error = 1e-10

/**
 * EigenTrust, which is PageRank that begins anew at the pre-trusted: where a walk is found that goes from a peer to one whom it
 * vouches for, by the weights of its vouches, and at each step begins again with probability `restart` at a pre-trusted peer,
 * each as likely. Who vouches for nobody is left for a pre-trusted peer too. With c_uv = vouch_uv / Σ_w vouch_uw and p the
 * distribution of beginnings, it is the one solution of
 *
 *     t = (1 − restart) · Cᵀt + restart · p,   Σ t = 1
 *
 * After Kamvar, Schlosser, Garcia-Molina: The EigenTrust Algorithm for Reputation Management in P2P Networks, WWW 2003.
 *
 * Why the steps find it: Cᵀ keeps the sum of absolute values or lowers it, so that a step brings two candidates nearer by the
 * factor 1 − restart; two distributions differ by at most 2.
 *
 * Guarantee. Of any region S without pre-trusted peers: Σ_S t ≤ (1 − restart) · (inflow + Σ_S t), where inflow is the sum of
 * c_uv · t_u over vouches from outside. So Σ_S t ≤ inflow · (1 − restart) / restart. That is weaker than the bound of
 * `lipschitrust`: shares are of all vouches of a peer, so that the one vouch of a peer that has only one carries all its trust,
 * and with a small `restart` those who praise only each other keep what reaches them for long.
 *
 * Example: weights 0 → 1: 3, 0 → 2: 1, 1 → 0: 2, 1 → 2: 2, 2 → 1: 1, 3 → 2: 5, and 0 pre-trusted, give 0.329200, 0.421646,
 * 0.249154, 0.
 */
export const eigentrust: TrustMethod<'eigentrust'> = {
  name: 'eigentrust',
  summary: 'personalised PageRank: where a walk along vouches is found that begins anew at pre-trusted peers',
  options: {
    restart: {
      kind: 'number',
      summary: 'probability that the walk begins anew at a step',
      least: 0.05,
      most: 1,
      default: 0.15,
    },
  },
  scale: 100_000,
  trust(vouches, preTrusted, options) {
    const restart = options.restart as number
    const all = vouches.given().weights
    let seeds = 0
    for (const trusted of preTrusted) seeds += trusted
    const begin = Float64Array.from(preTrusted, (trusted) => trusted / seeds)
    let trust = begin
    for (let left = stepsUntil(error, 2, 1 - restart); left > 0; left--) {
      let stuck = 0
      for (let peer = 0; peer < vouches.count; peer++) if (all[peer] === 0) stuck += trust[peer]!
      const walked = vouches.received(trust.map((each, peer) => each / all[peer]!))
      trust = walked.map((sum, peer) => (1 - restart) * (sum + stuck * begin[peer]!) + restart * begin[peer]!)
    }
    return trust
  },
}
