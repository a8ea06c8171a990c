import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dirichlet, normal, stream } from './random.ts'

const take = (seed: number | string, ...names: (number | string)[]) => {
  const random = stream(seed, ...names)
  return Array.from({ length: 8 }, () => random.integer(1_000_000))
}

test('a stream depends on the seed and every name, and on where names end', () => {
  expect(take(1, 'batches', 2, 3)).toEqual(take('1', 'batches', '2', '3'))
  const others = [take(2, 'batches', 2, 3), take(1, 'model', 2, 3), take(1, 'batches', 23), take(1, 'batches', 3, 2)]
  for (const other of others) expect(other).not.toEqual(take(1, 'batches', 2, 3))
})

test('streams are the same on every machine', () => {
  expect(take(1, 'golden')).toEqual([562_071, 627_925, 384_843, 883_474, 370_164, 213_507, 142_925, 79_738])
})

test('uniform, integer and normal have the moments of their distributions', () => {
  const random = stream(1, 'moments')
  const mean = (draw: () => number) => Array.from({ length: 20_000 }, draw).reduce((sum, value) => sum + value) / 20_000
  expect(mean(() => random.uniform())).toBeCloseTo(0.5, 1)
  expect(mean(() => random.between(-3, 1))).toBeCloseTo(-1, 1)
  expect(mean(() => random.integer(5))).toBeCloseTo(2, 1)
  expect(mean(() => normal(random))).toBeCloseTo(0, 1)
  expect(mean(() => normal(random) ** 2)).toBeCloseTo(1, 1)
})

test('dirichlet gives proportions for any alpha', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 40 }), (alpha, length) => {
      const proportions = dirichlet(alpha, length, stream(7, 'dirichlet'))
      expect(proportions).toHaveLength(length)
      for (const proportion of proportions) expect(proportion).toBeGreaterThanOrEqual(0)
      expect(proportions.reduce((sum, value) => sum + value)).toBeCloseTo(1, 9)
    }),
  )
})

test('dirichlet is skewed for small alpha and even for large', () => {
  const largest = (alpha: number) => {
    const random = stream(1, 'skew', alpha)
    return Array.from({ length: 50 }, () => Math.max(...dirichlet(alpha, 10, random))).reduce((a, b) => a + b) / 50
  }
  expect(largest(0.05)).toBeGreaterThan(0.7)
  expect(largest(1_000)).toBeLessThan(0.12)
})
