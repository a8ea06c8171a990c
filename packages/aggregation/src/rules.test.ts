import type { OptionDescriptors, Options } from '@hearsay/catalogue'
import { describe, expect, test } from 'vitest'
import { AggregationError } from './machine/error.ts'
import type { RuleSpec } from './rule-names.ts'
import { beforeRules, checkRule, rules } from './rules.ts'

/** Every combination of choices, with numbers at their defaults. */
function allChoices(descriptors: OptionDescriptors): Options[] {
  return Object.entries(descriptors).reduce<Options[]>(
    (all, [name, option]) =>
      all.flatMap((options) =>
        (option.kind === 'choice' ? option.values : [option.default ?? 1]).map((value) => ({
          ...options,
          [name]: value,
        })),
      ),
    [{}],
  )
}

function refusal(spec: object, n: number): { code: string; message: string } {
  try {
    checkRule(spec as Parameters<typeof checkRule>[0], n)
  } catch (error) {
    if (error instanceof AggregationError) return { code: error.code, message: error.message }
    throw error
  }
  return { code: 'accepted', message: '' }
}

describe('checkRule', () => {
  test.each<[RuleSpec, number]>([
    [{ rule: 'mean', tolerated: 0 }, 1],
    [{ rule: 'median', tolerated: 3 }, 7],
    [{ rule: 'trimmed-mean', tolerated: 3 }, 7],
    [{ rule: 'krum', tolerated: 3 }, 9],
    [{ rule: 'krum', tolerated: 3, neighbours: 'n-f-2' }, 9],
    [{ rule: 'krum', tolerated: 3, neighbours: 'n-f-1' }, 7],
    [{ rule: 'bulyan', tolerated: 3 }, 15],
    [{ rule: 'mva', tolerated: 3, budget: 35 }, 7],
    [{ rule: 'trimmed-mean', tolerated: 3, before: ['nnm', { clipping: { norm: 2 } }] }, 7],
    [{ rule: 'trimmed-mean', tolerated: 3, before: [{ bucketing: { size: 2 } }] }, 13],
  ])('accepts %o with n = %i', (spec, n) => {
    expect(() => checkRule(spec, n)).not.toThrow()
  })

  test.each([
    [{ rule: 'median', tolerated: 3 }, 6],
    [{ rule: 'trimmed-mean', tolerated: 3 }, 6],
    [{ rule: 'krum', tolerated: 3 }, 8],
    [{ rule: 'krum', tolerated: 3, neighbours: 'n-f-1' }, 6],
    [{ rule: 'bulyan', tolerated: 3 }, 14],
    [{ rule: 'mva', tolerated: 3, budget: 34 }, 7],
  ])('refuses %o with n = %i, naming the requirement', (spec, n) => {
    const { code, message } = refusal(spec, n)
    expect(code).toBe('requirement-unmet')
    expect(message).toContain(rules.get(spec.rule)!.requirementText)
    expect(message).toContain(`n = ${n}, f = 3`)
  })

  test('suggests the rule and the option that were meant', () => {
    expect(refusal({ rule: 'trimed-mean', tolerated: 1 }, 5)).toEqual({
      code: 'unknown-rule',
      message: 'Unknown rule "trimed-mean"; did you mean "trimmed-mean"?',
    })
    expect(refusal({ rule: 'krum', tolerated: 1, neighbors: 'n-f-1' }, 5)).toEqual({
      code: 'unknown-option',
      message: 'Rule "krum" has no option "neighbors"; did you mean "neighbours"?',
    })
    expect(refusal({ rule: 'mean', tolerated: 1, f: 2 }, 5)).toEqual({
      code: 'unknown-option',
      message: 'Rule "mean" has no option "f"; it has none.',
    })
    expect(refusal({ rule: 'mean', tolerated: 1, before: ['nmm'] }, 5).message).toBe(
      'Unknown pre-rule "nmm"; did you mean "nnm"?',
    )
    expect(refusal({ rule: 'mean', tolerated: 1, before: [{ clipping: { nrom: 1 } }] }, 5).message).toBe(
      'Pre-rule "clipping" has no option "nrom"; did you mean "norm"?',
    )
    expect(refusal({ rule: 'median', tolerated: 3, before: ['bucketing'] }, 12).message).toContain(
      'n = 6, f = 3 does not meet (6 are left of 12 updates',
    )
    expect(refusal({ rule: 'x'.repeat(1_000_000), tolerated: 1 }, 5).code).toBe('unknown-rule')
  })

  test.each([
    [{ rule: undefined, tolerated: 1 }, 5, 'unknown-rule'],
    [{ rule: 'krum', tolerated: 1, neighbours: 'n-f' }, 5, 'bad-option'],
    [{ rule: 'krum', tolerated: 1, neighbours: 3 }, 5, 'bad-option'],
    [{ rule: 'geometric-median', tolerated: 1, smoothing: -1 }, 5, 'bad-option'],
    [{ rule: 'geometric-median', tolerated: 1, smoothing: '1' }, 5, 'bad-option'],
    [{ rule: 'geometric-median', tolerated: 1, smoothing: Number.NaN }, 5, 'bad-option'],
    [{ rule: 'geometric-median', tolerated: 1, iterations: 1.5 }, 5, 'bad-option'],
    [{ rule: 'dnc', tolerated: 1, seed: 2 ** 32 }, 5, 'bad-option'],
    [{ rule: 'dnc', tolerated: 1, seed: null }, 5, 'bad-option'],
    [{ rule: 'mean', tolerated: 1, before: 'nnm' }, 5, 'bad-option'],
    [{ rule: 'mean', tolerated: 1, before: ['clipping'] }, 5, 'bad-option'],
    [{ rule: 'mean', tolerated: 1, before: [{ clipping: 2 }] }, 5, 'bad-option'],
    [{ rule: 'mean', tolerated: 1, before: [{ clipping: { norm: 0 } }] }, 5, 'bad-option'],
    [{ rule: 'mean', tolerated: 1, before: [{ clipping: { norm: 1 }, nnm: {} }] }, 5, 'bad-option'],
    [{ rule: 'mean', tolerated: 1, before: [{}] }, 5, 'bad-option'],
    [{ rule: 'mean', tolerated: 1, before: [null] }, 5, 'unknown-rule'],
    [{ rule: 'mean', tolerated: 1, before: Array(17).fill('nnm') }, 5, 'bad-option'],
    [{ rule: 'mean', tolerated: 1, before: [{ nnm: { f: 1 } }] }, 5, 'unknown-option'],
    [{ rule: 'mean', tolerated: 3, before: ['nnm'] }, 6, 'requirement-unmet'],
    [{ rule: 'mean' }, 5, 'bad-tolerated'],
    [{ rule: 'mean', tolerated: 0.5 }, 5, 'bad-tolerated'],
    [{ rule: 'mean', tolerated: -1 }, 5, 'bad-tolerated'],
    [{ rule: 'mean', tolerated: Number.NaN }, 5, 'bad-tolerated'],
    [{ rule: 'mean', tolerated: 0 }, 0, 'bad-rows'],
    [{ rule: 'mean', tolerated: 0 }, 1.5, 'bad-rows'],
  ])('refuses %o with n = %s: %s', (spec, n, code) => {
    expect(refusal(spec, n).code).toBe(code)
  })

  test('the requirement survives taking out a row together with one tolerated', () => {
    for (const rule of [...rules.values(), ...beforeRules.values()]) {
      for (const options of allChoices(rule.options)) {
        for (let n = 2; n <= 40; n++) {
          for (let f = 1; f < n; f++) {
            if (rule.requirement(n, f, options)) expect(rule.requirement(n - 1, f - 1, options)).toBe(true)
          }
        }
      }
    }
  })
})
