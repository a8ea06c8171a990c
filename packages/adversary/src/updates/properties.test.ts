import { aggregateVectors, type RuleSpec } from '@hearsay/aggregation'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { krumChooses } from './acceptance.ts'
import type { AttackContext } from './attack.ts'
import type { AttackName } from './attack-names.ts'
import { attacks, createAttack } from './attacks.ts'
import { deviationsOf } from './little-is-enough.ts'
import { contextOf } from './testing/context.ts'
import { deviationOf, meanOf, moved, squaredDistance } from './vectors.ts'

const rules: RuleSpec[] = [
  { rule: 'mean', tolerated: 1 },
  { rule: 'median', tolerated: 1 },
  { rule: 'trimmed-mean', tolerated: 1, before: ['nnm'] },
  { rule: 'multi-krum', tolerated: 1, neighbours: 'n-f-1' },
  { rule: 'geometric-median', tolerated: 1, before: [{ clipping: { norm: 1 } }] },
]

/** 4 to 10 updates of which f < n/3 are of liars, of length 1 to 40. */
const contexts = fc
  .record({
    f: fc.integer({ min: 1, max: 3 }),
    more: fc.integer({ min: 0, max: 3 }),
    d: fc.integer({ min: 1, max: 40 }),
  })
  .chain(({ f, more, d }) =>
    fc.record({
      honest: fc.array(
        fc
          .array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: d, maxLength: d })
          .map((row) => Float32Array.from(row)),
        { minLength: 2 * f + 1 + more, maxLength: 2 * f + 1 + more },
      ),
      rule: fc.constantFrom(...rules).map((rule) => ({ ...rule, tolerated: f })),
      f: fc.constant(f),
    }),
  )
  .map(({ honest, rule, f }) => contextOf(honest, f, { rule }))

const check = (holds: (context: AttackContext) => void, numRuns = 60) =>
  fc.assert(fc.property(contexts, holds), { numRuns })

/** What f liars send when each sends `vector`, beside the honest updates. */
const withLiars = ({ honest, f }: AttackContext, vector: Float32Array): Float32Array[] => [
  ...honest,
  ...Array.from({ length: f }, () => vector),
]

const harm = (context: AttackContext, vector: Float32Array): number =>
  Math.sqrt(squaredDistance(aggregateVectors(context.rule, withLiars(context, vector)), meanOf(context.honest)))

const bytes = (context: AttackContext): string =>
  JSON.stringify([context.own, ...context.honest].map((each) => [...each]))

test.each([...attacks.keys()])(
  '%s: as many numbers, finite unless that is the attack, input unchanged, repeatable',
  (name) => {
    check((context) => {
      const before = bytes(context)
      const vector = createAttack(name)(context)
      expect(vector).toHaveLength(context.own.length)
      if (name !== 'non-finite') expect(vector.every(Number.isFinite)).toBe(true)
      expect(bytes(context)).toBe(before)
      for (const each of [context.own, ...context.honest]) expect(vector.buffer).not.toBe(each.buffer)
      expect(createAttack(name)({ ...context, memory: new Map() })).toEqual(vector)
    }, 25)
  },
)

test.each([...attacks.values()].filter(({ ignoresOwn }) => ignoresOwn).map(({ name }) => name as AttackName))(
  '%s: the same whatever its own update is',
  (name) => {
    check((context) => {
      const other = { ...context, own: new Float32Array(context.own.length), memory: new Map() }
      expect(createAttack(name)(other)).toEqual(createAttack(name)(context))
    }, 25)
  },
)

test.each([...attacks.keys()])('%s: huge updates give finite ones', (name) => {
  if (name === 'non-finite') return
  const honest = [1, -1, 0.5, 0.9].map((factor) => new Float32Array(9).fill(factor * 3e38))
  expect(
    createAttack(name)(contextOf(honest, 1, { rule: { rule: 'median', tolerated: 1 } })).every(Number.isFinite),
  ).toBe(true)
})

describe('optimal attacks', () => {
  test('inner-product: no less harmful than τ = 0.1 and 2', () => {
    check((context) => {
      const optimal = harm(context, createAttack('optimal-inner-product')(context))
      for (const tau of [0.1, 2])
        expect(optimal).toBeGreaterThanOrEqual(harm(context, createAttack('inner-product', { tau })(context)))
    })
  })

  test('little-is-enough: no less harmful than with the computed z and 1.5, on either side', () => {
    check((context) => {
      const optimal = harm(context, createAttack('optimal-little-is-enough')(context))
      for (const z of [0, 1.5])
        for (const direction of ['plus', 'minus'])
          expect(optimal).toBeGreaterThanOrEqual(
            harm(context, createAttack('little-is-enough', { z, direction })(context)),
          )
    })
  })

  test('choose as a search that makes all copies, and tries what it knows again', () => {
    const evaluations = 20
    check((context) => {
      const mean = meanOf(context.honest)
      const deviation = deviationOf(context.honest, mean)
      const z = deviationsOf(context.n, context.f)
      const at = (factor: number) => moved(mean, factor, deviation)
      const { rule, f, honest } = context
      const harm = (factor: number): number => {
        const all = [...honest, ...Array.from({ length: f }, () => at(factor))]
        return squaredDistance(aggregateVectors(rule, all), mean)
      }
      let [best, most, left, ratio] = [Number.NaN, Number.NEGATIVE_INFINITY, evaluations, 2]
      const better = (factor: number): boolean => {
        if (left-- <= 0) return false
        const found = harm(factor)
        if (!(found > most)) return false
        best = factor
        most = found
        return true
      }
      for (const start of [1.5, z, -1.5, -z]) better(start)
      while (left > 0) {
        const from = best
        if (!better(from * ratio) && !better(from / ratio)) ratio = Math.sqrt(ratio)
      }
      expect(createAttack('optimal-little-is-enough', { evaluations })(context)).toEqual(at(best))
    })
  })

  test('tell rules apart: against a mean farther than against a median', () => {
    const honest = [1, 2, 3, 4, 5].map((value) => Float32Array.of(value))
    const attack = createAttack('optimal-inner-product')
    const sent = (rule: 'mean' | 'median') => attack(contextOf(honest, 2, { rule: { rule, tolerated: 2 } }))[0]!
    expect(sent('mean')).toBeLessThan(-1e5)
    expect(sent('median')).toBeGreaterThan(-1e5)
  })
})

describe('what keeps within a bound', () => {
  test.each(['unit', 'deviation', 'sign'])(
    'min-max %s: no farther from honest updates than they are, and as far',
    (direction) => {
      check((context) => {
        const { honest } = context
        const sent = createAttack('min-max', { direction })(context)
        const greatest = Math.max(...honest.flatMap((a) => honest.map((b) => Math.sqrt(squaredDistance(a, b)))))
        const farthest = Math.max(...honest.map((each) => Math.sqrt(squaredDistance(each, sent))))
        expect(farthest).toBeLessThanOrEqual(greatest * (1 + 1e-5) + 1e-30)
        if (meanOf(honest).some((value) => Math.abs(value) > 1e-3) && direction !== 'deviation')
          expect(farthest).toBeGreaterThanOrEqual(greatest * (1 - 1e-4))
      })
    },
  )

  test.each(['unit', 'deviation', 'sign'])(
    'min-sum %s: squared distances add up to no more than the most',
    (direction) => {
      check((context) => {
        const { honest } = context
        const sum = (vector: Float32Array) => honest.reduce((total, each) => total + squaredDistance(each, vector), 0)
        const sent = createAttack('min-sum', { direction })(context)
        expect(sum(sent)).toBeLessThanOrEqual(Math.max(...honest.map(sum)) * (1 + 1e-5) + 1e-30)
      })
    },
  )
})

describe('what is made for Krum', () => {
  /** As in high dimensions: far from each other, and the mean near zero. */
  const spread = fc
    .record({ f: fc.integer({ min: 1, max: 3 }), seed: fc.integer({ min: 1, max: 1e6 }) })
    .map(({ f, seed }) => {
      let state = seed
      const draw = (): number => {
        state = (state * 48271) % 2147483647
        return state / 2147483647 - 0.5
      }
      const honest = Array.from({ length: 2 * f + 2 }, () => Float32Array.from({ length: 200 }, draw))
      return contextOf(honest, f, { rule: { rule: 'krum', tolerated: f, neighbours: 'n-f-1' } })
    })

  test.each<[AttackName, Record<string, unknown>]>([
    ['hidden-vulnerability', { coordinates: 'one', coordinate: 7 }],
    ['hidden-vulnerability', { coordinates: 'all' }],
    ['fang', {}],
  ])('%s %o is chosen, where honest updates are far apart', (name, options) => {
    fc.assert(
      fc.property(spread, (context) => {
        const sent = createAttack(name, options)(context)
        expect(aggregateVectors(context.rule, withLiars(context, sent))).toEqual(sent)
      }),
      { numRuns: 30 },
    )
  })

  test('hidden-vulnerability goes to the edge: a hundredth more is refused', () => {
    fc.assert(
      fc.property(spread, (context) => {
        const mean = meanOf(context.honest)
        const sent = createAttack('hidden-vulnerability')(context)
        const beyond = sent.slice()
        beyond[0] = mean[0]! + 1.01 * (sent[0]! - mean[0]!)
        expect(sent[0]! - mean[0]!).toBeGreaterThan(1)
        expect(krumChooses(context)(beyond)).toBe(false)
      }),
      { numRuns: 20 },
    )
  })

  test('fang ends its search when nothing is chosen', () => {
    const honest = [100, 100.1, 100.2, 100.3].map((value) => Float32Array.of(value))
    const [sent] = createAttack('fang')(contextOf(honest, 1))
    expect(sent).toBeLessThan(0)
    expect(sent).toBeGreaterThan(-1e-5)
  })
})

test('mimic copies an honest update', () => {
  check((context) => {
    const sent = createAttack('mimic')(context)
    expect(context.honest).toContainEqual(sent)
  })
})

test('mimic stays with one peer while the largest variance stays where it is, whatever its sign', () => {
  const memory = new Map()
  const attack = createAttack('mimic')
  const copied = [1, 2, 3, 4].map((round) => {
    // Peers 0 and 3 are the two ends of the first axis; who is farther changes from round to round.
    const ends = round % 2 === 0 ? [9, -8] : [8, -9]
    const honest = [
      [ends[0]!, 0],
      [0, round / 4],
      [0, -1],
      [ends[1]!, 0],
    ].map((row) => Float32Array.from(row))
    return honest.findIndex((each) => each[0] === attack(contextOf(honest, 1, { round, memory }))[0])
  })
  expect(copied).toEqual(Array(4).fill(copied[0]))
  expect([0, 3]).toContain(copied[0])
})

test('z of little-is-enough: Φ⁻¹((n−f−s)/(n−f)) with s = ⌊n/2+1⌋−f, and finite beyond', () => {
  // n = 50, f = 24 of the paper: s = 26 − 24 = 2, 24/26.
  expect(deviationsOf(50, 24)).toBeCloseTo(1.4260768722, 8)
  expect(deviationsOf(10, 3)).toBeCloseTo(0.1800123698, 8)
  for (const n of [1, 2, 3, 4, 7, 10]) for (let f = 0; f <= n; f++) expect(deviationsOf(n, f)).toBeLessThan(10)
})
