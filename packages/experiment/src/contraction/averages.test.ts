import { describe, expect, test } from 'vitest'
import { minimumDiameterAverage, nearestNeighbourAverage, trimmedMean } from './averages.ts'

const points = (...values: number[]): number[][] => values.map((value) => [value])

describe('averages', () => {
  test('a trimmed mean leaves out f on each side, in each coordinate', () => {
    expect(trimmedMean(points(100, 1, 2, 3, -100), 1)).toEqual([2])
    expect(
      trimmedMean(
        [
          [0, 9],
          [5, 0],
          [9, 4],
        ],
        1,
      ),
    ).toEqual([5, 4])
    expect(trimmedMean(points(1, 2), 1)).toBeUndefined()
  })

  test('a minimum-diameter average takes the first of the subsets of least diameter', () => {
    expect(minimumDiameterAverage(points(1, 4, 7), 1)).toEqual([2.5])
    expect(minimumDiameterAverage(points(0, 10, 11, 12, 50), 2)).toEqual([11])
    expect(minimumDiameterAverage(points(1), 1)).toBeUndefined()
  })

  test('a nearest-neighbour average takes the nearest to its own', () => {
    expect(nearestNeighbourAverage([0], points(0, 8, 1, -1), 3)).toEqual([0])
    expect(nearestNeighbourAverage([0], points(1), 0)).toBeUndefined()
  })
})
