import { expect, test } from 'vitest'
import { trustOf } from './methods.ts'
import { votingRights } from './voting-rights.ts'
import { type Vouch, Vouches } from './vouches/vouches.ts'

const vouchesOf = (count: number, ...pairs: [from: number, to: number, weight?: number][]) =>
  Vouches.of(
    count,
    pairs.map(([from, to, weight]): Vouch => ({ from, to, weight })),
  )

function expectTrust(found: Iterable<number>, golden: readonly number[]): void {
  const all = [...found]
  expect(all).toHaveLength(golden.length)
  for (const [peer, trust] of golden.entries()) expect(Math.abs(all[peer]! - trust), `of ${peer}`).toBeLessThan(1e-6)
}

test('lipschitrust: a chain of vouches', () => {
  const { trust } = trustOf({ method: 'lipschitrust' }, vouchesOf(5, [0, 1], [0, 2], [2, 3], [3, 4]), [0, 1])
  expectTrust(trust, [0.8, 0.89142857, 0.09142857, 0.01219048, 0.0016254])
})

// Inputs of solidago's own tests of it.
const tenUsers: [number, number][] = [
  [1, 0],
  [1, 3],
  [1, 7],
  [2, 5],
  [3, 1],
  [3, 5],
  [4, 7],
  [5, 1],
  [7, 1],
  [7, 2],
  [8, 3],
  [9, 4],
  [9, 5],
]
const ofTen = [0.09263936, 0.92639363, 0.01058736, 0.89263936, 0, 0.10342757, 0.8, 0.09263936, 0, 0]
const withOneMore = [0.08224522, 0.92525868, 0.00939945, 0.89321124, 0, 0.10333455, 0.8, 0.08224522, 0.08224522, 0]

test.each([
  [[], ofTen],
  [[[1, 8]], withOneMore],
] as [[number, number][], number[]][])('lipschitrust: ten users, and %j more', (more, golden) => {
  const { trust } = trustOf({ method: 'lipschitrust' }, vouchesOf(10, ...tenUsers, ...more), [1, 3, 6])
  expectTrust(trust, golden)
})

test.each([
  [1, 0.0914],
  [10, 0.1882],
  [100, 0.3834],
])('lipschitrust: %d sybils behind one vouch have %d together', (sybils, total) => {
  const pairs: [number, number][] = [
    [0, 1],
    [0, 2],
  ]
  for (let a = 0; a < sybils; a++) for (let b = 0; b < sybils; b++) if (a !== b) pairs.push([2 + a, 2 + b])
  const { trust } = trustOf({ method: 'lipschitrust' }, vouchesOf(2 + sybils, ...pairs), [0])
  const ofSybils = trust.slice(2).reduce((sum, each) => sum + each, 0)
  expect(ofSybils).toBeCloseTo(total, 4)
  expect(ofSybils).toBeLessThanOrEqual((0.8 * (0.8 / 7)) / (1 - 0.8))
})

const local = vouchesOf(4, [0, 1, 3], [0, 2, 1], [1, 0, 2], [1, 2, 2], [2, 1, 1], [3, 2, 5])

test.each([
  [[0], [0.32919955, 0.421646, 0.24915445, 0]],
  [
    [0, 1, 2, 3],
    [0.22316798, 0.43686584, 0.30246618, 0.0375],
  ],
] as [number[], number[]][])('eigentrust: pre-trusted %j', (preTrusted, golden) => {
  expectTrust(trustOf({ method: 'eigentrust' }, local, preTrusted).trust, golden)
})

test.each([
  [0.05, 0.7155],
  [0.15, 0.4028],
  [0.5, 0.0654],
])('eigentrust: a pair that praises itself, restart %d', (restart, share) => {
  const vouches = vouchesOf(
    6,
    [0, 1, 3],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 2],
    [2, 1, 1],
    [2, 4, 1],
    [3, 2, 5],
    [4, 5, 1],
    [5, 4, 1],
  )
  const { trust } = trustOf({ method: 'eigentrust', restart }, vouches, [0])
  expect(trust[4]! + trust[5]!).toBeCloseTo(share, 4)
})

test.each(['mutual', 'either'])('sybilrank: two cliques of five and one link, %s', (links) => {
  const pairs: [number, number][] = [[4, 5]]
  for (const clique of [0, 5])
    for (let a = 0; a < 5; a++) for (let b = 0; b < a; b++) pairs.push([clique + a, clique + b])
  const both =
    links === 'mutual'
      ? pairs.flatMap(([a, b]): [number, number][] => [
          [a, b],
          [b, a],
        ])
      : pairs
  const { trust } = trustOf({ method: 'sybilrank', links }, vouchesOf(10, ...both), [0])
  expectTrust(trust, [0.44601563, 0.43625, 0.43625, 0.43625, 0.3759375, 0.10025, 0.0375, 0.0375, 0.0375, 0.0375])
})

test.each([0, 1, 5, 40])('voting rights: %d trusted, and others not', (trusted) => {
  for (const untrusted of [1, 2, 3, 100]) {
    const trust = [...Array<number>(trusted).fill(1), ...Array<number>(untrusted).fill(0)]
    const right = Math.min(1, (2 + 0.1 * trusted) / untrusted)
    expectTrust(votingRights(trust), [...Array<number>(trusted).fill(1), ...Array<number>(untrusted).fill(right)])
  }
})

test('voting rights: in between, and in private', () => {
  const right = 0.535
  const trust = [0, 0.2, 0.5, 0.8, 1, 0, 0, 0]
  const privacy = [1, 1, 0.5, 1, 1, 0.5, 1, 1]
  const found = votingRights(trust, privacy)
  expect(found[0]).toBeCloseTo(right, 6)
  const excess = found.reduce((sum, each, rater) => sum + (each - privacy[rater]! * trust[rater]!), 0)
  expect(excess).toBeCloseTo(2.225, 9)
})
