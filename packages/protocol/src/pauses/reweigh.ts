/**
 * Who pauses counts with zeros, and who is there counts 1/(1 − θ) times, where θ is how often it pauses.
 *
 * With the mean as the rule each peer has its whole say in expectation, so it is unbiased where pauses do not depend on the model; its
 * variance grows by 1/(1 − θ). Not neutral: the next model depends on θ. A rule that leaves out what is far from the rest
 * takes a peer that often pauses for a liar: its updates are as much longer.
 */
import type { Policy } from './policy.ts'

export const reweigh: Policy = ({ members, pauses, share }) =>
  members.map((member) => {
    if (pauses(member)) return { ...member, scale: 0 }
    const often = share(member.peer)
    return often === 0 ? member : { ...member, scale: 1 / (1 - often) }
  })
