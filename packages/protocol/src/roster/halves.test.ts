import { expect, it } from 'vitest'
import { inHalves } from './halves.ts'

it('shares peers in order between two halves by weight, of which the first is not the lighter', () => {
  expect(inHalves([0, 2, 3], [1, 1, 1, 1])).toEqual([[0, 2], [3]])
  expect(inHalves([0, 1, 2, 3], [1, 1, 1, 1])).toEqual([
    [0, 1],
    [2, 3],
  ])
  expect(inHalves([0, 1, 2, 3], [5, 1, 2, 2])).toEqual([[0], [1, 2, 3]])
  expect(inHalves([0, 1, 2, 3], [1, 2, 2, 5])).toEqual([[0, 1, 2], [3]])
  expect(inHalves([], [1])).toEqual([[], []])
})
