import { describe, expect, test } from 'vitest'
import { aggregateRepeated } from './aggregate.ts'
import { type Line, LineTrials } from './line-trials.ts'
import { fastLength, Workspace } from './machine/workspace.ts'
import type { RuleSpec } from './rule-names.ts'
import { checkRule, rules } from './rules.ts'

const length = fastLength + 33
const [still, copies] = [10, 3]

/** Numbers in [−1, 1), the same for the same seed. */
function numbers(seed: number): Float32Array<ArrayBuffer> {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
}

const mean = (vectors: readonly Float32Array[]): Float64Array =>
  Float64Array.from({ length }, (_, i) => vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length)

/** Ten rows that stay, and a line from their mean. */
function lineAmong(weights?: readonly number[]) {
  const workspace = new Workspace({ rows: still + copies, length })
  const vectors = Array.from({ length: still }, (_, row) =>
    numbers(row + 1).map((value) => 0.001 * value * (1 + row / 10)),
  )
  for (const [row, vector] of vectors.entries()) workspace.vector(row).set(vector)
  const from = mean(vectors)
  const line: Line = { from, along: Float64Array.from(numbers(99), (value) => 0.0006 * Math.abs(value)) }
  const put = (factor: number): void => {
    const row = workspace.vector(still)
    for (let i = 0; i < length; i++) row[i] = from[i]! + factor * line.along[i]!
  }
  const trialsOf = (rule: RuleSpec) =>
    LineTrials.of({ rule, workspace, still, copies, weights, line, put, target: from })
  const anew = (rule: RuleSpec, factor: number): number => {
    put(factor)
    const rows = Array.from({ length: still + copies }, (_, each) => Math.min(each, still))
    const result = aggregateRepeated(rule, workspace, rows, { weights })
    return result.reduce((sum, value, i) => sum + (value - from[i]!) ** 2, 0)
  }
  return { trialsOf, anew, workspace, line }
}

function specOf(rule: string, before: readonly string[]): RuleSpec {
  return {
    rule,
    tolerated: rule === 'bulyan' ? 2 : 3,
    before: before.map((each) => (each === 'clipping' ? { clipping: { norm: 0.03 } } : each)),
  } as RuleSpec
}

function isDefined(rule: RuleSpec): boolean {
  try {
    checkRule(rule, still + copies)
    return true
  } catch {
    return false
  }
}

const factors = [0.2, -0.4, 0.8, 1.1, -1.3, 1.6, 3, -50]

describe('a row that moves along a line, given three times', () => {
  const among = lineAmong()
  const befores = [[], ['nnm'], ['clipping'], ['nnm', 'bucketing']] as const
  // Rows that are clipped to one norm are all as far from zero: which is farthest, rounding says.
  const isTied = (name: string, before: readonly string[]) => name === 'cge' && before[0] === 'clipping'
  const specs = [...rules.values()].flatMap(({ name, context }) =>
    befores.flatMap((before) =>
      context !== undefined || isTied(name, before)
        ? []
        : [{ rule: specOf(name, before), before: before.join(' and ') }],
    ),
  )

  test.each(specs.filter(({ rule }) => isDefined(rule)))(
    '$rule.rule $before: as when all is aggregated anew',
    ({ rule }) => {
      const trials = among.trialsOf(rule)!
      for (const factor of factors) {
        const expected = among.anew(rule, factor)
        expect(trials.squaredDistance(factor) / expected, `factor ${factor}`).toBeCloseTo(1, 3)
      }
    },
  )

  test('with weights too', () => {
    const weights = [1, 2, 1, 1, 3, 1, 1, 1, 1, 2, 1, 1, 1]
    const weighted = lineAmong(weights)
    const rule: RuleSpec = { rule: 'trimmed-mean', tolerated: 4, before: ['nnm'] }
    const trials = weighted.trialsOf(rule)!
    for (const factor of factors) {
      const found = trials.squaredDistance(factor)
      expect(found / weighted.anew(rule, factor), `factor ${factor}`).toBeCloseTo(1, 3)
    }
  })

  test('is not for short vectors, rules that go on from what was before, and rows that are cut off', () => {
    expect(among.trialsOf({ rule: 'centered-clipping', tolerated: 3, radius: 1 })).toBeUndefined()
    const trials = among.trialsOf({ rule: 'mean', tolerated: 3 })!
    expect(trials.reaches(1e6)).toBe(true)
    expect(trials.reaches(1e42)).toBe(false)
  })
})
