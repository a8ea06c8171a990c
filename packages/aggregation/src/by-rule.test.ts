import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aggregateVectors, reference } from './aggregate.ts'
import { bucketing } from './before/bucketing.ts'
import { clipping } from './before/clipping.ts'
import { nnm } from './before/nnm.ts'
import { aggregate, aggregateVectors as byRule, Workspace } from './by-rule.ts'
import { defineRule } from './rule/define-rule.ts'
import type { RuleObjectSpec } from './rule/rule.ts'
import type { RuleSpec } from './rule-names.ts'
import { krum } from './rules/krum.ts'
import { trimmedMean } from './rules/trimmed-mean.ts'
import { beforeRules, checkRule, rules } from './rules.ts'

const vectors = Array.from({ length: 7 }, (_, i) => Float32Array.of(i * i, 1 / (i + 1), -i))

test.each<[RuleObjectSpec, RuleSpec]>([
  [
    { rule: trimmedMean, tolerated: 2 },
    { rule: 'trimmed-mean', tolerated: 2 },
  ],
  [
    { rule: krum, tolerated: 2, neighbours: 'n-f-1' },
    { rule: 'krum', tolerated: 2, neighbours: 'n-f-1' },
  ],
  [
    { rule: trimmedMean, tolerated: 1, before: [nnm, { rule: clipping, norm: 2 }] },
    { rule: 'trimmed-mean', tolerated: 1, before: ['nnm', { clipping: { norm: 2 } }] },
  ],
  [
    { rule: trimmedMean, tolerated: 1, before: [{ rule: bucketing, size: 2, seed: 5 }] },
    { rule: 'trimmed-mean', tolerated: 1, before: [{ bucketing: { size: 2, seed: 5 } }] },
  ],
])('rules as objects give the bits that their names give, %#', (objects, names) => {
  const expected = aggregateVectors(names, vectors, { draw: 3 })
  expect(byRule(objects, vectors, { draw: 3 })).toEqual(expected)
  expect(aggregateVectors(objects, vectors, { draw: 3 })).toEqual(expected)
  expect(reference(objects, vectors, { draw: 3 })).toEqual(reference(names, vectors, { draw: 3 }))
  const workspace = new Workspace({ rows: 7, length: 3 })
  for (const [row, vector] of vectors.entries()) workspace.vector(row).set(vector)
  expect(aggregate(objects, workspace, [...vectors.keys()], { draw: 3 })).toEqual(expected)
})

const last = defineRule({
  name: 'own-last',
  summary: 'the last update',
  requirement: (n, f) => n > f,
  requirementText: 'n > f',
  reference: (rows) => rows.at(-1)!,
})

test('a rule of one’s own needs no name that is known, and is checked like all others', () => {
  for (const compute of [aggregateVectors, byRule, reference])
    expect([...compute({ rule: last, tolerated: 1 }, vectors)]).toEqual([...vectors.at(-1)!])
  expect(rules.has('own-last')).toBe(false)
  expect(() => byRule({ rule: last, tolerated: 7 }, vectors)).toThrow('Rule "own-last" requires n > f')
  expect(() => byRule({ rule: last, tolerated: 1, share: 2 }, vectors)).toThrow('has no option "share"')
  const short = { ...last, aggregate: () => new Float32Array(1) }
  expect(() => byRule({ rule: short, tolerated: 1 }, vectors)).toThrow('gave 1 where 3 finite numbers are due')
  expect(() => byRule({ rule: {} as never, tolerated: 1 }, vectors)).toThrow('No rule: name must be')
  expect(() => byRule({ rule: last, tolerated: 1, before: [krum as never] }, vectors)).toThrow(
    'mixture must be a function',
  )
})

test('a compiler finds a name that is misspelt', () => {
  // @ts-expect-error of a rule
  expect(() => checkRule({ rule: 'medain', tolerated: 1 }, 7)).toThrow('did you mean "median"?')
  // @ts-expect-error of a pre-rule
  expect(() => checkRule({ rule: 'median', tolerated: 1, before: ['nmm'] }, 7)).toThrow('did you mean "nnm"?')
  // @ts-expect-error of a pre-rule with options
  const before: RuleSpec['before'] = [{ cliping: { norm: 2 } }]
  expect(() => checkRule({ rule: 'median', tolerated: 1, before: before! }, 7)).toThrow('did you mean "clipping"?')
})

test.each([
  ['rules', rules],
  ['before', beforeRules],
] as const)('whatever lies in %s ships, under the name of its file', (folder, registry) => {
  const files = readdirSync(join(import.meta.dirname, folder)).filter((file) => file !== 'shipped.ts')
  expect([...registry.keys()].map((name) => `${name}.ts`).sort()).toEqual(files.sort())
})
