import { expect, test } from 'vitest'
import { measureMemory, specOf } from './measure-memory.ts'

test.each([
  ['median', 32, 2 ** 18],
  ['krum', 32, 2 ** 18],
  ['bulyan', 32, 2 ** 18],
  ['nnm+trimmed-mean', 32, 2 ** 18],
  ['mean', 1, 10 ** 7],
  ['geometric-median', 3, 10 ** 7],
  ['krum', 1000, 1],
])(
  '%s of %i vectors of length %i takes at most twice its input',
  (name, rows, length) => {
    const { met, inputBytes, peakBytes } = measureMemory(name, { rows, length })
    expect(met).toBe(true)
    // The rows themselves are part of it: a measure that saw nothing would find little, too.
    expect(peakBytes).toBeGreaterThan(0.9 * inputBytes)
  },
  60_000,
)

test('as many liars as a rule allows', () => {
  expect(specOf('krum', 32).tolerated).toBe(10)
  expect(specOf('bulyan', 43).tolerated).toBe(10)
  expect(specOf('nnm+median', 1)).toEqual({ rule: 'median', tolerated: 0, before: ['nnm'] })
})
