import { type Envelope, type Statement, type Step, sealEnvelopes, wrap } from '@hearsay/protocol'
import type { Powers } from '../adversary.ts'
import { around, carrying } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * Honest, and sends with each of its envelopes one that is none, a different kind each time: no bytes; bytes at random; its
 * own cut short, or with a byte too many; and well signed ones that speak of peers and phases that do not exist, say
 * nothing that can be checked, or carry a checkpoint with a wrong signature. Its answers have a bit turned over.
 *
 * At most f of them: nothing. An envelope has one encoding, and every field is checked before it is used; whatever fails is
 * dropped whole, and not passed on. Its neighbours take it for what it is, and in gossip soon hear it no longer.
 *
 * More than f: whoever is no longer heard is silent: rounds stop when fewer than n−f are left.
 *
 * Evidence: a fault that each neighbour sees for itself, by the connection on which it came; also where the author's
 * signature is right. No portable proof: malformed words say nothing that contradicts.
 */
export const malformed: ProtocolAttack<'malformed'> = {
  name: 'malformed',
  summary: 'send envelopes and answers that are none',
  deed: 'sent what is no envelope',
  options: {},
  sendsUpdates: () => true,
  create: () => ({
    participant: (powers) => {
      let turn = 0
      const inner = around(powers.honest(), (step): Step => {
        const sends = step.sends.flatMap((send) => {
          const envelope = malformations[turn++ % malformations.length]!(send.envelope, powers)
          return [send, { to: 'all', envelope } as const]
        })
        return { ...step, sends }
      })
      return wrap(inner, { answer: (ask, from) => garbled(inner.answer(ask, from)) })
    },
  }),
}

const malformations: readonly ((envelope: Envelope, powers: Powers) => Envelope)[] = [
  (envelope) => carrying(new Uint8Array(0), envelope),
  // A digest of it looks as random as anything.
  (envelope) => carrying(Buffer.from(envelope.id.repeat(8), 'hex'), envelope),
  (envelope) => carrying(envelope.bytes.subarray(0, envelope.bytes.length - 1), envelope),
  (envelope) => carrying(Uint8Array.from([...envelope.bytes, 0]), envelope),
  (envelope, powers) =>
    signed({ kind: 'echo', sender: powers.network.peers, digest: envelope.previous }, envelope, powers),
  (envelope, powers) => signed({ kind: 'ready', sender: 0, digest: 'ff' }, envelope, powers),
  (envelope, powers) => signed({ kind: 'estimate', instance: 0, phase: 0, value: 1 }, envelope, powers),
  (envelope, powers) => signed({ kind: 'auxiliary', instance: 0, phase: 1, values: 0 }, envelope, powers),
  (envelope, powers) => {
    const [checkpoint, signature] = [new Uint8Array(40), powers.network.keys.sign(new Uint8Array(40))]
    return signed({ kind: 'checkpoint', checkpoint, signature }, envelope, powers)
  },
]

function signed(statement: Statement, { round, previous }: Envelope, { self, network }: Powers): Envelope {
  return sealEnvelopes({ author: self, round, previous, statements: [statement] }, network)[0]!
}

function garbled(answer: Uint8Array | undefined): Uint8Array {
  if (answer === undefined || answer.length === 0) return new Uint8Array(3).fill(255)
  return answer.map((byte, index) => (index === answer.length >> 1 ? byte ^ 1 : byte))
}
