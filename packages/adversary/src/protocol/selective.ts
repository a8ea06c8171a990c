import { wrap } from '@hearsay/protocol'
import { around, unrelaying } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * Honest in all that it says, but it speaks to a few honest peers only, answers only them, and passes nothing on.
 *
 * At most f of them: honest peers pass on what they hear, so its words reach everybody one hop later, as long as one of those
 * that it speaks to is connected with the rest over honest peers. Left to asks alone it may be late, as if it were slow.
 *
 * More than f: the same. It can choose to whom it speaks, not who hears it.
 *
 * Evidence: none; it contradicts nothing.
 */
export const selective: ProtocolAttack<'selective'> = {
  name: 'selective',
  summary: 'speak to a few honest peers only',
  deed: 'spoke to a few only',
  options: {
    reaches: { kind: 'integer', summary: 'honest peers that it speaks to', least: 1, most: 10_000, default: 1 },
  },
  sendsUpdates: () => true,
  create: ({ reaches }) => ({
    participant: ({ honest, coalition }) => {
      const audience = [...coalition.liars, ...coalition.halves.flat().slice(0, reaches as number)]
      const inner = around(honest(), (step) => ({
        ...step,
        sends: step.sends.map(({ envelope }) => ({ to: audience, envelope })),
      }))
      return wrap(unrelaying(inner), {
        answer: (ask, from) => (audience.includes(from) ? inner.answer(ask, from) : undefined),
      })
    },
  }),
}
