import { expect, test } from 'vitest'
import type { Network } from '../neurons/network.ts'
import { absoluteMoments, normBound } from './absolute-moments.ts'

/** After the first layer: weights 1 −2 and 3 4 (rows), then 1 −1. */
const network: Network = [
  { inputs: 1, units: 2, weights: Float64Array.of(1, 1), bias: new Float64Array(2), activation: 'tanh' },
  { inputs: 2, units: 2, weights: Float64Array.of(1, -2, 3, 4), bias: new Float64Array(2), activation: 'tanh' },
  { inputs: 2, units: 1, weights: Float64Array.of(1, -1), bias: new Float64Array(1), activation: 'none' },
]

test('b2 and b1 by hand', () => {
  // |W|·y = 1·0.5 + 2·0.25 and 3·0.5 + 4·0.25, together 3.5; squares 0.25 + 4·0.0625 and 9·0.25 + 16·0.0625.
  const { mean, variance } = absoluteMoments(network, 0, [0.5, -0.25], 0, 0.1)
  expect(mean).toBeCloseTo(0.35, 12)
  expect(variance).toBeCloseTo(0.1 * (0.5 + 3.25), 12)
  // Columns of absolute sums at most 6 and 1; rows 7 and 2.
  expect(normBound(network, 0, [0.5, -0.25], 1, 0.1)).toBeCloseTo(0.1 * 0.75 * 6 * 1, 12)
  expect(normBound(network, 0, [0.5, -0.25], 'infinity', 0.1)).toBeCloseTo(0.1 * 0.5 * 7 * 2, 12)
  // An upper bound of how much the output moves on average.
  expect(normBound(network, 0, [0.5, -0.25], 1, 0.1)).toBeGreaterThanOrEqual(mean)
})
