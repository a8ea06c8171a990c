import type { CommonSubset, Member } from './common-subset.ts'

/**
 * Where a round stands, for people who wonder why it takes so long: nothing in the protocol depends on it. `missing` are
 * those whom the phase waits for, by position; who is slow is among them, and no liar for that.
 */
export interface Progress {
  readonly round: number
  readonly phase: Phase
  readonly missing: readonly number[]
}

/**
 * - `pace`: the least time of a round is not over
 * - `updates`: fewer than n−f updates are delivered; of the missing none is held here
 * - `agreement`: about the updates of the missing it is not decided whether they are in
 * - `fetching`: updates of the missing are in, and not held here
 * - `checkpoints`: the missing have not signed what this peer aggregated
 * - `adopting`: a certified model is fetched
 */
export type Phase = 'pace' | 'updates' | 'agreement' | 'fetching' | 'checkpoints' | 'adopting'

export interface RoundState {
  readonly subset: CommonSubset
  /** What the round is to be made of, once that is known. */
  readonly members: readonly Member[] | undefined
  readonly isHeld: (member: Member) => boolean
  /** Whether an update of this peer is held. */
  readonly hasUpdate: (peer: number) => boolean
  /** Who signed what this peer aggregated, once it has. */
  readonly signers: ReadonlySet<number> | undefined
  readonly isEnough: (peers: readonly number[]) => boolean
}

export function progressOf({
  subset,
  members,
  isHeld,
  hasUpdate,
  signers,
  isEnough,
}: RoundState): Omit<Progress, 'round'> {
  const all = [...subset.broadcasts.keys()]
  if (signers !== undefined) return { phase: 'checkpoints', missing: all.filter((peer) => !signers.has(peer)) }
  if (members !== undefined) {
    const missing = members.filter((member) => !isHeld(member)).map(({ peer }) => peer)
    return { phase: 'fetching', missing }
  }
  const delivered = all.filter((peer) => subset.broadcasts[peer]?.delivered !== undefined)
  const undecided = all.filter((peer) => !subset.isDecided(peer))
  if (isEnough(delivered)) return { phase: 'agreement', missing: undecided }
  return { phase: 'updates', missing: all.filter((peer) => !hasUpdate(peer)) }
}
