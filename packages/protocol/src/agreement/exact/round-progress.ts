import type { Position } from '../../roster/position.ts'
import type { Progress } from '../../shell/progress.ts'
import type { Member } from '../../words/member.ts'
import type { CommonSubset } from './common-subset.ts'

export interface RoundState {
  /** Those who count. */
  readonly peers: readonly Position[]
  readonly subset: CommonSubset
  /** What the round is to be made of, once that is known. */
  readonly members: readonly Member[] | undefined
  readonly isHeld: (member: Member) => boolean
  /** Whether an update of this peer is held. */
  readonly hasUpdate: (peer: Position) => boolean
  /** Who signed what this peer aggregated, once it has. */
  readonly signers: ReadonlySet<number> | undefined
  readonly isEnough: (peers: readonly number[]) => boolean
}

export function progressOf({
  peers: all,
  subset,
  members,
  isHeld,
  hasUpdate,
  signers,
  isEnough,
}: RoundState): Omit<Progress, 'round'> {
  if (signers !== undefined) return { awaits: 'checkpoints', missing: all.filter((peer) => !signers.has(peer)) }
  if (members !== undefined) {
    const missing = members.filter((member) => !isHeld(member)).map(({ peer }) => peer)
    return { awaits: 'fetching', missing }
  }
  const delivered = all.filter((peer) => subset.broadcasts[peer]?.delivered !== undefined)
  const undecided = all.filter((peer) => !subset.isDecided(peer))
  if (isEnough(delivered)) return { awaits: 'agreement', missing: undecided }
  return { awaits: 'updates', missing: all.filter((peer) => !hasUpdate(peer)) }
}
