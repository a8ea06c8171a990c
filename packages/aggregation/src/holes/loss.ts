import type { Present } from './chunks.ts'

/**
 * Which of so many chunks arrive where each is lost with the probability `rate`, on its own. `draw` is uniform in [0, 1): by a
 * stream of the seed, the round, and who sends to whom nothing else that happens in a run moves it.
 */
export function arriving(rate: number, chunks: number, draw: () => number): Present {
  return Uint8Array.from({ length: chunks }, () => (draw() < rate ? 0 : 1))
}
