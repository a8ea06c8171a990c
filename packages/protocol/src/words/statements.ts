import type { Position } from '../roster/position.ts'
import type { Digest } from './digest.ts'

/**
 * What a peer can say in a round. Peers are positions in the sorted roster. An agreement may have several stages a round, of
 * which every statement names its own; in exact agreement none does.
 */
export type Statement =
  | { readonly kind: 'init'; readonly digest: Digest; readonly stage?: number }
  | { readonly kind: 'echo'; readonly sender: Position; readonly digest: Digest; readonly stage?: number }
  | { readonly kind: 'ready'; readonly sender: Position; readonly digest: Digest; readonly stage?: number }
  /** Averaging: whose vectors the author has delivered, sorted. */
  | { readonly kind: 'witness'; readonly stage: number; readonly members: readonly Position[] }
  /** What an agreement has of its own: hexadecimal, of up to `wordBytes`; one a stage. */
  | { readonly kind: 'word'; readonly stage: number; readonly content: string }
  /** Votes: instance j is on the update of peer j; n + j, on whether it stays (eras.ts). */
  | { readonly kind: 'estimate'; readonly instance: number; readonly phase: number; readonly value: Bit }
  | { readonly kind: 'coordinate'; readonly instance: number; readonly phase: number; readonly value: Bit }
  | { readonly kind: 'auxiliary'; readonly instance: number; readonly phase: number; readonly values: BitSet }
  | {
      readonly kind: 'checkpoint'
      readonly checkpoint: Uint8Array<ArrayBuffer>
      readonly signature: Uint8Array<ArrayBuffer>
    }

/** As much as the digest of a vote: so many words fit into an envelope as votes do. */
export const wordBytes = 32

/** In place of the digest of a READY: the digest of its author's own ECHO. Most digests need not be named twice. */
export const asEchoed: Digest = ''

export type Bit = 0 | 1

/** A set of bits: 0 = {}, 1 = {0}, 2 = {1}, 3 = {0, 1}. */
export type BitSet = 0 | 1 | 2 | 3

/**
 * How far beyond the last phase that is known to be reached a peer counts what others say, and so how many slots a liar can
 * fill. A peer that is farther behind learns from what it cannot count yet where the others are, and gets that again with
 * its next ask.
 */
export const mostPhasesAhead = 4

/**
 * The slot that a statement fills: an honest peer fills each slot of a round once, so two different statements of one
 * author in one slot are evidence. An estimate may be sent for both values, so its value is part of its slot.
 */
export function slotOf(statement: Statement, peers: number): number {
  switch (statement.kind) {
    case 'init':
      return stageSlots(statement, peers)
    case 'checkpoint':
      return 1
    case 'witness':
    case 'word':
      return stageSlots(statement, peers) + 1
    case 'echo':
      return stageSlots(statement, peers) + 2 + statement.sender
    case 'ready':
      return stageSlots(statement, peers) + 2 + peers + statement.sender
    default: {
      // Alike votes on all instances, as a peer mostly says them, lie side by side.
      const votes = statement.kind === 'estimate' ? statement.value : statement.kind === 'coordinate' ? 2 : 3
      return 2 + 2 * peers + (4 * statement.phase + votes) * 2 * peers + statement.instance
    }
  }
}

/** The first slot of a stage. A network has stages or votes, and witnesses or words, never both. */
function stageSlots({ stage = 0 }: { readonly stage?: number }, peers: number): number {
  return stage * (2 + 2 * peers)
}

/**
 * Whether two contents of one slot contradict each other. A READY for what was echoed contradicts no digest: it may be that
 * one, and the ECHO is in another slot, where it contradicts any other.
 */
export function contradict(one: string | number, other: string | number): boolean {
  return one !== other && one !== asEchoed && other !== asEchoed
}

/** What a statement says in its slot, comparable by `contradict`. */
export function contentOf(statement: Statement): string | number {
  switch (statement.kind) {
    case 'init':
    case 'echo':
    case 'ready':
      return statement.digest
    case 'checkpoint':
      return Buffer.from(statement.checkpoint).toString('hex')
    case 'auxiliary':
      return statement.values
    case 'witness':
      return statement.members.join()
    case 'word':
      return statement.content
    default:
      return statement.value
  }
}
