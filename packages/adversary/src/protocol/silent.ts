import type { Adversary } from '../adversary.ts'

/**
 * Hears everything and says nothing: no update, no vote, no answer.
 *
 * At most f of them: every round waits its grace time for updates that never come, and is certified without them. More
 * than f: fewer than n−f speak, and no round is certified. Silence is no evidence, since a slow link looks the same.
 */
export function silent(): Adversary {
  return {
    participant: () => ({
      open: () => ({ verdict: 'ignore' }),
      handle: () => ({ sends: [], asks: [], timers: [], work: [], outputs: [], faults: [] }),
      answer: () => undefined,
      holders: () => [],
    }),
  }
}
