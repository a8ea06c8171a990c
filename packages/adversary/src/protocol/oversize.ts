import { limitsOf, sealEnvelopes, wrap } from '@hearsay/protocol'
import { around } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/** No host of libp2p sends more in one piece of gossip. */
const mostBytes = 120 * 1024

/**
 * Honest, and sends with each step an envelope that is larger than any may be: well signed, with
 * a checkpoint of zeros. Its answers are too large as well.
 *
 * At most f of them: nothing. Bytes are counted before they are decoded, and at a stream's prefix before they are held. Its
 * neighbours take it for what it is, and in gossip soon hear it no longer.
 *
 * More than f: whoever is no longer heard is silent: rounds stop when fewer than n−f are left.
 *
 * Evidence: a fault that each neighbour sees for itself, by the connection on which it came. Nothing that proves it to others.
 */
export const oversize: ProtocolAttack<'oversize'> = {
  name: 'oversize',
  summary: 'send envelopes and answers that are too large',
  deed: 'sent envelopes that are too large',
  options: {
    sizeBytes: {
      kind: 'integer',
      summary: 'bytes of such an envelope, and one more than the limit at least',
      least: 1,
      most: mostBytes,
      default: 64 * 1024,
    },
  },
  sendsUpdates: () => true,
  create: ({ sizeBytes }) => ({
    participant: ({ honest, network, self }) => {
      const limits = limitsOf(network.peers, network.rule)
      const size = Math.max(limits.envelopeBytes + 1, sizeBytes as number)
      const checkpoint = new Uint8Array(size)
      const tooLarge = new Uint8Array(limits.answerBytes + 1)
      const inner = around(honest(), (step) => {
        const said = step.sends[0]?.envelope
        if (said === undefined) return step
        const statement = { kind: 'checkpoint', checkpoint, signature: network.keys.sign(checkpoint) } as const
        const { round, previous } = said
        const [large] = sealEnvelopes({ author: self, round, previous, statements: [statement] }, network)
        return { ...step, sends: [...step.sends, { to: 'all', envelope: large! }] }
      })
      return wrap(inner, { answer: () => tooLarge })
    },
  }),
}
