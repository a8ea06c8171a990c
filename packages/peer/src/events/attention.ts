/** What operators should know of their peers, that nothing in the protocol depends on. */
import type { Progress } from '@hearsay/protocol'
import type { DriverEvent } from '../driver.ts'
import type { EventOf } from './vocabulary.ts'

/** Why a peer is not here. */
export type Trouble = EventOf<'waiting'>['why']

export interface Waiting {
  readonly peer: string
  /** Of `performance.now`: when it was last here, or this peer started. */
  readonly sinceMs: number
  readonly why: Trouble
  readonly what: string
}

/** Times are of `performance.now`. */
export type AttentionEvent =
  /** This peer waits for another. */
  | ({ readonly kind: 'waiting' } & Waiting)
  /** Somebody called whom the genesis does not name. */
  | { readonly kind: 'stranger'; readonly peer: string }
  /** By the word of this neighbour another process runs with the identity of this peer. */
  | { readonly kind: 'copy'; readonly by: string }
  /** Two processes run with the identity of this neighbour. */
  | { readonly kind: 'copies'; readonly peer: string }
  /** A file that this peer can do without could not be written. */
  | { readonly kind: 'unwritten' | 'unread'; readonly file: string; readonly error: Error }
  /** The round takes longer than its time; `missing` are peer ids. */
  | {
      readonly kind: 'overdue'
      readonly round: number
      readonly awaits: Progress['awaits']
      readonly missing: readonly string[]
      readonly sinceMs: number
    }

export type OperatorEvent = DriverEvent | AttentionEvent
