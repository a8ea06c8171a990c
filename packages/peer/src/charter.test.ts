import type { RuleSpec } from '@hearsay/aggregation'
import { expect, test } from 'vitest'
import { Charter, checkedRule } from './charter.ts'

const terms = { ids: ['a', 'b', 'c', 'd', 'e'], agreement: {} as never, aggregation: { rule: 'median' } }

test('a rule withstands F, which is weight', () => {
  expect(new Charter({ ...terms, tolerated: 1 }).at(1).rule).toEqual({ rule: 'median', tolerated: 1 })
  expect(
    new Charter({ ...terms, aggregation: { rule: 'median', tolerated: 2 }, tolerated: 1 }).at(1).rule.tolerated,
  ).toBe(2)
  expect(new Charter({ ...terms, weights: [3, 2, 2, 2, 2], tolerated: 3 }).at(1).rule.tolerated).toBe(3)
})

const check = (rule: RuleSpec, weights: readonly number[]) => () =>
  checkedRule(
    rule,
    weights,
    weights.reduce((sum, weight) => sum + weight, -rule.tolerated),
  )

test('a rule is checked for all that a round may have: so many updates, or so much weight', () => {
  expect(check({ rule: 'trimmed-mean', tolerated: 1 }, [1, 1, 1, 1])).not.toThrow()
  expect(check({ rule: 'krum', tolerated: 1 }, [1, 1, 1, 1, 1])).toThrow('n = 4, f = 1')
  // As many as weigh F when all weigh the same.
  expect(check({ rule: 'krum', tolerated: 1 }, [2, 2, 2, 2, 2])).not.toThrow()
  expect(check({ rule: 'krum', tolerated: 3 }, [2, 2, 2, 2, 2])).toThrow('n = 4, f = 1')
  const heavy = [3, 3, 3, 3, 1]
  // W − F = 9 is more than 2F, and not more than 2F + 2 · 3.
  expect(check({ rule: 'median', tolerated: 4 }, heavy)).not.toThrow()
  expect(check({ rule: 'krum', tolerated: 4 }, heavy)).toThrow('n = 13, f = 4 in weight, of which one has 3')
  expect(check({ rule: 'krum', tolerated: 2 }, heavy)).not.toThrow()
  expect(check({ rule: 'krum', tolerated: 3 }, heavy)).toThrow('n = 10, f = 3 in weight, of which one has 3')
})

test('a rule that counts heads is refused where peers weigh differently, and so is more weight than kernels sum', () => {
  expect(check({ rule: 'caf', tolerated: 1 }, [3, 3, 3, 2, 2])).toThrow(
    expect.objectContaining({ code: 'weights-refused' }),
  )
  expect(check({ rule: 'median', tolerated: 1 }, [2 ** 31 - 2, 1, 1])).toThrow(
    expect.objectContaining({ code: 'bad-weights' }),
  )
})
