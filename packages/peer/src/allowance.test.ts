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

it('an allowance is what its options are when it is asked for', () => {
  let neighbours = 1
  const allowance = new Allowance({
    burst: 1,
    get perSecond() {
      return 10 / neighbours
    },
  })
  expect([allowance.take('a', 0), allowance.take('a', 100)]).toEqual([true, true])
  neighbours = 2
  expect([allowance.take('a', 200), allowance.take('a', 300)]).toEqual([false, true])
})

it('an allowance tells how long to wait for more than is left, and takes nothing meanwhile', () => {
  const allowance = new Allowance({ burst: 100, perSecond: 10 })
  expect(allowance.waitMs('a', 0, 80)).toBe(0)
  expect(allowance.waitMs('a', 0, 50)).toBe(3000)
  expect(allowance.waitMs('a', 1000, 50)).toBe(2000)
  expect(allowance.waitMs('a', 3000, 50)).toBe(0)
  expect(allowance.waitMs('a', 3000, 10)).toBe(1000)
})

it('an allowance that was overdrawn tells how long until it is made good, and what was worth it is given back', () => {
  const allowance = new Allowance({ burst: 100, perSecond: 10 })
  expect(allowance.spend('a', 0, 90)).toBe(0)
  expect(allowance.spend('a', 0, 30)).toBe(2000)
  expect(allowance.spend('a', 1000, 0)).toBe(1000)
  allowance.give('a', 10)
  expect(allowance.spend('a', 1000, 0)).toBe(0)
  expect(allowance.take('b', 0)).toBe(true)
})
