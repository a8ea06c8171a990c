import { describe, expect, test } from 'vitest'
import { aggregate, aggregateRepeated, aggregateVectors } from './aggregate.ts'
import { fastLength, Workspace } from './machine/workspace.ts'
import type { Context } from './rule/rule.ts'
import type { RuleSpec } from './rule-names.ts'
import { beforeRules, checkRule, rules } from './rules.ts'

const greatestFloat = 3.4028234663852886e38
const honestCount = 8
const liarCount = 2
const befores = [
  [],
  ...[...beforeRules.keys()].map((name) => [name === 'clipping' ? { clipping: { norm: 10 } } : name]),
]

/** Rules that a liar of any norm may not lead away; the others are clipped, filtered or trust a root. */
const followsLiars = ['mean', 'sum', 'centered-clipping', 'clipped-mean']

/** Rules that are drawn to zero. */
const drawnToZero = ['quadratic-median', 'clipped-mean']

function honest(length: number, scale = 1): Float32Array[] {
  return Array.from({ length: honestCount }, (_, i) =>
    Float32Array.from({ length }, (_, column) => scale * (1 + 0.01 * ((i * 37 + column * 11) % 17))),
  )
}

/** Every rule with every pre-rule that is defined for n updates, with the most liars up to `tolerated` that it allows. */
function allSpecs(n: number, tolerated: number): RuleSpec[] {
  return [...rules.keys()].flatMap((rule) =>
    befores.flatMap((before) => {
      for (let f = tolerated; f >= 0; f--)
        if (accepts({ rule, tolerated: f, before }, n)) return [{ rule, tolerated: f, before }]
      return []
    }),
  )
}

function accepts(spec: RuleSpec, n: number): boolean {
  try {
    checkRule(spec, n)
    return true
  } catch {
    return false
  }
}

const contextOf = (length: number): Context => ({
  previous: new Float32Array(length).fill(1),
  root: new Float32Array(length).fill(1),
})

/** How many times as great as one of n updates a result may be. */
const most = ({ rule }: RuleSpec, n: number): number => (rule === 'sum' ? n : 1)

function expectFinite(spec: RuleSpec, output: Float32Array, least: number, most: number): void {
  const wrong = output.find((value) => !(value >= least && value <= most))
  if (wrong !== undefined) expect.fail(`${JSON.stringify(spec)} gives ${wrong}, not from ${least} to ${most}`)
}

describe.each([40, fastLength + 5])('length %i', (length) => {
  test('rows that are not finite never reach the output of any rule, whatever comes before', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const vectors = [honest(length)[0]!.with(length - 1, bad), ...honest(length)]
      for (const spec of allSpecs(vectors.length, 1)) {
        if (spec.tolerated === 0) continue
        expectFinite(spec, aggregateVectors(spec, vectors, contextOf(length)), 0, 1.2 * most(spec, vectors.length))
        expect(() => aggregateVectors({ ...spec, tolerated: 0 }, vectors, contextOf(length))).toThrow(
          expect.objectContaining({ code: 'too-many-non-finite' }),
        )
      }
    }
  })

  test('huge liars do not overflow any rule, and do not hide honest distances', () => {
    for (const size of [1e5, 1e15, 1e25, greatestFloat]) {
      const liars = [1, -1].map((sign) => new Float32Array(length).fill(sign * size))
      for (const spec of allSpecs(honestCount + liarCount, liarCount)) {
        const vectors = [...liars.slice(0, spec.tolerated), ...honest(length), ...honest(length)].slice(
          0,
          honestCount + liarCount,
        )
        const output = aggregateVectors(spec, vectors, contextOf(length))
        expectFinite(spec, output, -greatestFloat, greatestFloat)
        // Buckets of liars and honest rows, and liars clipped to honest norms, are a matter of the rule's guarantee.
        const before = spec.before!.length > 0 && spec.before![0] !== 'nnm'
        const led = followsLiars.includes(spec.rule) || (before && (spec.rule === 'cge' || spec.before![0] !== 'arc'))
        if (!led) expectFinite(spec, output, 0.9, 1.3)
      }
    }
  })

  test('denormal, tiny and equal rows', () => {
    for (const scale of [1.401298464324817e-45, 1e-42, 1e-30, 0]) {
      for (const spec of allSpecs(honestCount, liarCount)) {
        const output = aggregateVectors(spec, honest(length, scale), contextOf(length))
        const bound = spec.rule === 'fltrust' ? 1.2 : most(spec, honestCount) * (1.2 * scale + 2e-45)
        // The previous output is 1.
        if (spec.rule !== 'centered-clipping') expectFinite(spec, output, 0, bound)
      }
    }
    for (const spec of allSpecs(honestCount, liarCount)) {
      const row = new Float32Array(length).fill(0.25)
      const output = aggregateVectors(spec, Array(honestCount).fill(row), { previous: row, root: row })
      if (length < 1000 || spec.before![0] !== undefined) continue
      const times = most(spec, honestCount)
      expectFinite(spec, output, times * 0.2499999, times * 0.2500001)
    }
  })
})

test('the short kernel is as good as the exact one beside rows that it cannot measure', () => {
  const length = fastLength + 40
  const rows = honest(length)
  const tiny = rows[0]!.map((value) => value * 1e-30)
  const vectors = [...rows, tiny, tiny.map((value) => 2 * value), new Float32Array(length).fill(greatestFloat)]
  const workspace = new Workspace({ rows: vectors.length, length })
  for (const [row, vector] of vectors.entries()) workspace.vector(row).set(vector)
  const n = vectors.length
  const distances = workspace.squaredDistances([...vectors.keys()])!
  for (const [i, a] of vectors.entries()) {
    for (const [j, b] of vectors.entries()) {
      let sum = 0
      for (let column = 0; column < length; column++) sum += (a[column]! - b[column]!) * (a[column]! - b[column]!)
      expect(Math.abs(distances[i * n + j]! - sum)).toBeLessThanOrEqual(1e-6 * sum)
    }
  }
})

test('one update, one number, and no numbers', () => {
  for (const spec of allSpecs(1, 0)) {
    for (const length of [0, 1, 5]) {
      const vector = Float32Array.from({ length }, (_, i) => 0.5 + i)
      const output = aggregateVectors(spec, [vector], { previous: vector, root: vector })
      expect(output).toHaveLength(length)
      if (drawnToZero.includes(spec.rule)) continue
      for (const [column, value] of vector.entries()) expect(output[column]).toBeCloseTo(value, 5)
    }
  }
})

test('1,000 updates with 300 liars', () => {
  const length = 3
  const vectors = Array.from({ length: 1000 }, (_, i) =>
    Float32Array.from({ length }, (_, k) => (i < 300 ? 1000 + k : ((i * 7919 + k * 31) % 1009) / 1009)),
  )
  for (const rule of rules.keys()) {
    if (['mda', 'mva', 'smea', 'bulyan'].includes(rule)) continue
    const spec: RuleSpec = { rule, tolerated: 300 }
    const bound = most(spec, vectors.length) * (followsLiars.includes(rule) ? 400 : 1.8)
    expectFinite(spec, aggregateVectors(spec, vectors, contextOf(length)), -1, bound)
  }
  const bulyan: RuleSpec = { rule: 'bulyan', tolerated: 200 }
  expectFinite(bulyan, aggregateVectors(bulyan, vectors.slice(100)), 0, 1)
})

test('no rule changes its input, and every rule gives the same bits twice', () => {
  const length = 700
  const vectors = [...honest(length), new Float32Array(length).fill(-3), new Float32Array(length).fill(1e30)]
  const workspace = new Workspace({ rows: vectors.length, length })
  for (const [row, vector] of vectors.entries()) workspace.vector(row).set(vector)
  const rows = [...vectors.keys()]
  const first = allSpecs(rows.length, 1).map((spec) => aggregate(spec, workspace, rows, contextOf(length)))
  for (const [k, spec] of allSpecs(rows.length, 1).entries()) {
    expect(aggregate(spec, workspace, rows, contextOf(length))).toEqual(first[k])
  }
  for (const [row, vector] of vectors.entries()) expect(workspace.vector(row)).toEqual(vector)
})

test.each([700, fastLength + 5])(
  'of %i columns, a row that is given three times is as three copies of it',
  (length) => {
    // Two honest rows are alike too, so that distances are doubtful among others than those given several times.
    const vectors = [...honest(length), ...honest(length).slice(0, 1)]
    const last = vectors.length
    const lying = Float32Array.from({ length }, (_, column) => 0.9 + 0.02 * (column % 7))
    const workspace = new Workspace({ rows: last + 3, length })
    for (const [row, vector] of vectors.entries()) workspace.vector(row).set(vector)
    for (const row of [last, last + 1, last + 2]) workspace.vector(row).set(lying)
    const copies = [...vectors.keys(), last, last + 1, last + 2]
    const once = copies.map((row) => Math.min(row, last))
    const given = { ...contextOf(length), draw: 0 }
    for (const spec of allSpecs(copies.length, 3))
      expect(aggregateRepeated(spec, workspace, once, given)).toEqual(aggregate(spec, workspace, copies, given))
    expect(() => aggregate({ rule: 'mean', tolerated: 3 }, workspace, once)).toThrow(/twice/)
    const krum: RuleSpec = { rule: 'krum', tolerated: 1, neighbours: 'n-f-1' }
    expect(aggregateRepeated(krum, workspace, [last, last, last])).toEqual(lying)
    workspace.vector(last)[length - 1] = Number.NaN
    expect(() => aggregateRepeated(krum, workspace, [last, last, last])).toThrow(/NaN or infinite/)
  },
)
