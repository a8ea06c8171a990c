import { expect, test } from 'vitest'
import { confidence } from './confidence.ts'

test('the 95 % interval of a mean by Student’s t', () => {
  // Of 1, 2, 3: standard error 1/√3, t(2) = 4.303.
  const { mean, low, high } = confidence([1, 2, 3])
  expect(mean).toBe(2)
  expect(high - 2).toBeCloseTo(4.303 / Math.sqrt(3), 9)
  expect(2 - low).toBeCloseTo(4.303 / Math.sqrt(3), 9)
})

test('equal values have no spread, and of one value none is known', () => {
  expect(confidence([5, 5, 5, 5])).toEqual({ mean: 5, low: 5, high: 5 })
  expect(confidence([0.25])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 })
})

test('many values use the normal distribution', () => {
  const values = Array.from({ length: 100 }, (_, index) => index % 2)
  const { mean, high } = confidence(values)
  expect(high - mean).toBeCloseTo(1.96 * Math.sqrt(((100 / 99) * 0.25) / 100), 9)
})
