/**
 * Going back: the forced step of operators. A pause may ask that the model becomes again what an earlier round ended with. Of its author it
 * is a pause, by any policy and budget. Where those who ask, in the agreed set of one round, for one and the same round weigh more than
 * (n+f)/2, the round ends with that model, and nothing is learnt from it. The chain goes on; it does not go back.
 *
 * Guarantees, with liars of weight F at most:
 * 1. Same model. Who asks is in the agreed set, and the model is that of a certificate before it.
 * 2. Liars do not bring it about: of more than (n+f)/2 more than (n−f)/2 are honest, which is half of all honest operators. With f+1
 *    in place of it f liars and a single operator would.
 * 3. Two rounds cannot both be gone back to: two such sets share more than f peers, hence an honest one, which says one thing.
 * 4. Liars do not keep it from happening, once the honest all ask and are in a set: n−f > (n+f)/2 where n > 3f. A set may lack f of them;
 *    who asks goes on asking while it pauses.
 * 5. What is gone back to is held: a pause that asks is echoed by whoever holds that model, and an honest peer asks for what it holds, so
 *    that others can take it from there; without it, it only pauses. What a liar asks for and nobody holds, or of a round that
 *    has not ended, is not delivered, and it is as silent.
 *
 * Executed rounds go on counting, so that no draw is made twice. Updates that stood in, and what rules go on from, are of what was
 * left, and are forgotten.
 */
import type { Quorums } from '../roster/quorums.ts'
import type { Member } from '../words/member.ts'
import { askedBackTo } from '../words/pauses.ts'

/** The round whose model an agreed set goes back to, if it does. */
export function backTo(members: readonly Member[], quorums: Quorums): number | undefined {
  const asking = Map.groupBy(members, askedBackTo)
  asking.delete(undefined)
  const found = [...asking].find(([, those]) => quorums.certificate(quorums.weigh(those.map(({ peer }) => peer))))
  return found?.[0]
}
