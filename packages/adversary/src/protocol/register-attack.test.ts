import { expect, test } from 'vitest'
import { around } from './around.ts'
import type { ProtocolAttack } from './attack.ts'
import { protocolAttacks } from './attacks.ts'
import { createAdversary } from './behaviours.ts'

/** Honest, but for the rounds in which it says nothing. */
const own: ProtocolAttack = {
  name: 'own-mute',
  summary: 'say nothing before a round',
  deed: 'said nothing before a round',
  options: { fromRound: { kind: 'integer', summary: 'the first round in which it speaks', least: 1, default: 2 } },
  create: ({ fromRound }) => ({
    participant: ({ honest }) =>
      around(honest(), (step) => ({
        ...step,
        sends: step.sends.filter(({ envelope }) => envelope.round >= Number(fromRound)),
      })),
  }),
}

test('an attack on the protocol of one’s own is made and checked like all others, once registered', () => {
  protocolAttacks.add(own)
  protocolAttacks.add(own)
  expect(protocolAttacks.get('own-mute')).toBe(own)
  expect(() => createAdversary({ behaviour: 'own-mut' }, 1)).toThrow('did you mean "own-mute"?')
  expect(() => createAdversary({ behaviour: 'own-mute', fromRound: 0 }, 1)).toThrow(
    'fromRound must be an integer from 1, not 0',
  )
})

test.each([
  [{ ...own, name: 'silent' }, 'There is an attack "silent" already'],
  [{ ...own, name: 'sign-flip' }, 'There is an attack "sign-flip" already'],
  [{ ...own, name: 'Own' }, 'name must be lower-case words'],
  [{ ...own, create: undefined }, 'create must be a function'],
  [{ ...own, deed: undefined }, 'deed must be a text'],
  [{ ...own, options: { update: own.options.fromRound } }, 'option "update": it may not be called so'],
  [undefined, 'it is not an object'],
])('what is no attack on the protocol is refused, %#', (given, message) => {
  const before = [...protocolAttacks]
  expect(() => protocolAttacks.add(given as ProtocolAttack)).toThrow(
    expect.objectContaining({ code: 'bad-attack', message: expect.stringContaining(message) }),
  )
  expect([...protocolAttacks]).toEqual(before)
})
