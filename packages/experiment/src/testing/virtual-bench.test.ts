import { expect, test } from 'vitest'
import { bench, growth } from './virtual-bench.ts'

test('what a peer hears in a round grows no faster than n², in messages and in statements', () => {
  // Counts are the same on every machine; times are not, and are asserted nowhere.
  const results = [7, 13, 25].map((peers) => bench(2, { peers, stepMs: 5 }))
  for (const kind of ['delivered', 'statements'] as const) {
    const slopes = growth(results.map(({ peers, perPeerAndRound }) => ({ n: peers, cost: perPeerAndRound[kind] })))
    expect(slopes).toHaveLength(2)
    for (const slope of slopes) expect(slope).toBeLessThan(2.2)
  }
  expect(results[0]!.deliveredPerSecond).toBeGreaterThan(0)
})

test('growth is the exponent', () => {
  expect(growth([1, 2, 4].map((n) => ({ n, cost: 5 * n ** 3 })))).toEqual([expect.closeTo(3), expect.closeTo(3)])
})
