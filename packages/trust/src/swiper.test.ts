import fc from 'fast-check'
import { expect, test } from 'vitest'
import { qualification, restriction, type Share, separation } from './swiper.ts'

const oneToSeven = [1, 2, 3, 4, 5, 6, 7]
const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]

test.each([
  [restriction(oneToSeven, [1, 3], [1, 2]), [0, 0, 1, 1, 1, 1, 1]],
  [restriction(oneToSeven, [1, 4], [1, 3]), [0, 0, 0, 1, 1, 1, 1]],
  [restriction(oneToSeven, [1, 3], [3, 8]), [0, 1, 1, 1, 2, 2, 2]],
  [qualification(oneToSeven, [2, 3], [1, 2]), [0, 0, 1, 1, 1, 1, 1]],
  [separation(oneToSeven, [1, 3], [2, 3]), [0, 0, 1, 1, 1, 1, 1]],
  [restriction(primes, [1, 3], [3, 8]), [0, 0, 0, 1, 1, 1, 1, 2, 2, 3]],
])('golden values of the solver by its authors, %#', (tickets, golden) => {
  expect(tickets).toEqual(golden)
})

/** Of every set what it weighs, and its tickets. */
function setsOf(weights: readonly number[], tickets: readonly number[]): { w: number; t: number }[] {
  return Array.from({ length: 2 ** weights.length }, (_, set) => {
    const within = [...weights.keys()].filter((peer) => (set >> peer) & 1)
    const sum = (numbers: readonly number[]) => within.reduce((all, peer) => all + numbers[peer]!, 0)
    return { w: sum(weights), t: sum(tickets) }
  })
}

const shares = fc.constantFrom<[Share, Share]>(
  [
    [1, 3],
    [1, 2],
  ],
  [
    [1, 3],
    [3, 8],
  ],
  [
    [1, 4],
    [1, 3],
  ],
  [
    [1, 2],
    [2, 3],
  ],
)
const someWeights = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 })

test('no set breaks a demand, equal weights and single peers included', () => {
  fc.assert(
    fc.property(someWeights, shares, (weights, [low, high]) => {
      const total = weights.reduce((sum, each) => sum + each, 0)
      const part = ([over, under]: Share, of: number) => (over * of) / under
      const restricted = restriction(weights, low, high)
      const qualified = qualification(weights, high, low)
      const separated = separation(weights, low, high)
      const all = (tickets: readonly number[]) => tickets.reduce((sum, each) => sum + each, 0)
      for (const { w, t } of setsOf(weights, restricted))
        if (w < part(low, total)) expect(t).toBeLessThan(part(high, all(restricted)))
      for (const { w, t } of setsOf(weights, qualified))
        if (w > part(high, total)) expect(t).toBeGreaterThan(part(low, all(qualified)))
      const sets = setsOf(weights, separated)
      const most = Math.max(...sets.filter(({ w }) => w < part(low, total)).map(({ t }) => t))
      for (const { w, t } of sets) if (w > part(high, total)) expect(t).toBeGreaterThan(most)
    }),
  )
})

test.each([
  [[], [1, 3], [1, 2]],
  [[0], [1, 3], [1, 2]],
  [[1.5], [1, 3], [1, 2]],
  [[1], [1, 2], [1, 2]],
  [[1], [1, 2], [2, 2]],
  [Array<number>(1_001).fill(1), [1, 3], [1, 2]],
] as [number[], Share, Share][])('%j is refused', (weights, low, high) => {
  expect(() => restriction(weights, low, high)).toThrow(RangeError)
})
