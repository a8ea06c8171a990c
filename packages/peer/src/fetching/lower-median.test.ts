import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lowerMedian } from './lower-median.ts'

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
