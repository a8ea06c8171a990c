import { describe, expect, test } from 'vitest'
import { firstMsAfter, Patience } from './patience.ts'

/** A clock that is `lateMs` behind with its timers. */
function waiting({ firstMs, lateMs = 0 }: { firstMs?: number; lateMs?: number }) {
  let nowMs = 1000
  let due: { atMs: number; run: () => void } | undefined
  let overMs: number | undefined
  const clock = {
    nowMs: () => nowMs,
    after: (delayMs: number, run: () => void) => {
      const mine = { atMs: nowMs + delayMs, run }
      due = mine
      return () => {
        if (due === mine) due = undefined
      }
    },
  }
  const patience = new Patience(clock, { waitMs: 100, firstMs }, () => {
    overMs = nowMs - 1000
  })
  /** Lets time go on until then, or for ever. */
  const until = (atMs = Number.POSITIVE_INFINITY): void => {
    while (due !== undefined && due.atMs + lateMs <= 1000 + atMs) {
      const { atMs: wantedMs, run } = due
      due = undefined
      nowMs = Math.max(nowMs, wantedMs + lateMs)
      run()
    }
    if (Number.isFinite(atMs)) nowMs = 1000 + atMs
  }
  const heardAt = (...times: readonly number[]): void => {
    for (const atMs of times) {
      until(atMs)
      patience.heard()
    }
  }
  return { patience, until, heardAt, over: () => overMs }
}

describe('chunks are waited for', () => {
  test('so long when none comes, and then twice as long, up to 64 times', () => {
    let tookMs: number[] = []
    const waits = Array.from({ length: 8 }, () => {
      const { patience, until, over } = waiting({ firstMs: firstMsAfter(tookMs, 100) })
      until()
      tookMs = [patience.tookMs]
      return over()
    })
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 6400])
  })

  test('twice as long as the first of the usual author took, whatever less than half of them do', () => {
    const { patience, heardAt } = waiting({ firstMs: 400 })
    heardAt(300)
    expect(patience.tookMs).toBe(300)
    expect(firstMsAfter([300, 300, 6400], 100)).toBe(600)
    expect(firstMsAfter([10, 20, 6400], 100)).toBe(100)
  })

  test('after each no longer than the first took, and at least half of the wait', () => {
    const slow = waiting({})
    slow.heardAt(60, 110)
    slow.until()
    expect(slow.over()).toBe(170)
    const fast = waiting({})
    fast.heardAt(1, 20)
    fast.until()
    expect(fast.over()).toBe(70)
  })

  test('eight times so long in all, however they drip', () => {
    const { heardAt, until, over } = waiting({})
    heardAt(...Array.from({ length: 13 }, (_, i) => 60 * (i + 1)))
    until()
    expect(over()).toBe(800)
  })

  test('as much longer as this process was busy, but not for ever', () => {
    const busy = waiting({ lateMs: 50 })
    busy.until(200)
    expect(busy.over()).toBeUndefined()
    busy.heardAt(240)
    busy.until()
    expect(busy.over()).toBeGreaterThan(340)
    expect(busy.over()).toBeLessThan(2000)
  })

  test('no more once they are not wanted', () => {
    const { patience, until, over } = waiting({})
    patience.end()
    until()
    expect(over()).toBeUndefined()
  })
})
