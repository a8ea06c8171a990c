import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lowerMedian, weightedLowerMedian } from './lower-median.ts'

const value = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, noNaN: true }))

test('of the first values the one in the middle of their order, of two the lesser', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), fc.array(value), (values, rest) => {
      const sorted = values.toSorted((a, b) => a - b)
      const given = Float64Array.from([...values, ...rest])
      expect(lowerMedian(given, values.length)).toBe(sorted[(values.length - 1) >> 1])
      expect([...given.subarray(0, values.length)].sort((a, b) => a - b)).toEqual(sorted)
      expect([...given.subarray(values.length)]).toEqual(rest)
    }),
  )
})

test('counts each by its weight, and is the same where all weigh the same', () => {
  const of = (values: readonly number[], weights: readonly number[]): number =>
    weightedLowerMedian(values.map((value, at) => ({ value, weight: weights[at]! })))
  expect(of([1, 2, 3, 100], [1, 1, 1, 2])).toBe(3)
  expect(of([9, 1, 1, 1], [4, 1, 1, 1])).toBe(9)
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), (values) => {
      const ones = values.map(() => 1)
      expect(of(values, ones)).toBe(lowerMedian(Float64Array.from(values), values.length))
    }),
  )
})
