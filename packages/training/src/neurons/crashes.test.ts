import { namedStream } from '@hearsay/catalogue/random'
import { expect, test } from 'vitest'
import { absoluteMoments } from '../testing/absolute-moments.ts'
import { copiesFor, halfErrs, medianCopies } from './copies.ts'
import { drawnMoments, gradientMoments, removalMoments } from './crash-moments.ts'
import { gradientOf, type Network, runAfter, runNetwork } from './network.ts'

test('a linear output: mean and deviation of the page', () => {
  const [weights, sent] = [
    [1, -2, 0.5],
    [0.5, 0.25, 1],
  ]
  const g = (values: Float64Array) => values.reduce((sum, value, at) => sum + weights[at]! * value, 0)
  for (const { mean, variance } of [gradientMoments(weights, sent, 0.1), removalMoments(g, sent, 0.1)]) {
    expect(mean).toBeCloseTo(-0.05, 14)
    expect(Math.sqrt(variance)).toBeCloseTo(0.27386, 5)
    expect(Math.sqrt(variance * 0.9)).toBeCloseTo(0.25981, 5)
  }
})

/** A network of sigmoids, its weights of the size that keeps sums alike as layers widen. */
function sigmoids(sizes: readonly number[], seed: string): Network {
  const random = namedStream('crashes', seed)
  return sizes.slice(1).map((units, at) => {
    const inputs = sizes[at]!
    return {
      inputs,
      units,
      weights: Float64Array.from({ length: inputs * units }, () => (2 * random.between(-1, 1)) / Math.sqrt(inputs)),
      bias: new Float64Array(units),
      activation: at === sizes.length - 2 ? 'none' : 'sigmoid',
    }
  })
}

const input = [0.3, -0.7, 0.2, 0.9]

test('trying each crash alone foretells 10⁵ draws, within three standard errors and what p² adds', () => {
  // As wide as that of the page, whose numbers are of its own weights.
  const network = sigmoids([4, 50, 30, 1], 'draws')
  const values = runNetwork(network, input)
  const g = (sent: Float64Array) => runAfter(network, 0, sent)[0]!
  const [p, draws] = [0.01, 100_000]
  const due = removalMoments(g, values[0]!, p)
  const drawn = drawnMoments(g, values[0]!, p, draws, namedStream('crashes', 'which').uniform)
  expect(Math.abs(drawn.mean - due.mean)).toBeLessThan(3 * Math.sqrt(drawn.variance / draws))
  expect(Math.sqrt(drawn.variance / due.variance)).toBeGreaterThan(0.97)
  expect(Math.sqrt(drawn.variance / due.variance)).toBeLessThan(1.01)
  // b3 is near, and b2, which knows no activation and no sign, is not.
  const gradient = gradientMoments(gradientOf(network, values, 0, 0), values[0]!, p)
  expect(gradient.variance / due.variance).toBeCloseTo(1, 1)
  const absolute = absoluteMoments(network, 0, values[0]!, 0, p)
  expect(Math.sqrt(absolute.variance / due.variance)).toBeGreaterThan(3)
  expect(absolute.mean).toBeGreaterThan(3 * Math.abs(due.mean))
})

test('as a layer widens the gradient foretells what trying gives', () => {
  const [narrow, wide] = [10, 1000].map((width) => {
    const network = sigmoids([4, width, 10, 1], 'widening')
    const values = runNetwork(network, input)
    const tried = removalMoments((sent) => runAfter(network, 0, sent)[0]!, values[0]!, 0.01)
    return Math.abs(gradientMoments(gradientOf(network, values, 0, 0), values[0]!, 0.01).variance / tried.variance - 1)
  })
  expect(wide).toBeLessThan(narrow! / 5)
  expect(wide).toBeLessThan(0.01)
})

const page = { probability: 0.01, neurons: 1001, balance: 0.01, mean: 0, variance: 1e-6 }

test('copies for ε and δ: those of the source, and those that the binomial tail asks for', () => {
  const { alpha, published, copies, one } = copiesFor(page, 0.009, 1e-5)
  expect([alpha, published, copies]).toEqual([expect.closeTo(0.1218, 4), 21, 155])
  expect(one).toBeCloseTo(1e-6 / 0.009 ** 2, 12)
  expect(halfErrs(21, 1 / 3)).toBeCloseTo(0.05572, 5)
  expect(halfErrs(155, 1 / 3)).toBeLessThanOrEqual(1e-5)
  expect(halfErrs(153, 1 / 3)).toBeGreaterThan(1e-5)
  expect(medianCopies(1 / 3, 0.34)).toBe(1)
})

test.each([
  [{ probability: 0.09 }, 1e-5, 'e^2.5·p is 1.1'],
  [{ balance: 0.001 }, 1e-5, 'unbalanced, q = 0.001'],
  [{ neurons: 501 }, 1e-5, '= 0.368 > 1/6'],
  [{ mean: 0.009 }, 1e-5, 'is not below ε'],
  [{ variance: 3e-5 }, 1e-5, 'is 0.37, not below 1/3'],
  [{}, 1, 'delta is 1'],
])('no number of copies with %j, δ %d: %s', (other, delta, message) => {
  expect(() => copiesFor({ ...page, ...other }, 0.009, delta)).toThrow(message)
})
