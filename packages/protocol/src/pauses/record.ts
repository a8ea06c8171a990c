/**
 * What pauses have come to by the end of a round. Everybody computes it alike from the agreed sets of the chain, and it is in each
 * checkpoint, so that one checkpoint tells what the next round is made of.
 *
 * Guarantees, with liars of weight F at most:
 * 1. Same model. What is taken in (`takenIn`) follows from the agreed set and from the checkpoint before it, and from nothing else,
 *    so honest peers that agree on these take in the same, whatever they know of a peer by themselves.
 * 2. What stands in is held. A pause is echoed by whoever holds what is to stand in for it (round.ts), so one that is delivered is as
 *    fetchable as an update. If nobody holds it any more, the pause is not delivered, and its peer is as silent.
 * 3. Budget. Of each window of R rounds no more than B pauses of a peer count: who has spent them is not echoed by any honest peer, so it
 *    is not delivered, and is not in the set, as if it were silent; what n − f others send is enough, as ever. So f liars take
 *    f·B rounds of R from `prune` at most, and R − f·B are learnt from unless honest peers pause too; with f·B ≥ R they
 *    could take all. They cannot be refused their pause: they are not waited for any more.
 * 4. What is learnt from is enough for the rule: updates of weight n − f. Where pauses leave less the model stays. So p honest pauses
 *    count as p more that may be missing: rounds are learnt from while pauses, and whoever is silent, weigh f at most.
 *
 * Executed rounds: of each peer, the rounds that were learnt from with an update of its own. Its data, its momentum and its learning
 * rate go by these, and not by the number of the round. So a round that is not learnt from is trained again to the same bits
 * by whoever is there, and who paused goes on where it stopped.
 */
import type { Position } from '../roster/position.ts'
import type { Quorums } from '../roster/quorums.ts'
import type { Digest } from '../words/digest.ts'
import type { Contribution, Member } from '../words/member.ts'
import type { Network } from '../words/network.ts'
import { askedBackTo, isPause } from '../words/pauses.ts'
import { backTo } from './back.ts'
import { policies } from './policies.ts'

/** Each by position. */
export interface PauseRecord {
  readonly executed: readonly number[]
  /** Pauses that counted, and those of them in the window of the round. */
  readonly paused: readonly number[]
  readonly spent: readonly number[]
  /** With `memory`: the newest update that was learnt from; '' if there is none. */
  readonly last: readonly Digest[]
  /** The model that the newest one was aggregated onto; '' while it is that of the genesis, or one that was gone back to. */
  readonly onto: Digest
}

type Given = Pick<Network, 'agreement' | 'peers'>

/** Before the first round; undefined where pauses do not count. */
export function recordAtFirst({ agreement: { pauses }, peers }: Given): PauseRecord | undefined {
  if (pauses === undefined) return undefined
  const none = Array<number>(peers).fill(0)
  return {
    executed: none,
    paused: none,
    spent: none,
    last: pauses.policy === 'memory' ? none.map(() => '') : [],
    onto: '',
  }
}

/** Whether a pause of this peer counts in a round, when `before` was so after the round before it. */
export function mayPause(
  peer: Position,
  round: number,
  before: PauseRecord,
  { agreement: { pauses } }: Given,
): boolean {
  if (pauses === undefined) return false
  const { budget } = pauses
  return budget === undefined || spentBefore(round, before, budget.rounds)[peer]! < budget.pauses
}

/** What is wanted of a member; of who asks to go back, the model of that. */
export type Needed = Member & { readonly isModel?: true }

/**
 * What has to be held of a member: an update, a model, or nothing. 'never' if nobody should take it in. `modelOf` gives what a round
 * before this one ended with; undefined if there is none.
 */
export function neededOf(
  member: Member,
  round: number,
  before: PauseRecord | undefined,
  { network, modelOf }: { readonly network: Given; modelOf(round: number): Digest | undefined },
): Needed | 'nothing' | 'never' {
  if (before === undefined || !isPause(member)) return member
  const { peer } = member
  if (!mayPause(peer, round, before, network)) return 'never'
  const back = askedBackTo(member)
  if (back !== undefined) {
    const model = back < round ? modelOf(back) : undefined
    return model === undefined ? 'never' : { peer, digest: model, isModel: true }
  }
  const digest = before.last[peer] ?? ''
  return digest === '' ? 'nothing' : { peer, digest }
}

/** What is aggregated of an agreed set; nothing, if the model stays. */
export function takenIn(
  members: readonly Member[],
  before: PauseRecord | undefined,
  { quorums, network }: { readonly quorums: Quorums; readonly network: Given },
): readonly Contribution[] {
  const { pauses } = network.agreement
  if (before === undefined || pauses === undefined) return members
  if (backTo(members, quorums) !== undefined) return []
  const asks = new Set(members.filter((member) => askedBackTo(member) !== undefined).map(({ peer }) => peer))
  const taken = policies[pauses.policy]({
    members,
    pauses: isPause,
    // Of who asks to go back others hold that model, and not what would stand in.
    last: (peer) => (asks.has(peer) ? undefined : before.last[peer] || undefined),
    share: (peer) => before.paused[peer]! / (before.paused[peer]! + before.executed[peer]! + 1),
  })
  return taken !== undefined && quorums.available(quorums.weigh(taken.map(({ peer }) => peer))) ? taken : []
}

/** After a round with this set, which began with this model. */
export function recordAfter(
  { round, members, model }: { readonly round: number; readonly members: readonly Member[]; readonly model: Digest },
  before: PauseRecord | undefined,
  { quorums, network }: { readonly quorums: Quorums; readonly network: Given },
): PauseRecord | undefined {
  const { pauses } = network.agreement
  if (before === undefined || pauses === undefined) return undefined
  const goesBack = backTo(members, quorums) !== undefined
  const isLearnt = takenIn(members, before, { quorums, network }).length > 0
  const pausing = new Set(members.filter(isPause).map(({ peer }) => peer))
  const updates = new Map(
    members.filter((member) => isLearnt && !isPause(member)).map((each) => [each.peer, each.digest]),
  )
  const andPauses = (count: number, peer: Position): number => count + (pausing.has(peer) ? 1 : 0)
  return {
    executed: before.executed.map((count, peer) => count + (updates.has(peer) ? 1 : 0)),
    paused: before.paused.map(andPauses),
    spent: spentBefore(round, before, pauses.budget?.rounds).map(andPauses),
    last: before.last.map((digest, peer) => (goesBack ? '' : (updates.get(peer) ?? digest))),
    onto: goesBack ? '' : isLearnt ? model : before.onto,
  }
}

/** Windows follow each other from round 1 on. */
function spentBefore(round: number, { spent }: PauseRecord, rounds = Number.POSITIVE_INFINITY): readonly number[] {
  return (round - 1) % rounds === 0 ? spent.map(() => 0) : spent
}
