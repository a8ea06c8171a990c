import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aggregate, aggregateVectors, reference } from './aggregate.ts'
import { Workspace } from './machine/workspace.ts'
import type { RuleName, RuleSpec } from './rule-names.ts'
import { rules } from './rules.ts'

interface Named {
  readonly rule: RuleName
  readonly neighbours?: string
}

const specs: readonly Named[] = [
  { rule: 'mean' },
  { rule: 'median' },
  { rule: 'trimmed-mean' },
  { rule: 'krum', neighbours: 'n-f-2' },
  { rule: 'krum', neighbours: 'n-f-1' },
  { rule: 'multi-krum', neighbours: 'n-f-2' },
  { rule: 'meamed' },
  { rule: 'phocas' },
  { rule: 'bulyan' },
]
/** Rules whose result has the same bits whatever the order of the rows. */
const orderless: readonly RuleName[] = ['median', 'trimmed-mean', 'meamed', 'phocas']
/** Rules that keep the lesser of two values equally near to a centre, so that turning the order round changes them. */
const lesser: readonly RuleName[] = ['meamed', 'phocas', 'bulyan']
const lengths = [0, 1, 2, 3, 15, 16, 17, 63, 64, 65, 1000]
const greatestFloat = 3.4028234663852886e38
/** The most that rounding one way instead of the other may change a float32, relative to it. */
const ulp = 2 ** -23
const awkward = [
  0,
  -0,
  1,
  -1,
  1.401298464324817e-45,
  -1e-40,
  1.1754943508222875e-38,
  greatestFloat,
  -greatestFloat,
  1e20,
  1e-20,
]

function bits(vector: Float32Array): Uint32Array {
  return new Uint32Array(vector.buffer, vector.byteOffset, vector.length)
}

function vectorsOf(...vectors: number[][]): Float32Array[] {
  return vectors.map((vector) => Float32Array.from(vector))
}

/** The largest f that the rule allows for n, or -1. */
function mostTolerated({ rule, neighbours }: Named, n: number): number {
  const options = neighbours ? { neighbours } : {}
  let most = -1
  for (let f = 0; f < n; f++) if (rules.get(rule)!.requirement(n, f, options)) most = f
  return most
}

const finite32 = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(...awkward),
  fc.float({ noNaN: true, min: -4, max: 4 }),
)

/** A rule with n vectors of length d that it is defined for; some rows are equal. */
const cases = fc
  .record({
    spec: fc.constantFrom(...specs),
    n: fc.integer({ min: 1, max: 40 }),
    length: fc.constantFrom(...lengths),
    pool: fc.array(finite32, { minLength: 1, maxLength: 60 }),
    seed: fc.integer(),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .filter(({ spec, n }) => mostTolerated(spec, n) >= 0)
  .map(({ spec, n, length, pool, seed, share }) => {
    // The numbers are drawn from a pool by a cheap generator: fast-check drawing 40,000 floats would take seconds.
    let state = seed | 0
    const next = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      return (state >>> 8) % below
    }
    const vectors: Float32Array[] = []
    for (let i = 0; i < n; i++) {
      const copied = i > 0 && next(4) === 0
      vectors.push(copied ? vectors[next(i)]!.slice() : new Float32Array(length).map(() => pool[next(pool.length)]!))
    }
    const tolerated = Math.round(share * mostTolerated(spec, n))
    return { spec: { ...spec, tolerated } as RuleSpec, vectors, next }
  })

describe('golden values (ByzFL conventions)', () => {
  const vectors = vectorsOf([1, 2, 3], [4, 5, 6], [7, 8, 9])

  test.each<[RuleSpec, number[]]>([
    [{ rule: 'krum', tolerated: 1, neighbours: 'n-f-1' }, [1, 2, 3]],
    [{ rule: 'mean', tolerated: 1 }, [4, 5, 6]],
    [{ rule: 'median', tolerated: 1 }, [4, 5, 6]],
    [{ rule: 'trimmed-mean', tolerated: 1 }, [4, 5, 6]],
  ])('%o', (spec, expected) => {
    expect([...aggregateVectors(spec, vectors)]).toEqual(expected)
    expect([...reference(spec, vectors)]).toEqual(expected)
  })

  test('the worked examples of the docstrings', () => {
    const column = vectorsOf([100], [1], [6], [2])
    expect([...aggregateVectors({ rule: 'mean', tolerated: 0 }, vectorsOf([1, 2], [4, 5], [7, 11]))]).toEqual([4, 6])
    expect([...aggregateVectors({ rule: 'trimmed-mean', tolerated: 1 }, column)]).toEqual([4])
    expect([...aggregateVectors({ rule: 'median', tolerated: 1 }, column)]).toEqual([4])
    expect([...aggregateVectors({ rule: 'median', tolerated: 1 }, vectorsOf([100], [1], [2]))]).toEqual([2])
    const spec: RuleSpec = { rule: 'krum', tolerated: 1, neighbours: 'n-f-1' }
    expect([...aggregateVectors(spec, vectorsOf([0], [1], [10]))]).toEqual([0])
  })

  test('krum with the neighbours of the paper: n−f−2 = 2 for n = 5, f = 1', () => {
    // Squared distances to the two nearest others: 1+16, 1+9, 9+16, 16+49, and far for the liar.
    const vectors = vectorsOf([0], [1], [4], [8], [1e30])
    expect([...aggregateVectors({ rule: 'krum', tolerated: 1 }, vectors)]).toEqual([1])
  })
})

test('kernels and reference give the same bits', () => {
  fc.assert(
    fc.property(cases, ({ spec, vectors }) => {
      expect(bits(aggregateVectors(spec, vectors))).toEqual(bits(reference(spec, vectors)))
    }),
    { numRuns: 400 },
  )
})

test('kernels and reference give the same bits for n = 1 to 40 at every length', () => {
  for (const spec of specs) {
    for (let n = 1; n <= 40; n++) {
      const tolerated = mostTolerated(spec, n)
      if (tolerated < 0) continue
      const length = lengths[n % lengths.length]!
      const vectors = Array.from({ length: n }, (_, i) =>
        Float32Array.from({ length }, (_, j) => Math.fround(((i * 7919 + j * 104729) % 1009) / 97 - 5)),
      )
      expect(bits(aggregateVectors({ ...spec, tolerated }, vectors))).toEqual(
        bits(reference({ ...spec, tolerated }, vectors)),
      )
    }
  }
})

test('many rows: n = 1,000', () => {
  const vectors = Array.from({ length: 1000 }, (_, i) => Float32Array.from([(i * 7919) % 1000, -i, i % 3]))
  // The reference of bulyan would take minutes.
  for (const spec of specs.filter(({ rule }) => rule !== 'bulyan')) {
    const full = { ...spec, tolerated: 333 }
    expect(bits(aggregateVectors(full, vectors))).toEqual(bits(reference(full, vectors)))
  }
})

describe('properties', () => {
  test('the input is unchanged, whatever the workspace did before', () => {
    fc.assert(
      fc.property(cases, ({ spec, vectors }) => {
        const workspace = new Workspace({ rows: vectors.length, length: vectors[0]!.length })
        for (const [row, vector] of vectors.entries()) workspace.vector(row).set(vector)
        const rows = [...vectors.keys()]
        const first = aggregate(spec, workspace, rows)
        for (const other of specs) {
          const tolerated = mostTolerated(other, rows.length)
          if (tolerated >= 0) aggregate({ ...other, tolerated }, workspace, rows)
        }
        expect(bits(aggregate(spec, workspace, rows))).toEqual(bits(first))
        for (const [row, vector] of vectors.entries()) expect(bits(workspace.vector(row))).toEqual(bits(vector))
      }),
      { numRuns: 100 },
    )
  })

  test('a subset of a workspace gives what those vectors give alone', () => {
    fc.assert(
      fc.property(cases, ({ spec, vectors }) => {
        const workspace = new Workspace({ rows: 2 * vectors.length + 1, length: vectors[0]!.length })
        for (let row = 0; row < workspace.rows; row++) workspace.vector(row).fill(Number.NaN)
        for (const [i, vector] of vectors.entries()) workspace.vector(2 * i + 1).set(vector)
        const rows = vectors.map((_, i) => 2 * i + 1)
        expect(bits(aggregate(spec, workspace, rows))).toEqual(bits(aggregateVectors(spec, vectors)))
      }),
      { numRuns: 100 },
    )
  })

  test('order statistics do not depend on the order of the rows, bit by bit; the mean hardly', () => {
    fc.assert(
      fc.property(cases, ({ spec, vectors, next }) => {
        fc.pre(spec.rule === 'mean' || orderless.includes(spec.rule))
        const permuted = vectors.map((vector) => ({ vector, key: next(1 << 20) })).toSorted((a, b) => a.key - b.key)
        const before = aggregateVectors(spec, vectors)
        const after = aggregateVectors(
          spec,
          permuted.map(({ vector }) => vector),
        )
        if (spec.rule !== 'mean') expect(bits(after)).toEqual(bits(before))
        for (const [column, value] of before.entries()) {
          const scale = Math.max(...vectors.map((vector) => Math.abs(vector[column]!)))
          expect(Math.abs(after[column]! - value)).toBeLessThanOrEqual(scale * ulp)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('krum chooses by distances, not by position, when no two scores are equal', () => {
    const vectors = vectorsOf([0, 0], [1, 0.5], [4, 1], [9, 2], [16, 3], [1e30, -1e30], [-7, 5])
    const expected = aggregateVectors({ rule: 'krum', tolerated: 2 }, vectors)
    for (let shift = 1; shift < vectors.length; shift++) {
      const rotated = [...vectors.slice(shift), ...vectors.slice(0, shift)]
      expect([...aggregateVectors({ rule: 'krum', tolerated: 2 }, rotated)]).toEqual([...expected])
    }
  })

  test('translation and scaling commute with every rule, exactly where the arithmetic is exact', () => {
    const integers = fc.array(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 20,
    })
    const power = fc.constantFrom(0.25, 1, 8, -1, -64)
    fc.assert(
      fc.property(
        fc.constantFrom(...specs),
        integers,
        power,
        fc.integer({ min: -1e6, max: 1e6 }),
        (spec, rows, s, t) => {
          const tolerated = mostTolerated(spec, rows.length)
          fc.pre(tolerated >= 0 && !(s < 0 && lesser.includes(spec.rule)))
          const full = { ...spec, tolerated }
          const plain = aggregateVectors(full, vectorsOf(...rows))
          const scaled = aggregateVectors(full, vectorsOf(...rows.map((row) => row.map((value) => s * value))))
          const moved = aggregateVectors(full, vectorsOf(...rows.map((row) => row.map((value) => value + t))))
          for (const [column, value] of plain.entries()) {
            // Adding 0 makes -0, which has no sign to compare here, +0.
            expect(scaled[column]! + 0).toBe(s * value + 0)
            // A trimmed mean is rounded, so that values equally near to it are no longer so when all are moved.
            if (spec.rule !== 'phocas') expect(Math.abs(moved[column]! - (value + t))).toBeLessThanOrEqual(0.07)
          }
        },
      ),
    )
  })

  test('with f = 0 the trimmed mean is the mean', () => {
    fc.assert(
      fc.property(cases, ({ vectors }) => {
        const mean = aggregateVectors({ rule: 'mean', tolerated: 0 }, vectors)
        const trimmed = aggregateVectors({ rule: 'trimmed-mean', tolerated: 0 }, vectors)
        for (const [column, value] of mean.entries()) {
          const scale = Math.max(...vectors.map((vector) => Math.abs(vector[column]!)))
          expect(Math.abs(trimmed[column]! - value)).toBeLessThanOrEqual(scale * ulp)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('equal rows are given back, by every rule', () => {
    fc.assert(
      fc.property(fc.constantFrom(...specs), fc.integer({ min: 3, max: 20 }), fc.array(finite32), (spec, n, values) => {
        const vectors = new Array(n).fill(Float32Array.from(values))
        const tolerated = mostTolerated(spec, n)
        for (const [column, value] of aggregateVectors({ ...spec, tolerated }, vectors).entries()) {
          expect(value + 0).toBe(vectors[0][column] + 0)
        }
      }),
    )
  })
})

describe('extreme numbers', () => {
  const spread = vectorsOf([greatestFloat], [greatestFloat], [-greatestFloat], [greatestFloat])

  test('means of the greatest numbers do not overflow', () => {
    expect([...aggregateVectors({ rule: 'mean', tolerated: 0 }, spread)]).toEqual([Math.fround(greatestFloat / 2)])
    expect([...aggregateVectors({ rule: 'trimmed-mean', tolerated: 1 }, spread)]).toEqual([greatestFloat])
  })

  test('denormals are not flushed to zero', () => {
    const least = 1.401298464324817e-45
    const vectors = vectorsOf([least], [3 * least], [5 * least])
    for (const rule of ['mean', 'median', 'trimmed-mean'] as const) {
      expect([...aggregateVectors({ rule, tolerated: 1 }, vectors)]).toEqual([3 * least])
    }
  })

  test('krum tells tiny honest differences apart beside huge liars', () => {
    const honest = [0, 1, 2, 4, 8].map((k) => [k * 1e-42, 1e-38])
    const liars = [
      [greatestFloat, -greatestFloat],
      [-greatestFloat, greatestFloat],
    ]
    const vectors = vectorsOf(...liars, ...honest)
    // Neighbours: n−f−2 = 3. The row 2e-42 scores 1 + 4 + 4, the least: 1e-42 has 1 + 1 + 9.
    expect([...aggregateVectors({ rule: 'krum', tolerated: 2 }, vectors)]).toEqual([...vectors[4]!])
  })

  test('-0 equals +0, and only krum, which copies a row, gives it out', () => {
    const vectors = vectorsOf([-0], [-0], [0])
    for (const rule of ['mean', 'median', 'trimmed-mean'] as const) {
      expect(Object.is(aggregateVectors({ rule, tolerated: 1 }, vectors)[0], 0)).toBe(true)
    }
    const krum = aggregateVectors({ rule: 'krum', tolerated: 1, neighbours: 'n-f-1' }, vectors)
    expect(Object.is(krum[0], -0)).toBe(true)
  })
})

describe('rows that are not finite', () => {
  const badNumbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

  test('are taken out, and n and f are one less for each', () => {
    fc.assert(
      fc.property(
        cases,
        fc.nat(),
        fc.constantFrom(...badNumbers),
        fc.nat(),
        ({ spec, vectors, next }, count, bad, where) => {
          const length = vectors[0]!.length
          const removed = Math.min(count % (spec.tolerated + 1), vectors.length - 1)
          fc.pre(length > 0 && removed > 0)
          const hostile = new Set<number>()
          while (hostile.size < removed) hostile.add(next(vectors.length))
          const mixed = vectors.map((vector, i) => (hostile.has(i) ? vector.with(where % length, bad) : vector))
          const rest = vectors.filter((_, i) => !hostile.has(i))
          const expected = aggregateVectors({ ...spec, tolerated: spec.tolerated - removed }, rest)
          expect(bits(aggregateVectors(spec, mixed))).toEqual(bits(expected))
          expect(bits(reference(spec, mixed))).toEqual(bits(expected))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('are an error when there are more than f of them, or nothing else', () => {
    const code = expect.objectContaining({ code: 'too-many-non-finite' })
    for (const bad of badNumbers) {
      for (const spec of specs) {
        const vectors = vectorsOf([1], [bad], [3], [2], [bad], [7], [9])
        expect(() => aggregateVectors({ ...spec, tolerated: 1 }, vectors)).toThrow(code)
        expect(() => reference({ ...spec, tolerated: 1 }, vectors)).toThrow(code)
      }
      expect(() => aggregateVectors({ rule: 'mean', tolerated: 5 }, vectorsOf([bad], [bad]))).toThrow(code)
      expect(() => aggregateVectors({ rule: 'krum', tolerated: 0, neighbours: 'n-f-1' }, vectorsOf([bad]))).toThrow(
        code,
      )
    }
  })
})

describe('misuse', () => {
  test('an unmet requirement is an error before any arithmetic', () => {
    const vectors = vectorsOf([1], [2], [Number.NaN], [4])
    for (const run of [aggregateVectors, reference]) {
      expect(() => run({ rule: 'krum', tolerated: 1 }, vectors)).toThrow(
        expect.objectContaining({ code: 'requirement-unmet' }),
      )
      expect(() => run({ rule: 'mean', tolerated: 0 }, [])).toThrow(expect.objectContaining({ code: 'bad-rows' }))
      expect(() => run({ rule: 'mean', tolerated: 0 }, vectorsOf([1, 2], [3]))).toThrow(
        expect.objectContaining({ code: 'bad-vectors' }),
      )
    }
  })

  test('a row counts once, and must be in the workspace', () => {
    const workspace = new Workspace({ rows: 3, length: 2 })
    for (const rows of [[0, 0], [0, 3], [-1], [0.5]]) {
      expect(() => aggregate({ rule: 'mean', tolerated: 0 }, workspace, rows)).toThrow(
        expect.objectContaining({ code: 'bad-rows' }),
      )
    }
  })
})

test('rules and pre-rules that draw at random draw by the seed and the context', () => {
  const vectors = Array.from({ length: 9 }, (_, i) => Float32Array.of(2 ** i))
  const outputs = (seed: number, draw?: number) => {
    const context = draw === undefined ? {} : { draw }
    const spec: RuleSpec = { rule: 'median', tolerated: 1, before: [{ bucketing: { size: 3, seed } }] }
    expect(reference(spec, vectors, context)).toEqual(aggregateVectors(spec, vectors, context))
    return aggregateVectors(spec, vectors, context)[0]!
  }
  expect(outputs(5, 0)).toBe(outputs(5))
  expect(outputs(5, 2 ** 32 - 1)).toBe(outputs(2 ** 32 - 6))
  expect(new Set(Array.from({ length: 10 }, (_, draw) => outputs(0, draw))).size).toBeGreaterThan(3)
  // A rule without a seed is not touched.
  const krum: RuleSpec = { rule: 'krum', tolerated: 1 }
  expect(aggregateVectors(krum, vectors, { draw: 7 })).toEqual(aggregateVectors(krum, vectors))
})
