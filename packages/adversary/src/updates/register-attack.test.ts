import { expect, test } from 'vitest'
import type { Attack } from './attack.ts'
import { attacks, createAttack } from './attacks.ts'
import { contextOf, vectorsOf } from './testing/context.ts'

const own: Attack = {
  name: 'own-doubled',
  summary: 'send its update, many times as large',
  options: { times: { kind: 'number', summary: 'how many', above: 0, default: 2 } },
  paper: '',
  colludes: () => false,
  create:
    ({ times }) =>
    ({ own }) =>
      own.map((value) => (times as number) * value) as Float32Array<ArrayBuffer>,
}

test('an attack of one’s own is made and checked like all others, once registered', () => {
  attacks.add(own)
  attacks.add(own)
  const context = contextOf(vectorsOf([1, -2]), 1)
  expect([...createAttack(attacks.find('own-doubled'))(context)]).toEqual([2, -4])
  expect([...createAttack(own, { times: 3 })(context)]).toEqual([3, -6])
  // @ts-expect-error a name that is misspelt, or that no declaration adds
  expect(() => createAttack('own-doubld')).toThrow('did you mean "own-doubled"?')
  expect(() => createAttack(own, { times: 0 })).toThrow('a number above 0, not 0')
})

test('an attack that is given as an object needs no name that is known, and is looked at first', () => {
  const other = { ...own, name: 'own-other' }
  expect([...createAttack(other, { times: 4 })(contextOf(vectorsOf([1, -2]), 1))]).toEqual([4, -8])
  expect(attacks.has('own-other')).toBe(false)
  expect(() => createAttack({ ...own, create: 1 } as never)).toThrow('create must be a function')
})

test('what is no vector of the right length is not sent', () => {
  const short: Attack = { ...own, name: 'own-short', create: () => () => new Float32Array(1) }
  expect(() => createAttack(short)(contextOf(vectorsOf([1, -2]), 1))).toThrow(
    expect.objectContaining({
      code: 'bad-attack',
      message: 'Attack "own-short" must give a Float32Array of 2 numbers.',
    }),
  )
})

test.each([
  [{ ...own, name: 'sign-flip' }, 'There is an attack "sign-flip" already'],
  [{ ...own, name: 'Own' }, 'name must be lower-case words'],
  [{ ...own, colludes: true }, 'colludes must be a function'],
  [{ ...own, create: undefined }, 'create must be a function'],
  [{ ...own, paper: undefined }, 'paper must be a text'],
  [{ ...own, options: { count: own.options.times } }, 'option "count": it may not be called so'],
  [undefined, 'it is not an object'],
])('what is no attack is refused, %#', (given, message) => {
  const before = [...attacks]
  expect(() => attacks.add(given as Attack)).toThrow(
    expect.objectContaining({ code: 'bad-attack', message: expect.stringContaining(message) }),
  )
  expect([...attacks]).toEqual(before)
})
