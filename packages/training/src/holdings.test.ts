import { expect, test } from 'vitest'
import { countShares, holdingsOf } from './holdings.ts'
import { taskSchema } from './schema.ts'
import { learningSchema } from './task/learning.ts'

test('classes are counted for each peer', () => {
  const contents = { kind: 'classes', names: ['cat', 'dog', 'cow'], labels: Int32Array.of(0, 1, 1, 0, 1) } as const
  expect(countShares([Int32Array.of(0, 1), Int32Array.of(4, 2, 3)], contents)).toEqual({
    kind: 'classes',
    columns: ['cat', 'dog', 'cow'],
    counts: [
      [1, 1, 0],
      [1, 2, 0],
    ],
    sizes: [2, 3],
  })
})

test('numbers are counted by fifths of all of them, each in one', () => {
  const values = Float32Array.from({ length: 100 }, (_, index) => index)
  const contents = { kind: 'numbers', name: 'price', values } as const
  const halves = [0, 50].map((from) => Int32Array.from({ length: 50 }, (_, index) => from + index))
  const { kind, columns, counts } = countShares(halves, contents)
  expect([kind, columns]).toEqual(['quantiles', ['up to 19', '… 39', '… 59', '… 79', '… 99']])
  expect(counts).toEqual([
    [20, 20, 10, 0, 0],
    [0, 0, 10, 20, 20],
  ])
})

test('numbers that are nearly all equal have fewer columns', () => {
  const values = Float32Array.from({ length: 100 }, (_, index) => (index === 0 ? 7 : 0))
  const { columns, counts } = countShares([Int32Array.of(0, 1, 2)], { kind: 'numbers', name: 'x', values })
  expect([columns, counts]).toEqual([['up to 0', '… 7'], [[2, 1]]])
})

test('what a run divides is told without pictures, for its seed', async () => {
  const task = taskSchema().parse({ trainSamples: 500, partition: { kind: 'dirichlet', alpha: 0.5 } })
  const of = (seed: number) => holdingsOf({ task, learning: learningSchema.parse({}), peers: 4, seed })
  const holdings = await of(1)
  expect([holdings.columns.length, holdings.sizes.reduce((sum, size) => sum + size)]).toEqual([10, 500])
  for (const [peer, row] of holdings.counts.entries())
    expect(row.reduce((sum, count) => sum + count)).toBe(holdings.sizes[peer])
  expect(await of(1)).toEqual(holdings)
  expect(await of(2)).not.toEqual(holdings)
})
