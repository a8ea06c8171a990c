/**
 * The newest certified update of whoever pauses stands in for it; without one it is left out.
 *
 * Neutral. Unbiased in the limit: once a peer takes part again and the model moves less and less, what stands in is what it would
 * have said, but for how far the model moved during the pause. At a fixed point of all, where each sends what it sent before, a
 * pause changes no bit. No more may lie than before: what stands in for a liar is one update of a liar, which was certified
 * when it was made; nobody can send anything again at will.
 */
import type { Policy } from './policy.ts'

export const memory: Policy = ({ members, pauses, last }) =>
  members.flatMap((member) => {
    if (!pauses(member)) return [member]
    const digest = last(member.peer)
    return digest === undefined ? [] : [{ peer: member.peer, digest }]
  })
