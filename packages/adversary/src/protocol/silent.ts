import { nothing } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * Hears everything and says nothing: no update, no vote, no answer.
 *
 * At most f of them: every round waits its grace time for updates that never come, and is certified without them.
 *
 * More than f: fewer than n−f speak, and no round is certified.
 *
 * Evidence: none. Silence proves nothing, since a slow link looks the same.
 */
export const silent: ProtocolAttack<'silent'> = {
  name: 'silent',
  summary: 'send nothing at all',
  deed: 'said nothing',
  options: {},
  create: () => ({
    participant: () => ({
      open: () => ({ verdict: 'ignore' }),
      handle: () => nothing,
      answer: () => undefined,
      holders: () => [],
    }),
  }),
}
