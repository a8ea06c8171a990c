import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aggregateVectors } from './aggregate.ts'
import type { Context } from './rule/rule.ts'
import type { RuleSpec } from './rule-names.ts'
import { rules } from './rules.ts'

/** Rules whose result depends on where zero is, or on the sign of numbers. */
const aboutZero = ['cge', 'signguard', 'fltrust', 'sum', 'quadratic-median', 'clipped-mean']
const choosesNothing = [
  'quadratic-median',
  'clipped-mean',
  'mean',
  'sum',
  'median',
  'trimmed-mean',
  'geometric-median',
  'centered-clipping',
]
const near = 1e-4

/** n vectors near 1 in general position, the first f of them farther out. */
const cases = fc
  .record({
    rule: fc.constantFrom(...rules.keys()),
    n: fc.integer({ min: 7, max: 9 }),
    length: fc.integer({ min: 1, max: 20 }),
    seed: fc.integer(),
    before: fc.constantFrom([], ['nnm']),
  })
  // Mixing makes rows equal or equally far apart: rules that choose break such ties by the order of the rows.
  .filter(({ rule, before }) => before.length === 0 || choosesNothing.includes(rule))
  // All between the two numbers in the middle are as near to the rest, or between two points with half of the mixtures each.
  .filter(({ rule, before, length }) => rule !== 'geometric-median' || (before.length === 0 && length > 1))
  .map(({ rule, n, length, seed, before }) => {
    let state = seed | 0
    const next = () => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      return (state >>> 4) / 2 ** 28
    }
    const spec: RuleSpec = { rule, tolerated: 1, before }
    const vectors = Array.from({ length: n }, (_, i) =>
      Float32Array.from({ length }, () => (i === 0 ? 3 * next() - 1 : 1 + 0.5 * next())),
    )
    const root = new Float32Array(length).fill(1)
    return { spec, vectors, context: { root, previous: root } as Context, next }
  })

function expectNear(spec: RuleSpec, output: Float32Array, expected: Float32Array, size: number): void {
  for (const [column, value] of expected.entries()) {
    if (!(Math.abs(output[column]! - value) <= near * size)) {
      expect.fail(`${JSON.stringify(spec)}: column ${column} is ${output[column]}, expected ${value}`)
    }
  }
}

test('no rule sees the order of the rows', () => {
  fc.assert(
    fc.property(cases, ({ spec, vectors, context, next }) => {
      const permuted = vectors.map((vector) => ({ vector, key: next() })).toSorted((a, b) => a.key - b.key)
      const output = aggregateVectors(
        spec,
        permuted.map(({ vector }) => vector),
        context,
      )
      expectNear(spec, output, aggregateVectors(spec, vectors, context), 1)
    }),
    { numRuns: 400 },
  )
})

test('scaling commutes with every rule whose options have no length in them', () => {
  fc.assert(
    fc.property(cases, fc.constantFrom(0.125, 4, 2 ** 30), ({ spec, vectors, context }, scale) => {
      const scaled = (vector: Float32Array) => vector.map((value) => scale * value)
      const output = aggregateVectors({ ...spec, ...radius(spec, scale) }, vectors.map(scaled), {
        root: scaled(context.root!),
        previous: scaled(context.previous!),
      })
      const plain = aggregateVectors({ ...spec, ...radius(spec, 1) }, vectors, context)
      expectNear(spec, output, scaled(plain), scale)
    }),
    { numRuns: 300 },
  )
})

function radius({ rule }: RuleSpec, scale: number): { radius?: number; resilience?: number } {
  if (rule === 'centered-clipping') return { radius: 0.5 * scale }
  return rule === 'quadratic-median' || rule === 'clipped-mean' ? { resilience: 0.5 * scale } : {}
}

test('translation commutes with every rule that has no zero', () => {
  fc.assert(
    fc.property(cases, fc.constantFrom(-1, 4, 100), ({ spec, vectors, context }, by) => {
      fc.pre(!aboutZero.includes(spec.rule))
      const moved = (vector: Float32Array) => vector.map((value) => value + by)
      const output = aggregateVectors(spec, vectors.map(moved), { previous: moved(context.previous!) })
      expectNear(spec, output, moved(aggregateVectors(spec, vectors, context)), Math.max(1, Math.abs(by) / 10))
    }),
    { numRuns: 300 },
  )
})

test('with f = 0 the rules that drop nothing then are the mean', () => {
  fc.assert(
    fc.property(cases, ({ spec, vectors }) => {
      fc.pre(
        ['trimmed-mean', 'meamed', 'phocas', 'multi-krum', 'mda', 'mva', 'smea', 'caf', 'cge', 'dnc'].includes(
          spec.rule,
        ),
      )
      const none = { ...spec, tolerated: 0 }
      expectNear(none, aggregateVectors(none, vectors), aggregateVectors({ rule: 'mean', tolerated: 0 }, vectors), 1)
    }),
    { numRuns: 100 },
  )
})

test('no rule that says that it goes along with what is added to all is about zero', () => {
  const named = [...rules.values()].flatMap(({ name, equivariant }) => (equivariant ? [name] : []))
  expect(named.toSorted()).toEqual(['meamed', 'mean', 'median', 'phocas', 'trimmed-mean'])
  expect(named.filter((name) => aboutZero.includes(name))).toEqual([])
})
