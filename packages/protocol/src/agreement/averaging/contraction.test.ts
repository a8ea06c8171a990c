import { aggregateVectors } from '@hearsay/aggregation'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contractionOf } from './contraction.ts'
import type { AveragingMethod, AveragingMode } from './settings.ts'

const every: readonly (readonly [AveragingMethod, AveragingMode, string, number])[] = [
  ['rb-tm', 'asynchronous', 'f/(n − 2f)', 3],
  ['trimmed-mean', 'synchronous', 'f/(n − 2f)', 3],
  ['trimmed-mean', 'asynchronous', '2f/(n − 3f)', 5],
  ['mda', 'synchronous', '3f/(n − f)', 4],
  ['mda', 'asynchronous', '4f/(n − 2f)', 6],
  ['nna', 'synchronous', '4f/(n − f)', 5],
  ['nna', 'asynchronous', '5f/(n − 2f)', 7],
]

describe.each(every)('%s, %s', (method, mode, formula, least) => {
  it(`comes closer by ${formula}, from n = ${least}f + 1 on and not before`, () => {
    expect(contractionOf({ method, mode }, 100, 3)).toMatchObject({ formula, least })
    for (const f of [1, 2, 5]) {
      expect(contractionOf({ method, mode }, least * f + 1, f).ratio).toBeLessThan(1)
      expect(contractionOf({ method, mode }, least * f, f).ratio).toBeGreaterThanOrEqual(1)
    }
    expect(contractionOf({ method, mode }, 4, 0).ratio).toBe(0)
  })
})

/** The largest difference of trimmed means of two peers by the largest between honest numbers. */
function ratio(honest: readonly number[], a: readonly number[], b: readonly number[], tolerated: number): number {
  const [one, other] = [a, b].map((numbers) => {
    const vectors = numbers.map((number) => Float32Array.of(number))
    return aggregateVectors({ rule: 'trimmed-mean', tolerated }, vectors)[0]!
  })
  const diameter = Math.max(...honest) - Math.min(...honest)
  return diameter === 0 ? 0 : Math.abs(one! - other!) / diameter
}

describe('trimmed means', () => {
  const numbers = (count: number) =>
    fc.array(fc.integer({ min: -100, max: 100 }), { minLength: count, maxLength: count })

  it('synchronous: liars that tell two peers different things move them apart by no more than the formula', () => {
    const swarm = fc
      .integer({ min: 1, max: 3 })
      .chain((f) =>
        fc
          .integer({ min: 3 * f + 1, max: 3 * f + 4 })
          .chain((n) => fc.tuple(fc.constant({ n, f }), numbers(n - f), numbers(f), numbers(f))),
      )
    fc.assert(
      fc.property(swarm, ([{ n, f }, honest, toA, toB]) => {
        const bound = contractionOf({ method: 'trimmed-mean', mode: 'synchronous' }, n, f).ratio
        expect(ratio(honest, [...honest, ...toA], [...honest, ...toB], f)).toBeLessThanOrEqual(bound + 1e-6)
      }),
    )
  })

  it('asynchronous: so do f lies and f honest numbers that each hears without the other', () => {
    const swarm = fc
      .integer({ min: 1, max: 2 })
      .chain((f) =>
        fc
          .integer({ min: 5 * f + 1, max: 5 * f + 3 })
          .chain((n) => fc.tuple(fc.constant({ n, f }), numbers(n - f), numbers(f), numbers(f))),
      )
    fc.assert(
      fc.property(swarm, ([{ n, f }, honest, toA, toB]) => {
        const bound = contractionOf({ method: 'trimmed-mean', mode: 'asynchronous' }, n, f).ratio
        const a = [...honest.slice(f), ...toA]
        const b = [...honest.slice(0, -f), ...toB]
        expect(ratio(honest, a, b, f)).toBeLessThanOrEqual(bound + 1e-6)
      }),
    )
  })

  it('with one peer less, two honest ones stay as far apart as they were', () => {
    // n = 3f, synchronous: {0, 1} and a lie that agrees with each.
    expect(ratio([0, 1], [0, 1, 0], [0, 1, 1], 1)).toBe(1)
    // n = 5f, asynchronous: of {0, 0, 1, 1} either misses one.
    expect(ratio([0, 0, 1, 1], [0, 0, 1, 0], [0, 1, 1, 1], 1)).toBe(1)
  })
})
