import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aggregateVectors, reference } from './aggregate.ts'
import type { RuleName, RuleSpec } from './rule-names.ts'
import { rules } from './rules.ts'

interface Claim {
  readonly rule: RuleName
  readonly options: Readonly<Record<string, string | number>>
  /** Its own κ, when there is a pre-rule: then that of the rule changes. */
  readonly mixed?: true
}

const specs: readonly Claim[] = [
  { rule: 'trimmed-mean', options: {} },
  { rule: 'median', options: {} },
  { rule: 'krum', options: { neighbours: 'n-f-2' } },
  { rule: 'krum', options: { neighbours: 'n-f-1' } },
  { rule: 'geometric-median', options: { start: 'middle', smoothing: 0, tolerance: 1e-9, iterations: 3000 } },
  { rule: 'mda', options: {} },
  { rule: 'mva', options: { budget: 1e6 } },
  { rule: 'smea', options: { budget: 2e4 } },
  { rule: 'trimmed-mean', options: {}, mixed: true },
  { rule: 'krum', options: { neighbours: 'n-f-1' }, mixed: true },
]

/** κ′ = 8 f/(n−f) · (κ + 1) with nearest-neighbour mixing. */
function kappaOf({ rule, options, mixed }: Claim, n: number, f: number): number {
  const kappa = rules.get(rule)!.kappa!(n, f, options)
  return mixed ? ((8 * f) / (n - f)) * (kappa + 1) : kappa
}

const number = fc.oneof(
  fc.float({ noNaN: true, min: -1, max: 1 }),
  fc.constantFrom(0, 1, -1, 2, 3),
  fc.float({ noNaN: true, min: -100, max: 100 }),
)

function meanOf(vectors: readonly Float32Array[]): number[] {
  return [...vectors[0]!.keys()].map((column) => {
    let sum = 0
    for (const vector of vectors) sum += vector[column]!
    return sum / vectors.length
  })
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let column = 0; column < a.length; column++) sum += (a[column]! - b[column]!) ** 2
  return sum
}

/** ‖F(x) − mean_S‖², and (1/|S|) Σ_{i∈S} ‖x_i − mean_S‖². */
function deviation(output: Float32Array, honest: readonly Float32Array[]): { error: number; variance: number } {
  const mean = meanOf(honest)
  let sum = 0
  for (const vector of honest) sum += squaredDistance(vector, mean)
  return { error: squaredDistance(output, mean), variance: sum / honest.length }
}

/**
 * What liars send: multiples of the honest mean and of its deviation, and copies of an honest row, moved. Several
 * liars at one place are the worst for selection, liars at the edge of the honest values for order statistics.
 */
function attack(honest: readonly Float32Array[], shape: number, size: number): Float32Array {
  const mean = meanOf(honest)
  const target = honest[Math.abs(shape) % honest.length]!
  return Float32Array.from(mean, (value, column) => {
    if (shape % 3 === 0) return value + size * (target[column]! - value)
    if (shape % 3 === 1) return -size * value
    return target[column]! + size
  })
}

describe('(f, κ)-robustness, searched adversarially', () => {
  const inputs = fc.record({
    spec: fc.constantFrom(...specs),
    f: fc.integer({ min: 1, max: 5 }),
    more: fc.integer({ min: 0, max: 6 }),
    length: fc.integer({ min: 1, max: 4 }),
    numbers: fc.array(number, { minLength: 1, maxLength: 40 }),
    attacks: fc.array(fc.tuple(fc.nat(20), fc.double({ noNaN: true, min: -20, max: 20 })), {
      minLength: 1,
      maxLength: 5,
    }),
    order: fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }),
  })

  test('holds with the κ of each rule, for the set without the liars', () => {
    fc.assert(
      fc.property(inputs, ({ spec, f, more, length, numbers, attacks, order }) => {
        fc.pre(spec.rule !== 'smea' || f + more <= 7)
        const rule = rules.get(spec.rule)!
        const n = 2 * f + (rule.requirement(2 * f + 1, f, spec.options) ? 1 : 3) + more
        const honest = Array.from({ length: n - f }, (_, i) =>
          Float32Array.from({ length }, (_, j) => numbers[(i * length + j) % numbers.length]!),
        )
        const liars = Array.from({ length: f }, (_, i) => attack(honest, ...attacks[i % attacks.length]!))
        // Ties go to the earliest row: the liars' places matter.
        const all = [...liars, ...honest]
          .map((vector, i) => ({ vector, key: order[i % order.length]! }))
          .toSorted((a, b) => a.key - b.key)
        const output = aggregateVectors(
          { rule: spec.rule, tolerated: f, ...(spec.mixed ? { before: ['nnm'] } : {}), ...spec.options },
          all.map(({ vector }) => vector),
        )
        const { error, variance } = deviation(output, honest)
        // A float32 output e + δ, |δ| ≤ 2^-24 ‖x‖, has (e + δ)² ≤ (1 + 1e-6) e² + (1 + 1e6) δ².
        const rounding = 4e-9 * Math.max(...honest.map((vector) => squaredDistance(vector, new Float32Array(length))))
        expect(error).toBeLessThanOrEqual(1.00001 * kappaOf(spec, n, f) * variance + rounding)
      }),
      { numRuns: 3000 },
    )
  })

  test('the search has teeth: it breaks the mean at any κ it is given', () => {
    const honest = [0, 0.5, 1].map((value) => Float32Array.of(value))
    const output = aggregateVectors({ rule: 'mean', tolerated: 1 }, [...honest, attack(honest, 2, 1000)])
    const { error, variance } = deviation(output, honest)
    expect(error).toBeGreaterThan(1000 * variance)
    expect(rules.get('mean')!.kappa!(4, 1, {})).toBe(Number.POSITIVE_INFINITY)
  })

  test('krum can be led to a liar at the edge of the honest rows, within its bound', () => {
    const f = 3
    const honest = [-1, -1, 1, 1].map((value) => Float32Array.of(value))
    const liars = new Array(f).fill(Float32Array.of(-0.999))
    const output = aggregateVectors({ rule: 'krum', tolerated: f, neighbours: 'n-f-1' }, [...liars, ...honest])
    expect([...output]).toEqual([...liars[0]])
    const { error, variance } = deviation(output, honest)
    expect(error / variance).toBeGreaterThan(0.9)
    expect(error / variance).toBeLessThanOrEqual(rules.get('krum')!.kappa!(7, f, { neighbours: 'n-f-1' }))
  })
})

test('centered clipping has no κ even without liars: where it starts counts', () => {
  const output = aggregateVectors(
    { rule: 'centered-clipping', tolerated: 0, radius: 2 },
    [1, 10, -1].map((value) => Float32Array.of(value)),
  )
  expect(output[0]).toBeCloseTo(2 / 3, 6)
  expect(rules.get('centered-clipping')!.kappa!(3, 0, {})).toBe(Number.POSITIVE_INFINITY)
})

describe('the geometric median', () => {
  test('is not where liars put the mean, exactly or nearly', () => {
    const atMean = [0, 0, 0, 1, 4].map((value) => Float32Array.of(value))
    const honest = [
      [0.3, 0.7],
      [0.9, 0.1],
      [0.5, 0.2],
    ].map((row) => Float32Array.from(row))
    const liar = Float32Array.of(1e6, -3e5)
    const other = liar.map((value, column) => 4 * value - honest.reduce((sum, row) => sum + row[column]!, 0))
    for (const start of ['middle', 'mean']) {
      const spec: RuleSpec = { rule: 'geometric-median', tolerated: 2, start }
      for (const run of [aggregateVectors, reference]) {
        expect(run(spec, atMean)[0]).toBeCloseTo(0, 6)
        for (const value of run(spec, [...honest, liar, other])) expect(Math.abs(value)).toBeLessThan(5)
      }
    }
  })

  test('comes back from where half of the updates are as far off as float32 goes', () => {
    const f = 40
    const honest = Array.from({ length: f + 1 }, (_, i) => Float32Array.of(((i * 7) % (f + 1)) / f, 1))
    const vectors = [...new Array<Float32Array>(f).fill(Float32Array.of(3e38, -3e38)), ...honest]
    for (const value of aggregateVectors({ rule: 'geometric-median', tolerated: f }, vectors)) {
      expect(Math.abs(value)).toBeLessThan(10)
    }
  })

  test('is a row, bit by bit, where the pull of the others is no more than that of those that are there', () => {
    const vectors = [
      [0, 0],
      [1, 0],
      [0, 1],
      [-1, -1],
      [-0.2, -0.3],
    ].map((row) => Float32Array.from(row))
    expect(aggregateVectors({ rule: 'geometric-median', tolerated: 2 }, vectors)).toEqual(Float32Array.of(0, 0))
  })
})
