import { expect, test } from 'vitest'
import { inverseNormal } from './inverse-normal.ts'

// From tables of higher precision.
test.each([
  [0.5, 0],
  [0.975, 1.959963984540054],
  [0.999, 3.090232306167813],
  [1e-10, -6.361340902404056],
  [0.02, -2.053748910631823],
  [0.1, -1.2815515655446004],
  [0.25, -0.6744897501960817],
])('Φ⁻¹(%d) = %d to nine digits', (p, expected) => {
  expect(Math.abs(inverseNormal(p) - expected)).toBeLessThanOrEqual(1.15e-9 * Math.abs(expected))
})

test('is odd about one half, grows, and knows its ends', () => {
  let last = Number.NEGATIVE_INFINITY
  for (let p = 0.001; p < 1; p += 0.001) {
    const z = inverseNormal(p)
    expect(z).toBeGreaterThan(last)
    expect(z).toBeCloseTo(-inverseNormal(1 - p), 8)
    last = z
  }
  expect(inverseNormal(0)).toBe(Number.NEGATIVE_INFINITY)
  expect(inverseNormal(1)).toBe(Number.POSITIVE_INFINITY)
  expect(inverseNormal(1.1)).toBeNaN()
})
