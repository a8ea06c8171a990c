import { expect, it } from 'vitest'
import { Overdue } from './overdue.ts'

const progress = { round: 3, awaits: 'updates', missing: [1] } as const

it('tells of a round that takes longer than its time, and then ever more rarely', () => {
  const overdue = new Overdue(2000)
  overdue.onRound(3, 0)
  const told = Array.from({ length: 200 }, (_, second) => second).filter((second) =>
    overdue.due(progress, second * 1000),
  )
  expect(told).toEqual([12, 36, 84, 180])
  expect(overdue.due(progress, 400_000)).toEqual({ ...progress, sinceMs: 0 })
})

it('gives a round three times as long as the slowest of the last took', () => {
  const overdue = new Overdue(0)
  overdue.onRound(1, 0)
  overdue.onRound(2, 20_000)
  expect(overdue.due(progress, 79_999)).toBeUndefined()
  expect(overdue.due(progress, 80_000)).toBeDefined()
})

it('says nothing of a round that waits for its time, nor without one', () => {
  const overdue = new Overdue(0)
  expect(overdue.due(progress, 1e9)).toBeUndefined()
  overdue.onRound(1, 0)
  expect(overdue.due({ ...progress, awaits: 'pace' }, 1e9)).toBeUndefined()
  expect(overdue.due(undefined, 1e9)).toBeUndefined()
  overdue.onRound(undefined, 1e9)
  expect(overdue.due(progress, 2e9)).toBeUndefined()
})
