import type { SparseUpdate } from '@hearsay/aggregation'
import { expect, test } from 'vitest'
import { onVectors } from './on-vectors.ts'
import { createAdversary } from './protocol/behaviours.ts'

const sparse = (rows: readonly number[], values: readonly number[]): SparseUpdate => ({
  rows: Uint32Array.from(rows),
  values: Float32Array.from(values),
})
const own = sparse([2, 7], [1, 2, 3, 4])

test('an attack is given the rows that honest peers speak about, zero where one says nothing, and speaks about all', () => {
  const honest = [sparse([7], [5, 6]), sparse([9, 20], [1, 1, 2, 2])]
  const seen: number[][] = []
  const sent = onVectors(own, honest, (mine, others) => {
    seen.push([...mine], ...others.map((each) => [...each]))
    return Float32Array.of(1, 2, 3, 4, 5, 6)
  })
  expect(seen).toEqual([
    [3, 4, 0, 0, 0, 0],
    [5, 6, 0, 0, 0, 0],
    [0, 0, 1, 1, 2, 2],
  ])
  expect(sent).toEqual(sparse([7, 9, 20], [1, 2, 3, 4, 5, 6]))
})

test('its own rows where it knows no others, nothing where nobody speaks, and vectors as they are', () => {
  expect(onVectors(own, [], (mine) => mine)).toEqual(own)
  const none = sparse([], [])
  expect(onVectors(own, [none], () => expect.unreachable())).toBe(own)
  expect(onVectors(Float32Array.of(1), [Float32Array.of(2)], (_, [other]) => other!)).toEqual(Float32Array.of(2))
})

test('attacks on updates and on the protocol are as they were', async () => {
  const honest = [sparse([1], [2, 2]), sparse([1, 2], [4, 4, 8, 8]), sparse([1], [6, 6])]
  const coalition = { liars: [3], seed: 1, forged: new Map() }
  const view = {
    round: 1,
    model: 'm',
    n: 4,
    rule: { rule: 'mean', tolerated: 1 },
    coalition,
    honest: async () => new Map(honest.entries()),
  }
  const sent = (behaviour: string) => createAdversary({ behaviour }, 1).alter!(own, view as never)
  expect(await sent('sign-flip')).toMatchObject({ rows: own.rows })
  expect(await sent('inner-product')).toMatchObject({ rows: Uint32Array.of(1, 2) })
  expect(await sent('stale')).toBe(own)
})
