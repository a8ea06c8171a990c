import { describe, expect, test } from 'vitest'
import { aggregateVectors } from './aggregate.ts'
import { aggregateHoles, faultOfSkip } from './aggregate-holes.ts'
import type { Arrived } from './holes/fills.ts'

const whole = (...values: number[]): Arrived => ({
  vector: Float32Array.from(values),
  present: new Uint8Array(values.length).fill(1),
})
/** NaN is a hole. */
const holed = (...values: number[]): Arrived => ({
  vector: Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : value)),
  present: Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1)),
})
const mean = { rule: 'mean', tolerated: 0 } as const
const skip = { fill: 'skip', size: 1 } as const

describe('skip', () => {
  test('averages over who is present: (1, –, 3), (3, 4, –) → 2, 4, 3', () => {
    expect([...aggregateHoles(mean, [holed(1, Number.NaN, 3), holed(3, 4, Number.NaN)], skip)]).toEqual([2, 4, 3])
  })

  test('moves nothing where nobody is, or too few for the f of the rule', () => {
    const median = { rule: 'median', tolerated: 1 } as const
    const updates = [holed(1, Number.NaN, 1), holed(2, Number.NaN, Number.NaN), holed(9, 5, 9)]
    expect([...aggregateHoles(median, updates, skip)]).toEqual([2, 0, 0])
    expect([...aggregateHoles({ ...median, tolerated: 0 }, updates, skip)]).toEqual([2, 5, 5])
  })

  test('of chunks of which the last is shorter', () => {
    const [one, other] = [
      { vector: Float32Array.of(1, 2, 3, 4, 0), present: Uint8Array.of(1, 1, 0) },
      { vector: Float32Array.of(3, 4, 0, 0, 5), present: Uint8Array.of(1, 0, 1) },
    ]
    expect([...aggregateHoles(mean, [one, other], { fill: 'skip', size: 2 })]).toEqual([2, 3, 3, 4, 5])
  })

  test('is refused by rules that compare whole updates, also before another, with a remedy', () => {
    const updates = [1, 2, 3, 4].map((value) => whole(value, value))
    expect(() => aggregateHoles({ rule: 'krum', tolerated: 0 }, updates, skip)).toThrow(
      /"krum" compares whole updates: take/,
    )
    expect(faultOfSkip({ rule: 'median', tolerated: 0, before: ['nnm'] }, 'skip')).toMatch('"nnm" compares')
    expect(faultOfSkip({ rule: 'median', tolerated: 0, before: [{ clipping: { norm: 1 } }] }, 'skip')).toBeUndefined()
    expect(faultOfSkip({ rule: 'krum', tolerated: 0 }, 'scale')).toBeUndefined()
  })
})

test('drop takes those that are whole, and nothing moves when they are too few', () => {
  const updates = [whole(1, 1), holed(Number.NaN, 100), whole(3, 5), holed(7, Number.NaN)]
  const drop = { fill: 'drop', size: 1 } as const
  expect([...aggregateHoles(mean, updates, drop)]).toEqual([2, 3])
  expect([...aggregateHoles({ rule: 'median', tolerated: 1 }, updates, drop)]).toEqual([0, 0])
  expect([...aggregateHoles(mean, [holed(1, Number.NaN)], drop)]).toEqual([0, 0])
  const weighted = { weights: [3, 9, 1, 9] }
  expect([...aggregateHoles(mean, updates, drop, weighted)]).toEqual([1.5, 2])
})

test('without holes every fill has the bits of the rule', () => {
  const vectors = [1, 2, 3, 4, 9].map((value) => Float32Array.of(value / 3, -value, value ** 2))
  const updates = vectors.map((vector) => ({ vector, present: Uint8Array.of(1, 1) }))
  for (const rule of ['median', 'trimmed-mean', 'mean'] as const)
    for (const fill of ['zero', 'scale', 'last', 'skip', 'garbage', 'normal', 'drop'] as const)
      expect(aggregateHoles({ rule, tolerated: 1 }, updates, { fill, size: 2 })).toEqual(
        aggregateVectors({ rule, tolerated: 1 }, vectors),
      )
})

test('last goes on from what each author had before', () => {
  const updates = [holed(1, Number.NaN), holed(Number.NaN, 4)]
  const last = [Float32Array.of(5, 6), undefined]
  expect([...aggregateHoles(mean, updates, { fill: 'last', size: 1 }, { last })]).toEqual([0.5, 5])
})

describe('garbage', () => {
  const honest = Array.from({ length: 9 }, (_, i) => Float32Array.of(1 + i / 100, 1 - i / 100, 1, 1))
  const lost = (count: number): Arrived[] =>
    honest.map((vector, i) => ({ vector, present: Uint8Array.of(i < count ? 0 : 1, 1) }))
  test('of at most f updates costs a robust rule nothing, and of all of them everything', () => {
    for (const rule of ['median', 'krum', 'multi-krum'] as const) {
      const spec = { rule, tolerated: 3 }
      for (let draw = 0; draw < 50; draw++) {
        const few = aggregateHoles(spec, lost(3), { fill: 'garbage', size: 2 }, { draw })
        expect(few.every((value) => Math.abs(value - 1) < 0.1)).toBe(true)
      }
      const all = Array.from({ length: 50 }, (_, draw) =>
        aggregateHoles(spec, lost(9), { fill: 'garbage', size: 2 }, { draw }),
      )
      expect(all.some((result) => result.some((value) => Math.abs(value) > 1e6))).toBe(true)
    }
    const broken = Array.from({ length: 50 }, (_, draw) =>
      aggregateHoles(mean, lost(1), { fill: 'garbage', size: 2 }, { draw }),
    )
    expect(broken.some((result) => result.some((value) => Math.abs(value) > 1e6))).toBe(true)
  })
})

test('krum never picks one of f rows that hold a NaN, and more of them are an error', () => {
  const rows = Array.from({ length: 7 }, (_, i) => Float32Array.of(i / 10, 1, 2))
  const spoilt = (count: number): Float32Array[] =>
    rows.map((row, i) => (i < count ? Float32Array.of(row[0]!, Number.NaN, 2) : row))
  const spec = { rule: 'krum', tolerated: 2 } as const
  expect(aggregateVectors(spec, spoilt(2))[0]).toBeGreaterThan(0.15)
  expect(aggregateVectors(spec, spoilt(2)).every(Number.isFinite)).toBe(true)
  expect(() => aggregateVectors(spec, spoilt(3))).toThrow(/3 of 7 updates have NaN/)
})
