import { stepsUntil, type TrustMethod } from './method.ts'

/** In the sum of all trust. */
const error = 1e-8

/**
 * LipschiTrust, of Tournesol's Solidago: trust is what a peer has from the start and what others pass on to it. With V_u, the
 * number of u's vouches plus `sink`, it is the one solution of
 *
 *     t_v = min(1, pre_v + Σ over vouches u → v of decay · vouch_uv · t_u / V_u),   pre_v = preTrust of pre-trusted, else 0
 *
 * Source: LipschiTrust of solidago, in tournesol-app/tournesol.
 *
 * Why there is one, and the steps find it: a peer passes on at most decay · t_u · (V_u − sink) / V_u ≤ decay · t_u, so that one
 * step brings two candidates nearer by the factor `decay` in the sum of absolute differences, and min(1, ·) takes nothing away
 * from that. From t = pre the first distance is at most n; the steps are as many as make it 10⁻⁸.
 *
 * Guarantee. Of any region S without pre-trusted peers: Σ_S t ≤ inflow + decay · Σ_S t, where inflow is the sum of
 * decay · vouch_uv · t_u / V_u over vouches from outside. So Σ_S t ≤ inflow / (1 − decay), however many peers S has and
 * whatever they say of each other. One vouch more lowers only those whom u vouches for already, and whom these vouch for in
 * turn: the share of each falls from 1/V_u to 1/(V_u + 1), and `sink` makes that little.
 *
 * Example: 0 and 1 are pre-trusted, 0 → 1, 0 → 2, 2 → 3, 3 → 4 give 0.8, 0.891429, 0.091429, 0.012190, 0.001625.
 */
export const lipschitrust: TrustMethod<'lipschitrust'> = {
  name: 'lipschitrust',
  summary: 'trust that each peer passes on in part; what a region of sybils gets is bounded by the vouches into it',
  options: {
    preTrust: {
      kind: 'number',
      summary: 'trust of a pre-trusted peer that nobody vouches for',
      above: 0,
      most: 1,
      default: 0.8,
    },
    decay: {
      kind: 'number',
      summary: 'the share of its trust that a peer passes on, to all whom it vouches for together',
      above: 0,
      most: 0.95,
      default: 0.8,
    },
    sink: {
      kind: 'number',
      summary: 'vouches for nobody that each peer has beside its own, so that one more takes little from the others',
      least: 0,
      most: 1_000_000,
      default: 5,
    },
  },
  scale: 1_000,
  mostWeight: 1,
  trust(vouches, preTrusted, options) {
    const { preTrust, decay, sink } = options as Record<'preTrust' | 'decay' | 'sink', number>
    const all = vouches.given().counts.map((count) => count + sink)
    const before = Float64Array.from(preTrusted, (trusted) => (trusted === 1 ? preTrust : 0))
    let trust = before
    for (let left = stepsUntil(error, vouches.count, decay); left > 0; left--) {
      const passed = vouches.received(trust.map((each, peer) => (decay * each) / all[peer]!))
      trust = passed.map((sum, peer) => Math.min(1, before[peer]! + sum))
    }
    return trust
  },
}
