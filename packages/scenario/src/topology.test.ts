import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connections, isConnected } from './topology.ts'

test('full, ring and edges', () => {
  expect(connections({ kind: 'full' }, 4, 1)).toHaveLength(6)
  expect(connections({ kind: 'ring' }, 4, 1)).toEqual([
    [0, 1],
    [0, 3],
    [1, 2],
    [2, 3],
  ])
  const edges: [number, number][] = [
    [2, 0],
    [0, 1],
    [1, 0],
  ]
  expect(connections({ kind: 'edges', edges }, 3, 1)).toEqual([
    [0, 1],
    [0, 2],
  ])
  expect(connections({ kind: 'ring' }, 1, 1)).toEqual([])
})

test('a random graph is connected, has the degree, and depends on the seed alone', () => {
  const sizes = fc
    .integer({ min: 3, max: 40 })
    .chain((peers) =>
      fc.record({ peers: fc.constant(peers), degree: fc.integer({ min: 2, max: peers - 1 }), seed: fc.nat() }),
    )
  fc.assert(
    fc.property(sizes, ({ peers, degree, seed }) => {
      const found = connections({ kind: 'random', degree }, peers, seed)
      expect(isConnected(found, peers)).toBe(true)
      for (let peer = 0; peer < peers; peer++) {
        expect(found.filter((pair) => pair.includes(peer)).length).toBeGreaterThanOrEqual(degree)
      }
      expect(connections({ kind: 'random', degree }, peers, seed)).toEqual(found)
      expect(found.length).toBeLessThanOrEqual(Math.ceil((peers * (degree + 2)) / 2))
    }),
    { numRuns: 50 },
  )
  const ofSeed = (seed: number) => JSON.stringify(connections({ kind: 'random', degree: 3 }, 12, seed))
  expect(ofSeed(1)).not.toBe(ofSeed(2))
})

test('a graph in two pieces is not connected', () => {
  expect(isConnected([[0, 1]], 3)).toBe(false)
})
