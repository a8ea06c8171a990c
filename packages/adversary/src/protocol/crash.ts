import { type Step, wrap } from '@hearsay/protocol'
import { around, nothing } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * Honest up to a round, in which it dies in mid-sentence: its first words of that round reach the first half of the
 * honest peers only, and then it says, serves and passes on nothing, for ever.
 *
 * At most f of them: as if they were silent. Whoever heard the last words passes them on, so that all honest peers have
 * them or none needs them; an update that was announced and that nobody holds is left out after the grace time.
 *
 * More than f: what was certified before stays, and no round from that one on is certified.
 *
 * Evidence: none.
 */
export const crash: ProtocolAttack<'crash'> = {
  name: 'crash',
  summary: 'stop for ever in the middle of a round',
  deed: 'stopped in the middle of a round',
  options: { round: { kind: 'integer', summary: 'in which it stops', least: 1, most: 1_000_000, default: 2 } },
  sendsUpdates: ({ round }, now) => now <= (round as number),
  create: ({ round }) => {
    let dead = false
    return {
      serves: () => !dead,
      participant: ({ honest, coalition }) => {
        const inner = around(honest(), (step): Step => {
          if (dead) return nothing
          const last = step.sends.findIndex(({ envelope }) => envelope.round >= (round as number))
          if (last < 0) return step
          dead = true
          const { envelope } = step.sends[last]!
          return { ...nothing, sends: [...step.sends.slice(0, last), { to: coalition.halves[0], envelope }] }
        })
        return wrap(inner, {
          open: (bytes) => (dead ? { verdict: 'ignore' } : inner.open(bytes)),
          handle: (events, nowMs) => (dead ? nothing : inner.handle(events, nowMs)),
          answer: (ask, from) => (dead ? undefined : inner.answer(ask, from)),
        })
      },
    }
  },
}
