import { type RuleName, Workspace } from '@hearsay/aggregation'
import { digestOfVector } from '@hearsay/protocol'
import { expect, test } from 'vitest'
import { nextModel, nextModelOfRows } from './next-model.ts'

const updates = Array.from({ length: 7 }, (_, i) => Float32Array.of(2 ** i, 1))
const model = Float32Array.of(100, 200)
const workspace = new Workspace({ rows: 7, length: 2 })
const rows = [...updates.keys()]

function next(rule: RuleName, before: object[], digests: readonly string[]): number[] {
  for (const [row, update] of updates.entries()) workspace.vector(row).set(update)
  return [...nextModel({ rule, tolerated: 1, before: before as [] }, workspace, rows, model, digests)]
}

test('the model of a round is the one before and the aggregate', () => {
  expect(next('median', [], updates.map(digestOfVector))).toEqual([108, 201])
  expect([...model]).toEqual([100, 200])
})

test('updates count as they weigh, and so do updates of rows', () => {
  const digests = updates.map(digestOfVector)
  const weights = [1, 1, 1, 1, 1, 1, 9]
  for (const [row, update] of updates.entries()) workspace.vector(row).set(update)
  const rule = { rule: 'median', tolerated: 4 } as const
  expect([...nextModel(rule, workspace, rows, model, digests, weights)]).toEqual([164, 201])
  const sparse = updates.map((values) => ({ rows: Uint32Array.of(0), values }))
  const shape = { count: 1, width: 2 }
  expect([...nextModelOfRows(rule, shape, sparse, model, digests, weights)]).toEqual([164, 201])
})

test('what a rule draws is another thing in every round, the same for everybody', () => {
  const before = [{ bucketing: { size: 2 } }]
  const models = Array.from({ length: 12 }, (_, round) => {
    const digests = updates.map((update) => digestOfVector(update.map((value) => value + round)))
    expect(next('median', before, digests)).toEqual(next('median', before, digests))
    return next('median', before, digests)[0]
  })
  expect(new Set(models).size).toBeGreaterThan(3)
})
