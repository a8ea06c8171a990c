/**
 * A round in which anybody pauses is not learnt from: the model stays, and the next round is that one again.
 *
 * It is the interruption processing function P_INT of El Mhamdi, Guerraoui, Hendrikx and Maurer (Dynamic safe interruptibility for
 * decentralized multi-agent reinforcement learning, NIPS 2017): experiences at whose time somebody was interrupted are
 * dropped. Neutral, and unbiased exactly: the models of the rounds that are learnt from are those of a network in which nobody
 * pauses, bit for bit, whatever the pauses depend on. It costs every round with a pause, so it needs a budget (terms.ts).
 */
import type { Policy } from './policy.ts'

export const prune: Policy = ({ members, pauses }) => (members.some(pauses) ? undefined : members)
