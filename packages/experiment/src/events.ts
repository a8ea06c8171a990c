/**
 * The lines of `events.jsonl`: everything that happened at honest peers, in the order in which it happened, as in the vocabulary
 * of all peers, and of a job that failed `job-failed`.
 *
 * `cell`, `seed` and `peer` say where, `atMs` when, in milliseconds since the network of the cell was made. Peers are
 * always those of the scenario, 0 … peers − 1 with the liars last, never positions in the roster, which is sorted by
 * id and looks shuffled; −1 where there is none.
 */
import type { EventKind, EventOf, PeerEvent } from '@hearsay/peer'

interface Place {
  readonly peer: number
  readonly atMs: number
}

export type RunEvent = Place & PeerEvent

/** Of a round of a peer one event, and what is not as it should be. */
const ofRounds: ReadonlySet<EventKind> = new Set<EventKind>([
  ...(['certified', 'averaged', 'evidence', 'halted', 'differs', 'diverged', 'failed'] as const),
])

/** Which events of peers a run keeps: all without a word. What is said and heard is asked for by itself. */
export function keptEvents(events: 'all' | 'rounds' | 'none' = 'all'): (event: RunEvent) => boolean {
  if (events === 'all') return () => true
  return events === 'none' ? () => false : ({ kind }) => ofRounds.has(kind)
}
export type TalkEvent = Place & EventOf<'said' | 'heard'>
