import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import { holdBack, marksOf } from './held-back.ts'

test('all rows are in one part or the other, in their order, and neither is empty', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 500 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (count, share) => {
      const { train, test: held } = holdBack(count, share, 'a.csv')
      expect(held.length).toBe(Math.min(count - 1, Math.max(1, Math.round(count * share))))
      expect([train.toSorted(), held.toSorted()]).toEqual([train, held])
      expect([...train, ...held].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, row) => row))
      expect(holdBack(count, share, 'b.csv')).toEqual({ train, test: held })
      expect([...marksOf({ train, test: held })].map((mark, row) => mark === Number(held.includes(row)))).not.toContain(
        false,
      )
    }),
  )
})

test('rows from everywhere are held back', () => {
  const { test: held } = holdBack(100_000, 0.2, 'a.csv')
  for (let tenth = 0; tenth < 10; tenth++) {
    const count = held.filter((row) => Math.floor(row / 10_000) === tenth).length
    // Five standard deviations of 10,000 draws.
    expect(Math.abs(count - 2_000)).toBeLessThan(200)
  }
})

test('one row is too few', () => {
  expect(() => holdBack(1, undefined, 'a.csv')).toThrow(DataError)
})
