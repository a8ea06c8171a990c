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

test.each([
  [32, 2.0395],
  [100, 1.9842],
  [1000, 1.9623],
])('of %i values too: with few more than the table has, the normal distribution is too sure', (count, t) => {
  const values = Array.from({ length: count }, (_, index) => index % 2)
  const { mean, high } = confidence(values)
  expect((high - mean) / Math.sqrt(0.25 / (count - 1))).toBeCloseTo(t, 3)
})
