import type { Adversary } from './adversary.ts'

/** Hears everything and says nothing: no update, no vote, no answer. */
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
