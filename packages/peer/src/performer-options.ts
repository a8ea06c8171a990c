import type { Participant, Position, Said } from '@hearsay/protocol'
import type { Carrier, Clock, Pausing, Payloads, Trainer, Vectors } from './ports.ts'

/** What happened to a piece of work. Times are of the clock. */
export type WorkEvent =
  | { readonly kind: 'trained'; readonly round: number; readonly tookMs: number; readonly nowMs: number }
  /** It pauses in the round: what it trained, if it did, is gone. */
  | { readonly kind: 'paused'; readonly round: number; readonly nowMs: number; readonly backTo?: number }
  /** Its numbers were no longer finite: it ended early, or gave zeros. Told by who trains. */
  | { readonly kind: 'diverged'; readonly round: number; readonly nowMs: number }
  | { readonly kind: 'held'; readonly round: number; readonly nowMs: number }
  | { readonly kind: 'aggregated'; readonly round: number; readonly tookMs: number; readonly nowMs: number }

export interface PerformerOptions {
  /** This peer's position in the roster. */
  readonly self: Position
  readonly carrier: Pick<Carrier, 'pull' | 'receive'>
  readonly clock: Pick<Clock, 'nowMs' | 'after'>
  readonly vectors: Vectors
  readonly trainer: Trainer
  readonly payloads?: Payloads
  /** Whom this peer wishes to vouch for, asked when its update is there; where vouches are heard, and it may change its mind. */
  readonly vouches?: ((round: number) => readonly Said[] | undefined) | undefined
  /** Who may tell this peer to pause. */
  readonly pausing?: Pausing | undefined
  /** No further round is trained; undefined is for ever. */
  readonly rounds?: number
  readonly holders: Participant['holders']
  readonly watch: (event: WorkEvent) => void
}
