import { describe, expect, test } from 'vitest'
import { aggregateVectors, reference } from '../aggregate.ts'
import { Random } from './random.ts'
import { topEigenpair } from './top-eigenpair.ts'

/** Two liars in front of honest zeros, so that the rows about their mean are orthogonal to numbers that were drawn by n. */
function orthogonal(n: number): number[] {
  const random = new Random(n)
  const start = Array.from({ length: n }, () => random.below(2 ** 20) - 2 ** 19 + 0.5)
  const sum = start.reduce((total, value) => total + value, 0)
  const [first, second] = [2 * (n * start[0]! - sum), 2 * (n * start[1]! - sum)]
  const divisor = greatestDivisor(first, second)
  return [second / divisor, -first / divisor, ...new Array<number>(n - 2).fill(0)]
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : greatestDivisor(b, a % b)
}

describe('the top eigenpair', () => {
  test.each([7, 10, 13])('is found whatever rows liars choose, n = %i', (n) => {
    const numbers = orthogonal(n)
    for (const scale of [1, 64]) {
      const vectors = numbers.map((value, i) =>
        Float32Array.from(
          { length: 20 },
          (_, column) => scale * value + (i < 2 ? 0 : 1e-3 * ((i * 7 + column * 3) % 11)),
        ),
      )
      for (const rule of ['caf', 'dnc'] as const) {
        for (const rows of [vectors, numbers.map((value) => Float32Array.of(scale * value))]) {
          const spec = { rule, tolerated: 2 }
          const [output, expected] = [aggregateVectors(spec, rows)[0]!, reference(spec, rows)[0]!]
          expect(Math.abs(output - expected)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected)))
        }
      }
    }
  })

  test('is that of matrices of one direction, of any size', () => {
    for (let n = 1; n <= 40; n++) {
      const along = Float64Array.from({ length: n }, (_, i) => ((i * 7919) % 31) - 15.5)
      const squared = along.reduce((sum, value) => sum + value * value, 0)
      for (const scale of [1e-80, 1, 1e80]) {
        const matrix = Float64Array.from({ length: n * n }, (_, k) => scale * along[Math.floor(k / n)]! * along[k % n]!)
        const { value, vector } = topEigenpair(matrix, n)
        expect(Math.abs(value / (scale * squared) - 1)).toBeLessThan(1e-12)
        const cosine = vector.reduce((sum, each, i) => sum + each * along[i]!, 0) / Math.sqrt(squared)
        expect(Math.abs(Math.abs(cosine) - 1)).toBeLessThan(1e-12)
      }
    }
  })
})
