import { namedStream } from '@hearsay/catalogue/random'
import type { Present } from './chunks.ts'

/**
 * Which of so many chunks arrive where each is lost with the probability `rate`, on its own. The draw is that of the names: of
 * the seed, the round, and who sends to whom; so nothing else that happens in a run moves it.
 */
export function arriving(rate: number, chunks: number, ...names: readonly (string | number)[]): Present {
  const stream = namedStream('loss', ...names)
  return Uint8Array.from({ length: chunks }, () => (stream.uniform() < rate ? 0 : 1))
}
