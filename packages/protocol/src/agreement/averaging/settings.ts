/** How peers average, the same for all peers of a network. */
export interface Averaging {
  readonly method: AveragingMethod
  /** Whether a peer waits for all, for a stated time, or goes on with the first n−f. */
  readonly mode: AveragingMode
  /** Whether peers hold data of different kinds, so that they also agree on what they made of the updates. */
  readonly heterogeneous: boolean
}

/**
 * - `rb-tm`: reliable broadcast and witnesses, then the trimmed mean; asynchronous only
 * - `trimmed-mean`, `mda` (minimum diameter averaging), `nna` (nearest-neighbour averaging): plain sends
 */
export type AveragingMethod = 'rb-tm' | 'trimmed-mean' | 'mda' | 'nna'
export type AveragingMode = 'synchronous' | 'asynchronous'

/**
 * The stages of a round (El-Mhamdi, Farhadkhani, Guerraoui, Guirguis, Hoang, Rouault: Collaborative Learning in the
 * Jungle, NeurIPS 2021): stage 0 gathers updates; stages 1 … ⌈log₂(round+1)⌉ agree on what was aggregated from them, if
 * data are heterogeneous; the last agrees on models. `round` from 1.
 */
export function lastStage(round: number, { heterogeneous }: Averaging): number {
  // ⌈log₂(round+1)⌉ is the number of binary digits of the round.
  return (heterogeneous ? 32 - Math.clz32(round) : 0) + 1
}
