import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inWords } from './remedy.ts'

function errorOf(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  throw new Error('it did not fail')
}

test('what the system refuses is told with the remedy, whoever tells it', () => {
  const cause = errorOf(() => readFileSync('/'))
  const remedy = 'there is a folder where a file should be; choose another place'
  expect(inWords(cause)).toBe(`EISDIR: illegal operation on a directory, read: ${remedy}`)
  expect(inWords(new Error('x cannot be written', { cause }))).toBe(`x cannot be written: ${remedy}`)
  expect(inWords(new Error('Mend it.', { cause }))).toBe(`Mend it. T${remedy.slice(1)}.`)
})

test('what has no such code is told as it is', () => {
  expect(inWords(new Error('Mend it.'))).toBe('Mend it.')
  // Of a process that is not there, not of a file.
  expect(inWords(Object.assign(new Error('gone'), { code: 'ENOENT' }))).toBe('gone')
})
