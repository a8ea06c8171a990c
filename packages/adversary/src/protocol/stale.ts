import type { Update } from '@hearsay/aggregation'
import type { ProtocolAttack } from './attack.ts'

/**
 * Honest but for its update, which is the one that it made some rounds before, on the model of then.
 *
 * At most f of them: what one more update within the honest range may do, or outside of it where the model moves fast. A
 * stale update points where learning went: it is slower to turn, as with momentum, never wrong for good.
 *
 * More than f: agreement is untouched at any number. When most updates are stale, learning lags, and may overshoot with a
 * large learning rate.
 *
 * Evidence: none. An update does not say on which model it was trained, and nobody can tell.
 */
export const stale: ProtocolAttack<'stale'> = {
  name: 'stale',
  summary: 'send the update of some rounds before',
  deed: 'sent updates of earlier rounds',
  options: { rounds: { kind: 'integer', summary: 'so old is the update', least: 1, most: 100, default: 2 } },
  create: ({ rounds }) => {
    const made: Update[] = []
    return {
      alter: (update) => {
        made.push(update)
        if (made.length > (rounds as number) + 1) made.shift()
        return made[0]!
      },
    }
  },
}
