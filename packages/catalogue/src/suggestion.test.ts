import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance, suggestion } from './suggestion.ts'

test('the nearest known word is suggested, and none when none is near', () => {
  expect(suggestion('minst', ['digits', 'mnist'])).toBe('; did you mean "mnist"?')
  expect(suggestion('Peers', ['rounds', 'peers'])).toBe('; did you mean "peers"?')
  expect(suggestion('banana', ['digits', 'mnist'])).toBe('')
  expect(suggestion('m'.repeat(1_000_000), ['mnist'])).toBe('')
})

test('edit distance is symmetric, 0 only between equal words, and at most the longer length', () => {
  const word = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b)
      expect(distance).toBe(editDistance(b, a))
      expect(distance === 0).toBe(a === b)
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
    }),
  )
})

test('swapped neighbours are one edit', () => {
  expect(editDistance('mnist', 'minst')).toBe(1)
  expect(editDistance('kitten', 'sitting')).toBe(3)
})
