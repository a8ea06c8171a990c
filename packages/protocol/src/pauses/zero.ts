/**
 * Who pauses counts with an update of zeros.
 *
 * Neutral, and as many are counted as without pauses. Biased when data differ: with the mean as the rule it comes to rest where
 * Σ(1 − θᵢ)(x − cᵢ) = 0, so whoever pauses with probability θ has 1 − θ of its say.
 */
import type { Policy } from './policy.ts'

export const zero: Policy = ({ members, pauses }) =>
  members.map((member) => (pauses(member) ? { ...member, scale: 0 } : member))
