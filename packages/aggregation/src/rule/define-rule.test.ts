import { describe, expect, test } from 'vitest'
import { aggregateVectors, reference } from '../aggregate.ts'
import { checkRule, ruleSpec, rules } from '../rules.ts'
import { defineRule } from './define-rule.ts'
import type { Rule } from './rule.ts'

const heaviest = defineRule({
  name: 'own-heaviest',
  summary: 'share of the first update, the rest of the last',
  options: { share: { kind: 'number', summary: 'of the first', least: 0, most: 1, default: 0.5 } },
  requirement: (n, f) => n > f,
  requirementText: 'n > f',
  reference: (vectors, _tolerated, { share }) =>
    vectors[0]!.map((value, i) => (share as number) * value + (1 - (share as number)) * vectors.at(-1)![i]!),
})

rules.add(heaviest)

const rows = [
  [2, 4, 6],
  [1, 1, 1],
  [4, 8, 2],
].map((row) => Float32Array.from(row))

describe('a rule of one’s own, once registered', () => {
  test('aggregates as data, with its options', () => {
    expect([...aggregateVectors(ruleSpec({ rule: 'own-heaviest', tolerated: 1 }), rows)]).toEqual([3, 6, 4])
    expect([...aggregateVectors(ruleSpec({ rule: 'own-heaviest', tolerated: 1, share: 1 }), rows)]).toEqual([2, 4, 6])
    const spec = ruleSpec({ rule: 'own-heaviest', tolerated: 1, before: ['nnm'] })
    expect(aggregateVectors(spec, rows)).toEqual(reference(spec, rows))
  })

  test('never sees a row that is not finite', () => {
    const nan = Float32Array.of(Number.NaN, 0, 0)
    expect([...aggregateVectors(ruleSpec({ rule: 'own-heaviest', tolerated: 1 }), [nan, ...rows])]).toEqual([3, 6, 4])
  })

  test('is checked like all others', () => {
    expect(() => checkRule(ruleSpec({ rule: 'own-heavist', tolerated: 0 }), 3)).toThrow('did you mean "own-heaviest"?')
    expect(() => checkRule(ruleSpec({ rule: 'own-heaviest', tolerated: 0, shar: 1 }), 3)).toThrow(
      'did you mean "share"?',
    )
    expect(() => checkRule(ruleSpec({ rule: 'own-heaviest', tolerated: 0, share: 2 }), 3)).toThrow(
      'a number from 0 to 1, not 2',
    )
    expect(() => checkRule(ruleSpec({ rule: 'own-heaviest', tolerated: 3 }), 3)).toThrow('requires n > f')
  })

  test('is known once, and not in place of another', () => {
    expect(() => rules.add(heaviest)).not.toThrow()
    expect(() => rules.add({ ...heaviest, name: 'median' })).toThrow('There is a rule "median" already')
    expect(rules.get('median')!.summary).not.toBe(heaviest.summary)
  })
})

const gives: [result: () => unknown, fault: string][] = [
  [() => undefined, 'nothing'],
  [() => null, 'nothing'],
  [async () => [1, 2, 3], 'a promise, which nobody waits for,'],
  [() => 'abc', 'a value of type string'],
  [() => ({ length: 3 }), 'a value of type object'],
  [() => Float32Array.of(1), '1'],
  [() => [1, Number.NaN, 3], 'some that are not finite'],
  [() => ['1', 2, 3], 'a string at 0'],
]
for (const [kind, make] of [
  ['defined', (name: string, result: () => never) => defineRule({ ...heaviest, name, reference: result })],
  ['by hand', (name: string, result: () => never) => ({ ...heaviest, name, aggregate: result, reference: result })],
] as const)
  test.each(gives)(`a rule ${kind} that gives something else is told, %#`, (result, fault) => {
    const name = `own-${kind.replace(' ', '-')}-${gives.findIndex((each) => each[0] === result)}`
    rules.add(make(name, result as () => never))
    const error = { code: 'bad-rule', message: `Rule "${name}" gave ${fault} where 3 finite numbers are due.` }
    for (const compute of [aggregateVectors, reference])
      expect(() => compute(ruleSpec({ rule: name, tolerated: 0 }), rows)).toThrow(expect.objectContaining(error))
  })

test('a rule that throws is told with its name, and so is its requirement', () => {
  const thrown = (name: string, reference: () => never) => {
    rules.add(defineRule({ ...heaviest, name, reference }))
    return () => aggregateVectors(ruleSpec({ rule: name, tolerated: 0 }), rows)
  }
  const words = thrown('own-thrower', () => {
    throw 'no'
  })
  expect(words).toThrow(expect.objectContaining({ code: 'bad-rule', message: 'Rule "own-thrower" throws: no' }))
  rules.add({
    ...heaviest,
    name: 'own-asker',
    requirement: () => {
      throw new Error('no')
    },
  })
  expect(() => checkRule(ruleSpec({ rule: 'own-asker', tolerated: 0 }), 3)).toThrow(
    'Rule "own-asker": its requirement throws for n = 3, f = 0: Error: no',
  )
  rules.add({ ...heaviest, name: 'own-vague', requirement: (async () => false) as never })
  expect(() => checkRule(ruleSpec({ rule: 'own-vague', tolerated: 0 }), 3)).toThrow(
    'gave [object Promise] where true or false',
  )
})

test.each([
  [() => [1, 2], 'Rule "own-bad-0" gave 2 where 3 finite numbers are due.'],
  [() => [1, 2, 1e300], 'Rule "own-bad-1" gave some that are not finite where 3 finite numbers are due.'],
])('a result that is none is an error, %#', (result, message) => {
  const name = message.split('"')[1]!
  rules.add(defineRule({ ...heaviest, name, reference: result }))
  const attempt = () => aggregateVectors(ruleSpec({ rule: name, tolerated: 0 }), rows)
  expect(attempt).toThrow(expect.objectContaining({ code: 'bad-rule', message }))
})

test.each([
  [null, 'it is not an object'],
  [{ ...heaviest, name: 'Own' }, 'name must be lower-case words joined by hyphens'],
  [{ ...heaviest, name: undefined }, 'name must be lower-case'],
  [{ ...heaviest, summary: 1 }, 'summary must be a text'],
  [{ ...heaviest, requirement: 'n > f' }, 'requirement must be a function'],
  [{ ...heaviest, aggregate: undefined }, 'aggregate must be a function'],
  [{ ...heaviest, options: undefined }, 'options must be an object, {} for none'],
  [{ ...heaviest, options: { tolerated: heaviest.options.share } }, 'option "tolerated": it may not be called so'],
  [{ ...heaviest, options: { a: { kind: 'numbr', summary: '' } } }, 'kind must be number, integer, choice'],
  [{ ...heaviest, options: { a: { kind: 'number', summary: '', least: '0' } } }, 'must be numbers'],
  [{ ...heaviest, options: { a: { kind: 'choice', summary: '', values: ['x'], default: 'y' } } }, 'one of them'],
  [{ ...heaviest, options: { a: null } }, 'summary must be a text'],
])('what is no rule is refused, %#', (given, message) => {
  expect(() => rules.add(given as Rule)).toThrow(
    expect.objectContaining({ code: 'bad-rule', message: expect.stringContaining(message) }),
  )
})
