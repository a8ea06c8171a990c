import type { Envelope } from '@hearsay/protocol'
import { around } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/** So many envelopes are remembered, the newest. */
const remembered = 4096

/**
 * Honest, and says again what anybody has said, honest peers and liars, in this round and in earlier ones: with each step
 * some old envelopes, byte for byte, to all honest peers, the oldest first and then around.
 *
 * At most f of them: nothing. An envelope is known by its content, a statement counts once a slot, and rounds that are
 * over are out of reach, whoever brings them: nothing is counted twice, passed on, or taken as a contradiction.
 *
 * More than f: nothing. It costs those that it speaks to the bytes, and one look at each.
 *
 * Evidence: none, and none against those whose words it repeats.
 */
export const replay: ProtocolAttack<'replay'> = {
  name: 'replay',
  summary: 'send old envelopes of everybody again',
  deed: 'said again what others had said',
  options: {
    perStep: { kind: 'integer', summary: 'old envelopes with each of its steps', least: 1, most: 1000, default: 4 },
  },
  sendsUpdates: () => true,
  create: ({ perStep }) => ({
    participant: ({ honest, coalition }) => {
      const victims = coalition.halves.flat()
      const heard: Envelope[] = []
      let next = 0
      return around(honest(), (step, { events }) => {
        const again = Array.from({ length: Math.min(perStep as number, heard.length) }, () => {
          next = (next + 1) % heard.length
          return { to: victims, envelope: heard[next]! }
        })
        for (const event of events) if (event.kind === 'envelope') heard.push(event.envelope)
        for (const { envelope } of step.sends) heard.push(envelope)
        heard.splice(0, heard.length - remembered)
        return { ...step, sends: [...step.sends, ...again] }
      })
    },
  }),
}
