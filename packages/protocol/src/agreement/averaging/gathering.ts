import type { Position } from '../../roster/position.ts'
import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { Statement } from '../../words/statements.ts'

/** What a peer takes in at one stage of a round: the vectors of n−f peers or more, one of each. */
export interface Gathering {
  /** What to average, by position, once it is known; some of it may yet have to be fetched. */
  readonly result: readonly Member[] | undefined
  onStatement(from: Position, statement: Statement): void
  /** The vector of a member is held and fit. */
  onHeld(member: Member): void
  /** The timer that was asked for is due. */
  onTimer(): void
  /** Others than the author who may hold the vector, sorted. */
  holders(member: Member): number[]
}

export interface GatheringEffects {
  say(statement: BroadcastStatement | { readonly kind: 'witness'; readonly members: readonly Position[] }): void
  want(member: Member): void
  timer(): void
}

/** Without its stage, which the round knows. */
export type BroadcastStatement =
  | { readonly kind: 'init'; readonly digest: Digest }
  | { readonly kind: 'echo' | 'ready'; readonly sender: Position; readonly digest: Digest }
