import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aggregateRows, aggregateVectors, reference } from './aggregate.ts'
import type { BeforeSpec, RuleName, RuleSpec } from './rule-names.ts'
import { checkRule, rules } from './rules.ts'

const column = (...values: number[]) => values.map((value) => Float32Array.of(value))
const points = (...rows: number[][]) => rows.map((row) => Float32Array.from(row))

describe('golden values, weighted', () => {
  const corners = points([0, 0], [4, 0], [0, 3], [10, 10])
  const square = points([0, 0], [1, 0], [0, 1], [1, 1], [10, 10])

  test.each<[RuleSpec, Float32Array[], number[], number[]]>([
    [{ rule: 'median', tolerated: 2 }, column(1, 2, 3, 100), [1, 1, 1, 2], [3]],
    [{ rule: 'median', tolerated: 2 }, column(1, 2, 3, 100), [2, 1, 1, 2], [2.5]],
    [{ rule: 'trimmed-mean', tolerated: 1 }, column(0, 1, 2, 3, 10), [1, 1, 1, 1, 1], [2]],
    // F = 1.5 for weights half as great.
    [{ rule: 'trimmed-mean', tolerated: 3 }, column(1, 2, 3, 100), [2, 2, 2, 4], [27]],
    [{ rule: 'trimmed-mean', tolerated: 2 }, column(1, 2, 3, 100), [1, 1, 1, 2], [3]],
    [{ rule: 'geometric-median', tolerated: 1 }, corners, [1, 1, 1, 1], [1.714286, 1.714286]],
    [{ rule: 'geometric-median', tolerated: 2 }, corners, [1, 1, 1, 2], [2.973596, 2.592307]],
    [{ rule: 'geometric-median', tolerated: 2 }, corners, [1, 1, 1, 4], [10, 10]],
    [{ rule: 'mean', tolerated: 1 }, column(1, 4), [3, 1], [1.75]],
    [{ rule: 'krum', tolerated: 1, neighbours: 'n-f-1' }, square, [1, 1, 1, 1, 1], [0, 0]],
    [{ rule: 'centered-clipping', tolerated: 1, radius: 2 }, column(1, 10, -1), [2, 1, 1], [(2 + 2 - 1) / 4]],
    [{ rule: 'quadratic-median', tolerated: 0 }, column(-10, 5, 10), [1, 1, 1], [1]],
    [{ rule: 'quadratic-median', tolerated: 0, resilience: 0.1 }, column(1, 2, 6, 9, 50), [1, 1, 1, 1, 1], [0.5]],
    [{ rule: 'quadratic-median', tolerated: 0, resilience: 1 }, column(1, 2, 6, 9, 50), [1, 1, 1, 1, 1], [2]],
    [{ rule: 'quadratic-median', tolerated: 0, resilience: 10 }, column(1, 2, 6, 9, 50), [1, 1, 1, 1, 1], [6]],
    // Of weight 1/2, as of L half as great.
    [{ rule: 'quadratic-median', tolerated: 0, resilience: 0.05 }, column(1, 2, 6, 9, 50), [1, 1, 1, 1, 1], [0.25]],
    [{ rule: 'quadratic-median', tolerated: 0, resilience: 0.5 }, column(1, 2, 6, 9, 50), [1, 1, 1, 1, 1], [1.5]],
    [{ rule: 'quadratic-median', tolerated: 0, resilience: 5 }, column(1, 2, 6, 9, 50), [1, 1, 1, 1, 1], [5]],
    [{ rule: 'clipped-mean', tolerated: 0, resilience: 1 }, column(1, 2, 6, 9, 50), [1, 1, 1, 1, 1], [1.95]],
    [{ rule: 'clipped-mean', tolerated: 0, resilience: 100 }, column(1, 2, 6, 9, 50), [1, 1, 1, 1, 1], [13.6]],
  ])('%o', (spec, vectors, weights, expected) => {
    for (const run of [aggregateVectors, reference]) {
      for (const [k, value] of run(spec, vectors, { weights }).entries()) expect(value).toBeCloseTo(expected[k]!, 5)
    }
  })

  test('scores of Krum: 4, 4, 4, 4, 524, so that the far one would need a head start', () => {
    const spec: RuleSpec = { rule: 'multi-krum', tolerated: 1, neighbours: 'n-f-1' }
    expect([...aggregateVectors(spec, square, { weights: [1, 1, 1, 1, 1] })]).toEqual([0.5, 0.5])
    // Of weight 2 and F = 2 of 6, the far one is still left out whole, and of what is kept each has its weight.
    expect([...aggregateVectors({ ...spec, tolerated: 2 }, square, { weights: [1, 1, 1, 1, 2] })]).toEqual([0.5, 0.5])
    expect([...aggregateVectors({ ...spec, tolerated: 2 }, square, { weights: [3, 1, 1, 1, 2] })]).toEqual(
      [1 / 3, 1 / 3].map(Math.fround),
    )
  })
})

const countsWeight = (name: RuleName): boolean => (rules.get(name)!.weighted ?? 'refuses') !== 'refuses'
const names = [...rules.keys()] as RuleName[]
const weighted = names.filter(countsWeight)
const heads = names.filter((name) => !countsWeight(name))
const options: Readonly<Record<string, object>> = {
  krum: { neighbours: 'n-f-1' },
  'multi-krum': { neighbours: 'n-f-1' },
  'geometric-median': { tolerance: 0, iterations: 150 },
  'centered-clipping': { radius: 1, iterations: 3 },
  'quadratic-median': { resilience: 0.1 },
  'clipped-mean': { resilience: 0.3 },
}
/** Which give the definition's bits. */
const exact: readonly string[] = ['mean', 'median', 'trimmed-mean', 'quadratic-median', 'clipped-mean']

const specOf = (rule: RuleName, tolerated: number, before: readonly BeforeSpec[] = []): RuleSpec =>
  ({ rule, tolerated, before, ...options[rule] }) as RuleSpec

const cases = fc
  .record({
    weights: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 1, 100, 2 ** 26)), {
      minLength: 1,
      maxLength: 20,
    }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.constantFrom(1, 2, 17, 40),
    seed: fc.integer(),
  })
  .map(({ weights, share, length, seed }) => {
    let state = seed | 0
    const next = () => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      return (state >>> 8) / 2 ** 24
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const tolerated = Math.floor(share * ((total - 1) / 2))
    // Some equal, so that borders of weight fall amid equals.
    const vectors = weights.map(() =>
      Float32Array.from({ length }, () => (next() < 0.2 ? Math.round(4 * next()) : 3 * next() - 1)),
    )
    return { weights, total, tolerated, vectors }
  })

test.each(weighted)('%s is what its definition gives', (rule) => {
  fc.assert(
    fc.property(
      cases,
      fc.constantFrom<readonly BeforeSpec[]>([], [{ clipping: { norm: 1 } }], ['nnm']),
      (given, before) => {
        const { weights, tolerated, vectors } = given
        const spec = specOf(rule, tolerated, before)
        // Mixing makes ties, which rounding breaks one way or the other.
        fc.pre(exact.includes(rule) || (before.length === 0 && vectors[0]!.length > 2))
        const [output, expected] = [aggregateVectors(spec, vectors, { weights }), reference(spec, vectors, { weights })]
        if (before.length === 0 && exact.includes(rule)) expect(output).toEqual(expected)
        for (const [k, value] of expected.entries()) expect(Math.abs(output[k]! - value)).toBeLessThan(1e-4)
      },
    ),
    { numRuns: 150 },
  )
})

test('borders of weight are found among numbers that hardly differ, however many rows and however heavy', () => {
  const near = fc.integer({ min: 0, max: 40 }).map((units) => 1 + units * 2 ** -23)
  const numbers = fc.oneof(near, fc.constantFrom(0, -0, 1e-45, -1e-45, 3.4e38, -3.4e38), fc.float({ noNaN: true }))
  const row = fc.record({ values: fc.array(numbers, { minLength: 18, maxLength: 18 }), weight: fc.nat(2040) })
  const rows = fc.array(row, { minLength: 2, maxLength: 36, size: 'max' })
  fc.assert(
    fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(1, 30), (given, share, times) => {
      const weights = given.map(({ weight }) => 1 + weight * times)
      // The first sixteen columns of some are the same number throughout.
      const isUniform = given[0]!.weight % 4 === 0
      const vectors = given.map(({ values }, i) =>
        Float32Array.from(values, (value, column) =>
          Number.isFinite(value) ? (isUniform && column < 16 && i > 0 ? given[0]!.values[0]! : value) : 0,
        ),
      )
      const tolerated = Math.floor((share * (weights.reduce((sum, weight) => sum + weight, 0) - 1)) / 2)
      for (const rule of ['median', 'trimmed-mean'] as const)
        expect(aggregateVectors({ rule, tolerated }, vectors, { weights })).toEqual(
          reference({ rule, tolerated }, vectors, { weights }),
        )
    }),
    { numRuns: 300 },
  )
})

test.each(weighted.filter((name) => rules.get(name)!.weighted === 'in proportion'))(
  '%s: weights that are equal are none, bit by bit',
  (rule) => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 1e6 }), fc.nat(3), ({ vectors }, weight, f) => {
        fc.pre(vectors.length > 2 * f)
        const weights = vectors.map(() => weight)
        const heavy = aggregateVectors(specOf(rule, f * weight + (weight - 1)), vectors, { weights })
        expect(heavy).toEqual(aggregateVectors(specOf(rule, f), vectors))
      }),
      { numRuns: 40 },
    )
  },
)

test.each(weighted)('%s: weights of 1 are none, bit by bit', (rule) => {
  fc.assert(
    fc.property(cases, ({ vectors }) => {
      const weights = vectors.map(() => 1)
      expect(aggregateVectors(specOf(rule, 0), vectors, { weights })).toEqual(
        aggregateVectors(specOf(rule, 0), vectors),
      )
    }),
    { numRuns: 20 },
  )
})

test.each(weighted)('%s: an update of weight 2 is two updates of weight 1', (rule) => {
  // Krum counts no distance to a row itself, and centered clipping and the rest see none.
  if (['krum', 'multi-krum'].includes(rule)) return
  fc.assert(
    fc.property(cases, ({ vectors }) => {
      fc.pre(vectors.length > 1 && (rule !== 'geometric-median' || vectors[0]!.length > 2))
      const weights = vectors.map((_, i) => (i === 0 ? 2 : 1))
      const tolerated = Math.floor(vectors.length / 2)
      const heavy = aggregateVectors(specOf(rule, tolerated), vectors, { weights })
      const twice = aggregateVectors(specOf(rule, tolerated), [vectors[0]!, ...vectors])
      for (const [k, value] of twice.entries()) expect(Math.abs(heavy[k]! - value)).toBeLessThan(1e-4)
    }),
    { numRuns: 60 },
  )
})

describe.each(['quadratic-median', 'clipped-mean'] as const)('%s', (rule) => {
  test('one voter more, of weight w and anywhere, moves it by at most L w; none leave it at 0', () => {
    const value = fc.oneof(fc.float({ noNaN: true, min: -5, max: 5 }), fc.constantFrom(3e38, -3e38, 0, 1e-45))
    const voter = fc.record({ value, weight: fc.integer({ min: 1, max: 7 }) })
    fc.assert(
      fc.property(
        fc.array(voter, { maxLength: 12 }),
        voter,
        fc.constantFrom(0.01, 0.5, 4),
        (voters, more, resilience) => {
          const of = (all: readonly { value: number; weight: number }[]): number =>
            all.length === 0
              ? 0
              : aggregateVectors({ rule, tolerated: 0, resilience }, column(...all.map((each) => each.value)), {
                  weights: all.map(({ weight }) => weight),
                })[0]!
          const before = of(voters)
          const moved = Math.abs(of([...voters, more]) - before)
          // Twice a half of a unit in the last place of float32.
          expect(moved).toBeLessThanOrEqual(
            resilience * more.weight + 2 ** -23 * (Math.abs(before) + resilience * more.weight),
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  test('of rows it moves what one voter speaks about, by at most what its weight allows', () => {
    const said = (row: number, value: number) => ({ rows: Uint32Array.of(row), values: Float32Array.of(value) })
    const spec: RuleSpec = { rule, tolerated: 1, resilience: 0.25 }
    const { rows, values } = aggregateRows(spec, [said(3, 1e30), said(5, -1e30), said(5, 7)], 1, { weights: [1, 2, 1] })
    expect([...rows]).toEqual([3, 5])
    expect(values[0]).toBeLessThanOrEqual(0.25)
    expect(values[0]).toBeGreaterThan(0)
    expect(Math.abs(values[1]!)).toBeLessThanOrEqual(0.75)
  })
})

describe('refused', () => {
  const vectors = column(1, 2, 3, 4, 5, 6, 7)

  test.each(heads)('weights that differ, by %s', (rule) => {
    const error = expect.objectContaining({
      code: 'weights-refused',
      message: expect.stringContaining(`Rule "${rule}" counts updates`),
    })
    const context = { weights: [1, 2, 1, 1, 1, 1, 1], root: Float32Array.of(1) }
    for (const run of [aggregateVectors, reference])
      expect(() => run({ rule, tolerated: 1 }, vectors, context)).toThrow(error)
    expect(() => checkRule({ rule, tolerated: 1 }, 8, 2)).toThrow(error)
    // What are equal are no weights.
    expect(() =>
      aggregateVectors({ rule, tolerated: 3 }, vectors, { ...context, weights: vectors.map(() => 3) }),
    ).not.toThrow()
  })

  test.each(['arc', 'bucketing'] as const)('and by %s before a rule that takes them', (before) => {
    const spec: RuleSpec = { rule: 'median', tolerated: 1, before: [before] }
    expect(() => aggregateVectors(spec, vectors, { weights: [1, 2, 1, 1, 1, 1, 1] })).toThrow(`Rule "${before}" counts`)
  })

  test.each([
    [[1, 2, 1, 1, 1, 1]],
    [[1, 2, 1, 1, 1, 1, 0]],
    [[1, 2, 1, 1, 1, 1, -1]],
    [[1, 2, 1, 1, 1, 1, 1.5]],
    [[1, 2, 1, 1, 1, 1, Number.NaN]],
    [[1, 2, 1, 1, 1, 1, 2 ** 31]],
  ])('weights %j for 7 updates', (weights) => {
    expect(() => aggregateVectors({ rule: 'mean', tolerated: 0 }, vectors, { weights })).toThrow(
      expect.objectContaining({ code: 'bad-weights', message: expect.stringContaining('7 integers from 1') }),
    )
  })

  test('more weight of liars than a rule takes', () => {
    const weights = [1, 1, 1, 4, 1, 1, 1]
    const unmet = expect.objectContaining({ code: 'requirement-unmet' })
    const attempt =
      (rule: RuleName, tolerated: number, more = {}) =>
      () =>
        aggregateVectors({ rule, tolerated, ...more } as RuleSpec, vectors, { weights })
    expect(attempt('median', 5)).toThrow(unmet)
    expect(attempt('median', 4)).not.toThrow()
    // W = 10, and the heaviest has 4: more than 2F + 8 is needed.
    expect(attempt('krum', 1)).toThrow('n = 10, f = 1 in weight, of which one has 4')
    expect(attempt('krum', 0)).not.toThrow()
    expect(attempt('krum', 4, { neighbours: 'n-f-1' })).not.toThrow()
  })

  test('an update that is not finite takes its weight out, and more of it than F is an error', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const rule of weighted) {
        const hostile = column(bad, 2, 2, 2, 2)
        const spec = specOf(rule, 2)
        const weights = [2, 1, 1, 1, 3]
        const alone = aggregateVectors(specOf(rule, 0), hostile.slice(1), { weights: weights.slice(1) })
        for (const run of [aggregateVectors, reference])
          expect(run(spec, hostile, { weights })[0]).toBeCloseTo(alone[0]!, 6)
        expect(() => aggregateVectors({ ...spec, tolerated: 1 }, hostile, { weights })).toThrow('2 of 8 in weight')
      }
    }
  })
})

test('masks with weights: a row is taken among those who speak, as they weigh, and 2F of them do not move it', () => {
  const said = (...rows: number[]) => ({
    rows: Uint32Array.from(rows),
    values: Float32Array.from(rows, (row) => row + 1),
  })
  const updates = [said(1, 2), said(1), said(1, 2), said(2)]
  const weights = [1, 2, 2, 3]
  const { rows, values } = aggregateRows({ rule: 'median', tolerated: 2 }, updates, 1, { weights })
  expect([...rows]).toEqual([1, 2])
  // 1 + 2 + 2 and 1 + 2 + 3 speak; with F = 3 the second is no more than 2F, and neither moves.
  expect([...values]).toEqual([2, 3])
  expect([...aggregateRows({ rule: 'median', tolerated: 3 }, updates, 1, { weights }).values]).toEqual([0, 0])
})

describe('liars, however many heads', () => {
  // Three honest peers of weight 67: W = 201 + F, F = 100, and W > 3F.
  const honest = [1, 2, 3]
  const outputs = (heads: number, weight: number, rule: RuleSpec): number =>
    aggregateVectors(rule, column(...honest, ...Array<number>(heads).fill(1e6)), {
      weights: [67, 67, 67, ...Array<number>(heads).fill(weight)],
    })[0]!

  test.each<RuleSpec>([
    { rule: 'median', tolerated: 100 },
    { rule: 'trimmed-mean', tolerated: 100 },
    { rule: 'krum', tolerated: 100, neighbours: 'n-f-1' },
    { rule: 'multi-krum', tolerated: 100, neighbours: 'n-f-1' },
  ])('of weight F leave $rule among the honest: one, two, a hundred', (rule) => {
    for (const [heads, weight] of [
      [1, 100],
      [2, 50],
      [100, 1],
    ] as const) {
      expect(outputs(heads, weight, rule)).toBeGreaterThanOrEqual(1)
      expect(outputs(heads, weight, rule)).toBeLessThanOrEqual(3)
    }
  })

  test('of weight F + 1 own a part of the trimmed mean: one head alone', () => {
    expect(outputs(1, 101, { rule: 'trimmed-mean', tolerated: 100 })).toBeGreaterThan(1000)
    expect(outputs(101, 1, { rule: 'trimmed-mean', tolerated: 100 })).toBeGreaterThan(1000)
  })

  test('a hundred heads of weight F own every rule that counts heads', () => {
    const heads = column(...honest, ...Array<number>(100).fill(1e6))
    for (const rule of ['median', 'trimmed-mean'] as const)
      expect(aggregateVectors({ rule, tolerated: 34 }, heads)[0]).toBeGreaterThan(1000)
  })
})
