import { sealEnvelopes } from '@hearsay/protocol'
import { around, carrying } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * Honest, and claims to be others: with each of its envelopes it sends one that says the same in the name of an honest peer,
 * each in turn, signed with the only key it has; and for each honest envelope that it hears, one in which a bit of
 * what was said is turned over under the old signature.
 *
 * At most f of them: nothing. An envelope counts for the key that signed it, whoever brings it: no word is put into an honest
 * mouth, and none is held against it.
 *
 * More than f: nothing, at any number; only whoever has an honest peer's key is that peer.
 *
 * Evidence: a fault that each neighbour sees for itself, by the connection on which it came. Those who are named in the
 * envelope are not accused.
 */
export const impersonate: ProtocolAttack<'impersonate'> = {
  name: 'impersonate',
  summary: 'speak in the name of honest peers without their keys',
  deed: 'spoke in the name of others',
  options: {},
  sendsUpdates: () => true,
  create: () => ({
    participant: ({ honest, coalition, network }) => {
      const others = coalition.halves.flat()
      let turn = 0
      return around(honest(), (step, { events }) => {
        const claims = step.sends.flatMap(({ envelope }) => {
          const author = others[turn++ % others.length]!
          return sealEnvelopes({ ...envelope, author }, network)
        })
        const altered = events.flatMap((event) => {
          if (event.kind !== 'envelope' || !others.includes(event.envelope.author)) return []
          const { bytes } = event.envelope
          return [carrying(turnedOver(bytes), event.envelope)]
        })
        return {
          ...step,
          sends: [...step.sends, ...[...claims, ...altered].map((envelope) => ({ to: 'all', envelope }) as const)],
        }
      })
    },
  }),
}

/** The last bit of what is signed: the signature is the last 64 bytes, after the two that name it. */
function turnedOver(bytes: Uint8Array): Uint8Array {
  const at = bytes.length - 67
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))
}
