/**
 * Whoever is there is aggregated.
 *
 * Neutral: the next model depends on who is there, and not on why. Biased when data differ: with updates −(x − cᵢ) and the mean as
 * the rule it comes to rest where Σ_S P(S) · mean of S of (x − cᵢ) = 0, and not where Σ(x − cᵢ) = 0; whoever pauses more has
 * less say. No bias when all pause alike and independently of the model, by symmetry.
 */
import type { Policy } from './policy.ts'

export const present: Policy = ({ members, pauses }) => members.filter((member) => !pauses(member))
