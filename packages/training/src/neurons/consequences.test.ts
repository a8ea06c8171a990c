import { namedStream } from '@hearsay/catalogue/random'
import { expect, test } from 'vitest'
import { randomNetwork } from '../testing/random-networks.ts'
import { boundOf } from './bounds.ts'
import { consequencesOf, copiesOfNeurons, mayMiss, precisionOf } from './consequences.ts'
import { type Network, runNetwork } from './network.ts'

/** Nothing bends, each sum has its own weights. */
const plain: Network = [
  {
    inputs: 3,
    units: 3,
    weights: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    bias: new Float64Array(3),
    activation: 'none',
  },
  {
    inputs: 3,
    units: 2,
    weights: Float64Array.of(0.5, 0.1, 0.2, 0.1, 0.5, 0.2),
    bias: new Float64Array(2),
    activation: 'none',
  },
  { inputs: 2, units: 1, weights: Float64Array.of(1, 1), bias: new Float64Array(1), activation: 'none' },
]

test('neurons that each miss inputs of their own do more than as many crashed ones, and keep within what is allowed', () => {
  // One missed: 0.5 + 0.5, by different inputs; one crashed neuron: 0.5 + 0.1.
  expect(boundOf('absolute', plain, [1, 1])([1, 0])[0]).toBeCloseTo(0.6, 12)
  expect(mayMiss(plain, 0, 1, 0.99)).toBe(0)
  expect(mayMiss(plain, 0, 1, 1)).toBe(1)
  expect(mayMiss(plain, 0, 1, 1.4)).toBe(2)
  expect(mayMiss(plain, 0, 1, 1.6)).toBe(3)
  // What the second layer sums up of inputs 1, without the greatest of each.
  const whole = runNetwork(plain, [1, 1, 1]).at(-1)![0]!
  const synapses = [0, 1].map((unit) => ({ layer: 1, unit, by: -0.5 }))
  expect(whole - runNetwork(plain, [1, 1, 1], { synapses }).at(-1)![0]!).toBeCloseTo(1, 12)
})

test('neurons that round keep within what is allowed, and somewhere reach it', () => {
  expect(precisionOf(plain, [0], 0.16)).toBeCloseTo(0.1, 12)
  expect(precisionOf(plain, [0, 1], 0.36)).toBeCloseTo(0.1, 12)
  const random = namedStream('neurons', 'rounding')
  for (let of = 0; of < 50; of++) {
    const network = randomNetwork(random, 2 + random.integer(4))
    const input = Float64Array.from({ length: network[0]!.inputs }, () => random.between(-1, 1))
    const layers = [...network.keys()].slice(0, -1)
    const cut = precisionOf(network, layers, 0.01)
    const rounded = (value: number) => Math.round(value / (2 * cut)) * 2 * cut
    const neurons = layers.map(() => new Map<number, number>())
    for (const layer of layers) {
      const sent = runNetwork(network, input, { neurons })[layer]!
      neurons[layer] = new Map([...sent.entries()].map(([unit, value]) => [unit, rounded(value)]))
    }
    const due = runNetwork(network, input).at(-1)!
    for (const [at, value] of runNetwork(network, input, { neurons }).at(-1)!.entries())
      expect(Math.abs(value - due[at]!)).toBeLessThanOrEqual(0.01 * (1 + 1e-9))
  }
})

test('copies that make one failure bearable, and none where it is', () => {
  expect([copiesOfNeurons(0.6, 0.2), copiesOfNeurons(0.61, 0.2), copiesOfNeurons(0.1, 0.2)]).toEqual([3, 4, 1])
  expect(consequencesOf(plain, { ones: [0.6, 1], off: [1, 1], allowed: 0.5 })).toEqual([
    { after: 3, precision: expect.closeTo(0.5 / 1.6, 12), copies: 2 },
    { after: 2, precision: expect.closeTo(0.25, 12), copies: 2 },
  ])
})
