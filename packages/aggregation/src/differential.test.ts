import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aggregateVectors, reference } from './aggregate.ts'
import { fastLength } from './machine/workspace.ts'
import type { Context } from './rule/rule.ts'
import type { BeforeSpec, RuleSpec } from './rule-names.ts'
import { checkRule, rules } from './rules.ts'

/** How near float32 results of two ways to the same number are, relative to the size of the honest rows. */
const near = 2e-5

const befores: readonly (readonly BeforeSpec[])[] = [
  [],
  ['nnm'],
  ['arc'],
  [{ clipping: { norm: 2 } }],
  [{ bucketing: { size: 2, seed: 5 } }],
  ['nnm', { clipping: { norm: 1.5 } }],
  ['arc', 'nnm'],
  [{ bucketing: { size: 3 } }, 'nnm'],
]
const optionsOf_: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  'geometric-median': { tolerance: 0, iterations: 150 },
  'centered-clipping': { radius: 1, iterations: 3 },
}

/** Rules whose result changes steadily with the vectors. */
const choosesNothing = [
  'quadratic-median',
  'clipped-mean',
  'mean',
  'sum',
  'median',
  'trimmed-mean',
  'centered-clipping',
  'fltrust',
]

/**
 * What comes before makes ties, which rounding then breaks one way or the other for rules that choose: mixing gives few
 * distinct vectors, and clipped rows have one norm, so that numbers differ only in sign.
 */
function makesTies(rule: string, before: readonly BeforeSpec[], length: number): boolean {
  const text = JSON.stringify(before)
  // All between the two numbers in the middle are as near to the rest; and all between two points, when half of the
  // mixtures are at each.
  if (rule === 'geometric-median') return length === 1 || text.includes('nnm')
  if (choosesNothing.includes(rule)) return false
  const clipped = text.includes('arc') || text.includes('clipping')
  return text.includes('nnm') || (clipped && (rule === 'cge' || length === 1))
}

/** Numbers near 1 in general position: no two distances are equal, so that no choice is a matter of rounding. */
function random(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    const high = state >>> 16
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (high * 65_536 + (state >>> 16)) / 2 ** 31 - 1
  }
}

/** n − f rows about a centre, and f liars of some kind. */
function inputs(n: number, f: number, length: number, seed: number): { vectors: Float32Array[]; context: Context } {
  const next = random(seed)
  const centre = Float32Array.from({ length }, next)
  const size = [0.2, 1, 30][Math.abs(seed) % 3]!
  const vectors = Array.from({ length: n }, (_, i) =>
    centre.map((value) => (i < f ? size * next() - 0.5 * value : value + 0.5 * next())),
  )
  return { vectors, context: { previous: centre.map((value) => value + 0.1 * next()), root: centre } }
}

function accepts(spec: RuleSpec, n: number): boolean {
  try {
    checkRule(spec, n)
    return true
  } catch {
    return false
  }
}

function expectNear(spec: RuleSpec, vectors: readonly Float32Array[], context: Context): void {
  const given = JSON.stringify(spec)
  const [output, expected] = [aggregateVectors(spec, vectors, context), reference(spec, vectors, context)]
  expect(output).toHaveLength(expected.length)
  const size = Math.max(1, ...expected.map(Math.abs))
  for (const [column, value] of expected.entries()) {
    if (!(Math.abs(output[column]! - value) <= near * size)) {
      expect.fail(`${given}, n = ${vectors.length}: column ${column} is ${output[column]}, by definition ${value}`)
    }
  }
}

test.each([...rules.keys()])('%s, with everything before it, is what its definition gives', (rule) => {
  const slow = ['mda', 'mva', 'smea', 'caf', 'dnc'].includes(rule)
  fc.assert(
    fc.property(
      fc.constantFrom(...befores),
      fc.integer({ min: 1, max: slow ? 9 : 20 }),
      fc.nat(5),
      fc.constantFrom(1, 2, 3, 17, 40),
      fc.integer(),
      (before, n, f, length, seed) => {
        const spec: RuleSpec = { rule, tolerated: f, before, ...optionsOf_[rule] }
        fc.pre(accepts(spec, n) && !makesTies(rule, before, length))
        const { vectors, context } = inputs(n, f, length, seed)
        expectNear(spec, vectors, context)
      },
    ),
    { numRuns: slow ? 40 : 120 },
  )
})

test('long vectors, whose distances are added up in float32 by blocks, and mixtures longer than a block', () => {
  const { vectors, context } = inputs(7, 1, fastLength + 33, 4)
  // The references of the others take seconds each.
  for (const rule of [...rules.keys()].filter((name) => !['smea', 'dnc', 'caf'].includes(name))) {
    expectNear({ rule, tolerated: 1, ...optionsOf_[rule] }, vectors, context)
  }
  for (const before of [['nnm'], [{ clipping: { norm: 60 } }], ['bucketing', 'arc']] as const) {
    for (const rule of ['trimmed-mean', 'krum', 'geometric-median'] as const) {
      const spec: RuleSpec = { rule, tolerated: 1, before, ...optionsOf_[rule] }
      if (accepts(spec, 7)) expectNear(spec, vectors, context)
    }
  }
})

test('rules that choose, after mixing, where no two choices are equally good', () => {
  for (const rule of [
    'krum',
    'multi-krum',
    'mda',
    'mva',
    'smea',
    'caf',
    'dnc',
    'bulyan',
    'meamed',
    'phocas',
    'cge',
  ] as const) {
    const spec: RuleSpec = { rule, tolerated: rule === 'bulyan' ? 2 : 4, before: ['nnm'] }
    for (let seed = 12; seed < 18; seed++) {
      const { vectors, context } = inputs(11, spec.tolerated, 20, seed)
      expectNear(spec, vectors, context)
    }
  }
})

test('rows that are clipped to far less than their norm, and buckets with a far liar before a norm', () => {
  for (const length of [50, fastLength + 5]) {
    const next = random(9)
    // Three liars; the others point the same way.
    const vectors = Array.from({ length: 12 }, (_, i) =>
      Float32Array.from({ length }, () => (i < 3 ? next() : 2 + next())),
    )
    for (const rule of ['krum', 'trimmed-mean', 'geometric-median'] as const) {
      for (const before of [[], ['nnm']] as const) {
        const spec: RuleSpec = { rule, tolerated: 3, before: [{ clipping: { norm: 1e-7 } }, ...before] }
        const [output, expected] = [aggregateVectors(spec, vectors), reference(spec, vectors)]
        for (const [column, value] of expected.entries()) {
          expect(Math.abs(output[column]! - value)).toBeLessThanOrEqual(1e-5 * 1e-7)
        }
      }
    }
    const far = vectors.with(
      0,
      vectors[0]!.map((value) => 1e37 * value),
    )
    const context = { root: vectors[5]! }
    expectNear({ rule: 'fltrust', tolerated: 1, before: [{ bucketing: { size: 6 } }] }, far, context)
  }
})

test('columns of a sample in which all rows are equal tell dnc nothing, and the first rows stay', () => {
  const vectors = Array.from({ length: 9 }, (_, i) => Float32Array.from({ length: 40 }, (_, k) => (k === 39 ? i : 1)))
  expectNear({ rule: 'dnc', tolerated: 4, dimensions: 1, iterations: 1 }, vectors, {})
})

test('weights that float32 has not the digits for', () => {
  const length = 100_000
  const vectors = [3e38, 2.9e38, -3e38, 1e38, 2e38].map((value) => new Float32Array(length).fill(value))
  for (const rule of ['median', 'trimmed-mean', 'meamed'] as const) {
    const spec: RuleSpec = { rule, tolerated: 1, before: [{ clipping: { norm: 1e-3 } }] }
    const [output, expected] = [aggregateVectors(spec, vectors)[7]!, reference(spec, vectors)[7]!]
    expect(expected).toBeGreaterThan(1e-6)
    expect(Math.abs(output / expected - 1)).toBeLessThan(1e-6)
  }
})
