import { namedStream } from '@hearsay/catalogue/random'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Assembly, chunkCount, chunkSpan } from './chunks.ts'
import { type Fill, filled } from './fills.ts'
import { arriving } from './loss.ts'

const chunks = { length: 7, size: 3 }
const vector = Float32Array.of(1, 2, 3, 4, 5, 6, 7)

describe('an assembly', () => {
  const taking = (...arriving: number[]): Assembly => {
    const assembly = new Assembly(chunks)
    for (const chunk of arriving) assembly.put(chunk, vector.subarray(...chunkSpan(chunks, chunk)))
    return assembly
  }
  test.each([
    ['out of order', [2, 0, 1], [1, 2, 3, 4, 5, 6, 7], [1, 1, 1]],
    ['the first lost', [1, 2], [0, 0, 0, 4, 5, 6, 7], [0, 1, 1]],
    ['the middle lost, another twice', [2, 2, 0], [1, 2, 3, 0, 0, 0, 7], [1, 0, 1]],
    ['the last lost', [0, 1], [1, 2, 3, 4, 5, 6, 0], [1, 1, 0]],
    ['none', [], [0, 0, 0, 0, 0, 0, 0], [0, 0, 0]],
  ])('has its hole where the loss was: %s', (_, order, values, present) => {
    const assembly = taking(...order)
    expect([[...assembly.vector], [...assembly.present]]).toEqual([values, present])
  })

  test('takes no chunk of another length, none that is not there, and the first of two', () => {
    const assembly = taking(0)
    expect(assembly.put(2, Float32Array.of(1, 2, 3))).toBe(false)
    expect(assembly.put(3, Float32Array.of(1))).toBe(false)
    expect(assembly.put(-1, Float32Array.of(1))).toBe(false)
    expect(assembly.put(0, Float32Array.of(9, 9, 9))).toBe(false)
    expect([...assembly.vector]).toEqual([1, 2, 3, 0, 0, 0, 0])
  })

  test('of any order has each chunk once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), (length, size) => {
        const spans = Array.from({ length: chunkCount({ length, size }) }, (_, chunk) =>
          chunkSpan({ length, size }, chunk),
        )
        expect(spans.flatMap(([start, end]) => Array.from({ length: end - start }, (_, i) => start + i))).toEqual(
          Array.from({ length }, (_, i) => i),
        )
      }),
    )
  })
})

const hole = { vector: Float32Array.of(1, 2, 3, 0, 0, 0, 7), present: Uint8Array.of(1, 0, 1) }

describe('a hole is filled', () => {
  const last = Float32Array.of(10, 20, 30, 40, 50, 60, 70)
  test.each<[Parameters<typeof filled>[1]['fill'], number[]]>([
    ['zero', [1, 2, 3, 0, 0, 0, 7]],
    ['scale', [1.5, 3, 4.5, 0, 0, 0, 10.5]],
    ['last', [1, 2, 3, 40, 50, 60, 7]],
  ])('by %s', (fill, expected) => {
    expect([...filled(hole, { chunks, fill, last })]).toEqual(expected)
  })

  test('by last with zeros the first time, and by scale with zeros where nothing arrived', () => {
    expect([...filled(hole, { chunks, fill: 'last' })]).toEqual([...hole.vector])
    const nothing = { vector: new Float32Array(7), present: new Uint8Array(3) }
    expect([...filled(nothing, { chunks, fill: 'scale' })]).toEqual([0, 0, 0, 0, 0, 0, 0])
  })

  test.each<Exclude<Fill, 'skip' | 'drop'>>(['garbage', 'normal'])(
    'by %s only where it is, by the draw, finite',
    (fill) => {
      const [one, again, other] = [1, 1, 2].map((draw) => filled(hole, { chunks, fill, draw }))
      expect(again).toEqual(one)
      expect(other).not.toEqual(one)
      expect([...one!.subarray(0, 3), one![6]]).toEqual([1, 2, 3, 7])
      const many = filled(
        { vector: new Float32Array(20_000), present: new Uint8Array(1) },
        { chunks: { length: 20_000, size: 20_000 }, fill, draw: 3 },
      )
      expect(many.every(Number.isFinite)).toBe(true)
      if (fill === 'garbage') expect(many.some((value) => Math.abs(value) > 1e30)).toBe(true)
      else {
        const mean = many.reduce((sum, value) => sum + value, 0) / many.length
        const variance = many.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many.length
        expect(Math.abs(mean)).toBeLessThan(3 / Math.sqrt(many.length))
        expect(Math.abs(variance - 1)).toBeLessThan(0.05)
      }
    },
  )

  test('of a whole update by nothing', () => {
    for (const fill of ['zero', 'scale', 'last', 'garbage', 'normal'] as const)
      expect(filled({ vector, present: Uint8Array.of(1, 1, 1) }, { chunks, fill, last, draw: 1 })).toEqual(vector)
  })
})

test('loss follows from its draws alone, at its rate', () => {
  const draw = (...names: (string | number)[]) => arriving(0.1, 10_000, namedStream('loss', ...names).uniform)
  expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3))
  expect(draw(1, 2, 3)).not.toEqual(draw(1, 2, 4))
  expect(draw(1, '2')).not.toEqual(draw(1, 2))
  const arrived = draw(7).reduce((sum, each) => sum + each, 0)
  expect(Math.abs(arrived - 9_000)).toBeLessThan(3 * Math.sqrt(900))
  expect([...arriving(0, 3, () => 0.5), ...arriving(1, 3, () => 0.5)]).toEqual([1, 1, 1, 0, 0, 0])
})

test('of 109 chunks, as many as AggregaThor sends of its model, all arrive in a third of the updates at 1 %, and of none at 10 %', () => {
  const draws = 4000
  const whole = (rate: number): number => {
    let count = 0
    for (let draw = 0; draw < draws; draw++)
      if (arriving(rate, 109, namedStream('loss', 'whole', draw).uniform).every((each) => each === 1)) count++
    return count / draws
  }
  const share = 0.99 ** 109
  expect(share).toBeCloseTo(0.334, 3)
  expect(Math.abs(whole(0.01) - share)).toBeLessThan(3 * Math.sqrt((share * (1 - share)) / draws))
  expect(whole(0.1)).toBe(0)
  expect(0.9 ** 109).toBeCloseTo(1e-5, 6)
})

test('scale is unbiased: over 10⁴ draws the mean of every coordinate is that of what was sent', () => {
  const values = Float32Array.of(1, -2, 3, 0.5, -0.25, 8)
  const of = { length: 6, size: 1 }
  const sums = { scale: new Float64Array(6), zero: new Float64Array(6) }
  const squares = new Float64Array(6)
  const draws = 10_000
  for (let draw = 0; draw < draws; draw++) {
    const present = arriving(0.3, 6, namedStream('loss', 'unbiased', draw).uniform)
    for (const fill of ['scale', 'zero'] as const) {
      for (const [i, value] of filled({ vector: values, present }, { chunks: of, fill }).entries()) {
        sums[fill][i]! += value / draws
        if (fill === 'scale') squares[i]! += value ** 2 / draws
      }
    }
  }
  for (const [i, value] of values.entries()) {
    const error = Math.sqrt((squares[i]! - sums.scale[i]! ** 2) / draws)
    expect(Math.abs(sums.scale[i]! - value)).toBeLessThan(3 * error + 0.002 * Math.abs(value))
    expect(Math.abs(sums.zero[i]! - value)).toBeGreaterThan(0.25 * Math.abs(value))
  }
})
