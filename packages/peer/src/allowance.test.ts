import { expect, it } from 'vitest'
import { Allowance } from './allowance.ts'

it('an allowance is a burst, and then a rate, for each on its own', () => {
  const allowance = new Allowance({ burst: 3, perSecond: 10 })
  const taken = (who: string, nowMs: number): number => {
    let count = 0
    while (allowance.take(who, nowMs)) count++
    return count
  }
  expect(taken('a', 0)).toBe(3)
  expect(taken('b', 0)).toBe(3)
  expect(taken('a', 99)).toBe(0)
  expect(taken('a', 100)).toBe(1)
  expect(taken('a', 300)).toBe(2)
  expect(taken('a', 10_000)).toBe(3)
})
