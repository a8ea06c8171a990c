import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aggregateRows, aggregateVectors } from './aggregate.ts'
import type { RuleSpec } from './rule-names.ts'
import { rules } from './rules.ts'
import type { SparseUpdate } from './sparse.ts'

const width = 3

function updateOf(rows: Readonly<Record<number, readonly number[]>>): SparseUpdate {
  const given = Object.entries(rows).sort(([a], [b]) => Number(a) - Number(b))
  return {
    rows: Uint32Array.from(given, ([row]) => Number(row)),
    values: Float32Array.from(given.flatMap(([, values]) => values)),
  }
}

/** Updates that each speak about some of a few rows far apart, or about none. */
const speaking = fc
  .array(
    fc.dictionary(
      fc.constantFrom('0', '1', '4095', '4096', '4294967295'),
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: width, maxLength: width }),
    ),
    {
      minLength: 1,
      maxLength: 9,
    },
  )
  .map((all) => all.map(updateOf))

const sentence = ({ rows, values }: SparseUpdate, row: number): Float32Array | undefined => {
  const place = rows.indexOf(row)
  return place < 0 ? undefined : values.slice(place * width, (place + 1) * width)
}

const byRow = [...rules.values()].filter(({ masks }) => masks === 'among those who speak')
const zeros = [...rules.values()].filter(({ masks }) => masks === 'absent rows are zero')

describe('among those who speak', () => {
  test.each(byRow.map((rule) => [rule.name, rule] as const))(
    '%s takes each row as if there were no others, and leaves one that too few speak about',
    (_, rule) => {
      fc.assert(
        fc.property(speaking, fc.nat(3), (updates, tolerated) => {
          const spec = { rule: rule.name, tolerated } as RuleSpec
          fc.pre(rule.requirement(updates.length, tolerated, {}))
          const result = aggregateRows(spec, updates, width)
          const all = [...new Set(updates.flatMap(({ rows }) => [...rows]))].sort((a, b) => a - b)
          expect([...result.rows]).toEqual(all)
          for (const row of all) {
            const said = updates.flatMap((update) => sentence(update, row) ?? [])
            const met = rule.requirement(said.length, tolerated, {})
            const expected = met ? aggregateVectors(spec, said) : new Float32Array(width)
            expect(sentence(result, row)).toEqual(expected)
          }
        }),
        { numRuns: 60 },
      )
    },
  )

  test.each(['quadratic-median', 'clipped-mean', 'mean'] as const)(
    '%s takes each row among those who speak by their weights',
    (rule) => {
      const weighted = fc.array(fc.constantFrom(1, 2, 5), { minLength: 9, maxLength: 9 })
      fc.assert(
        fc.property(speaking, weighted, (updates, all) => {
          const spec: RuleSpec = { rule, tolerated: 1 }
          const weights = all.slice(0, updates.length)
          fc.pre(new Set(weights).size > 1)
          const { rows, values } = aggregateRows(spec, updates, width, { weights })
          for (const [at, row] of rows.entries()) {
            const said = updates.map((update) => sentence(update, row))
            const who = said.flatMap((each, i) => (each === undefined ? [] : [i]))
            const those = { weights: who.map((i) => weights[i]!) }
            const expected = aggregateVectors(
              spec,
              who.map((i) => said[i]!),
              those,
            )
            expect(values.slice(at * width, (at + 1) * width)).toEqual(expected)
          }
        }),
        { numRuns: 40 },
      )
    },
  )

  test('2f who speak do not move a row, and one more does', () => {
    const liars = [updateOf({ 5: [9, 9, 9] }), updateOf({ 5: [9, 9, 9] })]
    const honest = [updateOf({ 5: [1, 1, 1] }), updateOf({ 5: [1, 2, 1] }), updateOf({ 5: [1, 1, 3] })]
    const silent = updateOf({ 0: [4, 4, 4] })
    const spec: RuleSpec = { rule: 'median', tolerated: 2 }
    const few = [...liars, honest[0]!, honest[1]!, silent]
    expect([...aggregateRows(spec, few, width).values]).toEqual([0, 0, 0, 0, 0, 0])
    const enough = [...liars, ...honest, silent]
    expect([...aggregateRows(spec, enough, width).values]).toEqual([0, 0, 0, 1, 2, 3])
    // With the threshold wrong by one, the liars would own the row.
    expect(
      aggregateVectors(
        { rule: 'median', tolerated: 1 },
        [...liars, honest[0]!].map(({ values }) => values),
      )[0],
    ).toBe(9)
  })

  test('pre-rules that scale look at what each update says in all', () => {
    const updates = [updateOf({ 0: [3, 0, 0], 9: [0, 4, 0] }), updateOf({ 9: [0, 0, 1] }), updateOf({})]
    const spec: RuleSpec = { rule: 'sum', tolerated: 0, before: [{ clipping: { norm: 1 } }, 'arc'] }
    const { rows, values } = aggregateRows(spec, updates, width)
    expect([...rows]).toEqual([0, 9])
    for (const [k, value] of [0.6, 0, 0, 0, 0.8, 1].entries()) expect(values[k]).toBeCloseTo(value, 6)
  })
})

test.each([...zeros.map(({ name }) => [name, []] as const), ['median', ['nnm']] as const])(
  '%s after %j takes the absent as zero',
  (rule, before) => {
    fc.assert(
      fc.property(speaking, (updates) => {
        const spec = { rule, tolerated: 1, before } as RuleSpec
        fc.pre(updates.length >= 7)
        const { rows, values } = aggregateRows(spec, updates, width)
        fc.pre(rows.length > 0)
        const dense = updates.map((update) =>
          Float32Array.from([...rows].flatMap((row) => [...(sentence(update, row) ?? [0, 0, 0])])),
        )
        expect(values).toEqual(aggregateVectors(spec, dense))
      }),
      { numRuns: 30 },
    )
  },
)

describe('refused', () => {
  const updates = [updateOf({ 1: [1, 2, 3] }), updateOf({ 2: [1, 2, 3] }), updateOf({ 2: [3, 2, 1] })]

  test.each(['signguard', 'fltrust'] as const)('by %s', (rule) => {
    const error = { code: 'mask-refused', message: expect.stringContaining(`Rule "${rule}" refuses`) }
    expect(() => aggregateRows({ rule, tolerated: 1 }, updates, width)).toThrow(expect.objectContaining(error))
  })

  test.each<[SparseUpdate, number, string]>([
    [{ rows: Uint32Array.of(2, 1), values: new Float32Array(6) }, 3, 'Update 2 has row 1 after row 2'],
    [{ rows: Uint32Array.of(2, 2), values: new Float32Array(6) }, 3, 'Update 2 has row 2 after row 2'],
    [
      { rows: Uint32Array.of(2), values: new Float32Array(2) },
      3,
      'Update 2 has 1 rows and 2 numbers: each row needs 3',
    ],
    [updates[1]!, 0, 'a width that is an integer ≥ 1, not 0'],
  ])('what is no update: %o', (update, of, message) => {
    expect(() => aggregateRows({ rule: 'mean', tolerated: 0 }, [updates[0]!, update], of)).toThrow(
      expect.objectContaining({
        code: 'bad-vectors',
        message: expect.stringContaining(message),
      }),
    )
  })

  test('an update that is not finite is taken out with all it says, and more than f of them are an error', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const hostile = updateOf({ 2: [9, 9, 9], 8: [0, bad, 0] })
      const spec: RuleSpec = { rule: 'trimmed-mean', tolerated: 1 }
      const { rows, values } = aggregateRows(spec, [hostile, ...updates], width)
      expect([...rows]).toEqual([1, 2])
      expect([...values]).toEqual([1, 2, 3, 2, 2, 2])
      expect(() => aggregateRows(spec, [hostile, hostile, ...updates], width)).toThrow(
        expect.objectContaining({ code: 'too-many-non-finite' }),
      )
    }
  })
})

test('many more rows than are worked on at a time, and none', () => {
  const rows = Uint32Array.from({ length: 5000 }, (_, k) => 3 * k)
  const updates = [1, 2, 6].map((value) => ({ rows, values: new Float32Array(5000 * width).fill(value) }))
  const result = aggregateRows({ rule: 'mean', tolerated: 0 }, updates, width)
  expect(result.rows).toEqual(rows)
  expect(result.values.every((value) => value === 3)).toBe(true)
  expect(aggregateRows({ rule: 'mean', tolerated: 0 }, [updateOf({})], width)).toEqual(updateOf({}))
})

test('sums beyond float32 are its greatest number', () => {
  const greatest = 3.4028234663852886e38
  const updates = [updateOf({ 1: [greatest, -greatest, 1] }), updateOf({ 1: [greatest, -greatest, 2] })]
  expect([...aggregateRows({ rule: 'sum', tolerated: 0 }, updates, width).values]).toEqual([greatest, -greatest, 3])
})
