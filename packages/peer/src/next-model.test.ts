import { type RuleName, Workspace } from '@hearsay/aggregation'
import { digestOfVector } from '@hearsay/protocol'
import { expect, test } from 'vitest'
import { goesOn, nextModel, nextModelOfRows } from './next-model.ts'

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

test('a rule that goes on from its last output goes on from what the model gained', () => {
  const workspace = new Workspace({ rows: 3, length: 1 })
  for (const [row, value] of [3, 4, 5].entries()) workspace.vector(row).set([value])
  const digests = [0, 1, 2].map((row) => digestOfVector(new Float32Array([row])))
  const clipping = { rule: 'centered-clipping', radius: 1, tolerated: 1 } as const
  const of = (before?: Float32Array) =>
    nextModel(clipping, workspace, [0, 1, 2], new Float32Array([10]), digests, undefined, before)
  // From zero each counts for 1; from 4, what the model gained, by what it differs.
  expect([...of()]).toEqual([11])
  expect([...of(new Float32Array([6]))]).toEqual([14])
  expect(goesOn(clipping)).toBe(true)
  expect(goesOn({ rule: 'median', tolerated: 1 })).toBe(false)
})
