import type { RandomStream } from '@hearsay/catalogue/random'

/**
 * Whatever TensorFlow.js draws without a seed of its own, first weights, dropout, noise, it draws from Math.random or from a
 * generator that a number from there seeds. While `work` runs, which may not be asynchronous, these numbers come from `random`.
 */
export function seeded<Result>(random: RandomStream, work: () => Result): Result {
  const original = Math.random
  Math.random = () => random.uniform()
  try {
    return work()
  } finally {
    Math.random = original
  }
}

/** What such work draws; uniform in [0, 1). */
export const drawn = { uniform: (): number => Math.random() }
