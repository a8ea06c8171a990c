import type { Digest } from './digest.ts'

/** What a peer can say in a round. Peers are positions in the sorted roster. */
export type Statement =
  | { readonly kind: 'init'; readonly digest: Digest }
  | { readonly kind: 'echo'; readonly sender: number; readonly digest: Digest }
  | { readonly kind: 'ready'; readonly sender: number; readonly digest: Digest }
  | { readonly kind: 'estimate'; readonly instance: number; readonly phase: number; readonly value: Bit }
  | { readonly kind: 'coordinate'; readonly instance: number; readonly phase: number; readonly value: Bit }
  | { readonly kind: 'auxiliary'; readonly instance: number; readonly phase: number; readonly values: BitSet }
  | {
      readonly kind: 'checkpoint'
      readonly checkpoint: Uint8Array<ArrayBuffer>
      readonly signature: Uint8Array<ArrayBuffer>
    }

export type Bit = 0 | 1

/** A set of bits: 0 = {}, 1 = {0}, 2 = {1}, 3 = {0, 1}. */
export type BitSet = 0 | 1 | 2 | 3

/** The phases of one binary agreement that a peer counts: a bound on memory, reached by no schedule that ends. */
export const maxPhases = 1024

/** How far beyond its own phase a peer counts what others say. */
export const maxPhasesAhead = 16

/**
 * The slot that a statement fills: an honest peer fills each slot of a round once, so two different statements of one
 * author in one slot are evidence. An estimate may be sent for both values, so its value is part of its slot.
 */
export function slotOf(statement: Statement, peers: number): number {
  switch (statement.kind) {
    case 'init':
      return 0
    case 'checkpoint':
      return 1
    case 'echo':
      return 2 + statement.sender
    case 'ready':
      return 2 + peers + statement.sender
    default: {
      const base = 2 + 2 * peers + 4 * (statement.phase * peers + statement.instance)
      if (statement.kind === 'estimate') return base + statement.value
      return base + (statement.kind === 'coordinate' ? 2 : 3)
    }
  }
}

/** What a statement says in its slot, comparable. */
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
    default:
      return statement.value
  }
}
