import type { Position } from '../roster/position.ts'

/**
 * Where a round stands, for people who wonder why it takes so long: nothing in the protocol depends on it. `missing` are
 * those whom it waits for, by position; who is slow is among them, and no liar for that.
 */
export interface Progress {
  readonly round: number
  readonly awaits: Awaits
  readonly missing: readonly Position[]
}

/**
 * - `pace`: the least time of a round is not over
 * - `updates`: fewer than n−f updates are delivered; of the missing none is held here
 * - `agreement`: about the updates of the missing it is not decided whether they are in
 * - `fetching`: updates of the missing are in, and not held here
 * - `checkpoints`: the missing have not signed what this peer aggregated
 * - `adopting`: a certified model is fetched
 */
export type Awaits = 'pace' | 'updates' | 'agreement' | 'fetching' | 'checkpoints' | 'adopting'
