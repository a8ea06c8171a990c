import { expect, test } from 'vitest'
import { digestOf } from './digest.ts'
import { encodeModelRound, mayCount } from './order.ts'

const digest = digestOf(Uint8Array.of(1))
const of = (round: number): string => digest + encodeModelRound(round)

test('a gradient counts of the models of the last epochs, in a robust one of the newest alone, and of none to come', () => {
  const counting = (robust: boolean): number[] =>
    [...Array(12).keys()].filter((round) => mayCount(of(round), 10, 3, robust))
  expect(counting(false)).toEqual([7, 8, 9])
  expect(counting(true)).toEqual([9])
  expect([0, 1].filter((round) => mayCount(of(round), 1, 3, false))).toEqual([0])
})

test.each([digest, `${digest}00`, `${of(9)}00`, ''])('what names no model counts never: %s', (value) => {
  expect(mayCount(value, 10, 3, false)).toBe(false)
})
