import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agreedScale, scaleInputs } from './scale.ts'

test('a column that is always the same becomes 0, whatever it is, and is divided by 1', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 1, max: 40 }), (value, count) => {
      const parts = { train: new Float32Array(count).fill(value), test: Float32Array.of(value) }
      const scaling = scaleInputs('standard', parts, 1)
      expect([...parts.train, ...parts.test].every((each) => each === 0)).toBe(true)
      expect(scaling!.deviation[0]).toBe(1)
    }),
  )
})

test('mean 0 and deviation 1 of the training part; the same numbers for others give the same bits', () => {
  const train = Float32Array.of(1, 100, 2, 300, 6, 200)
  const test = Float32Array.of(4, 0)
  const parts = { train: train.slice(), test: test.slice() }
  const scaling = scaleInputs('standard', parts, 2)
  expect([...scaling!.mean]).toEqual([3, 200])
  expect(scaling!.deviation[0]).toBeCloseTo(Math.sqrt(14 / 3), 12)
  expect(parts.test[0]).toBe(Math.fround(1 / scaling!.deviation[0]!))
  const again = { train: train.slice(), test: test.slice() }
  scaleInputs(agreedScale('standard', scaling), again, 2)
  expect(again).toEqual(parts)
})

test('pixels are scaled as the task pictures does', () => {
  const train = Float32Array.from({ length: 256 }, (_, pixel) => pixel)
  scaleInputs('pixels', { train, test: new Float32Array(0) }, 1)
  expect(train).toEqual(Float32Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - 0.13) / 0.3))
})

test('a scale that makes infinite numbers is refused', () => {
  const parts = { train: Float32Array.of(1, 2), test: Float32Array.of(3) }
  expect(() => scaleInputs({ shift: 0, factor: 1e300 }, parts, 1)).toThrow(/scale makes numbers that are too large/)
})
