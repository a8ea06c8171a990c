import { expect, test } from 'vitest'
import { type CheckSyntaxError, holds, parseCheck } from './expression.ts'

const measures: Record<string, number> = {
  'accuracy.least': 0.9,
  'baseline.accuracy.least': 0.92,
  forks: 1,
  distance: 2 ** -43,
  'loss.greatest': Number.POSITIVE_INFINITY,
}
const isTrue = (text: string): boolean => holds(parseCheck(text), (path) => measures[path] ?? Number.NaN)

test.each([
  ['accuracy.least >= baseline.accuracy.least - 0.02', true],
  ['accuracy.least > baseline.accuracy.least - 0.02', false],
  ['accuracy.least + 0.03 > baseline.accuracy.least', true],
  ['forks==1', true],
  ['forks != 1', false],
  ['forks < 1', false],
  ['forks <= 1', true],
  ['-forks + 2.5e0 > 1 + 0.4', true],
  ['0 == 0', true],
  // Models that differ in one bit are not equal.
  ['distance == 0', false],
  ['distance > 0', true],
  ['distance + forks == 1', true],
  ['0.3 - 0.2 - 0.1 == 0', true],
  // What is not finite is greater than any number, and close to none.
  ['loss.greatest <= 1000', false],
  ['loss.greatest > 1000', true],
  ['1 - loss.greatest < forks', true],
  ['loss.greatest == forks', false],
  ['loss.greatest == loss.greatest', true],
  ['loss.greatest - loss.greatest == 0', false],
])('%s is %s', (text, expected) => {
  expect(isTrue(text)).toBe(expected)
})

test('what was not measured satisfies nothing, not even !=', () => {
  for (const comparator of ['==', '!=', '<', '<=', '>', '>=']) expect(isTrue(`absent ${comparator} 1`)).toBe(false)
})

test.each([
  ['forks = 1', 6, '"=" is no comparison; use =='],
  ['forks', 5, 'expected one of ==, !=, <, <=, >, >=, found the end'],
  ['forks >= ', 9, 'expected a number or the name of a measure, found the end'],
  ['forks >= 1 2', 11, 'expected the end: one check compares two sums, found "2"'],
  ['0 <= forks <= 1', 11, 'expected the end: one check compares two sums, found "<="'],
  ['forks * 2 > 1', 6, 'unexpected "*"'],
  ['constructor() > 1', 11, 'unexpected "("'],
  ['', 0, 'expected a number or the name of a measure, found the end'],
])('%j is refused at character %i', (text, offset, message) => {
  const found = catchSyntaxError(text)
  expect(found).toMatchObject({ code: 'check-invalid', offset })
  expect(found.message).toBe(message)
})

function catchSyntaxError(text: string): CheckSyntaxError {
  try {
    parseCheck(text)
  } catch (error) {
    return error as CheckSyntaxError
  }
  throw new Error(`${text} was accepted`)
}
