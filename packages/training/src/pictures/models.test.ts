import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { lengthOf, tensorsOf } from '../layers/plan.ts'
import type { LayerSpec, ModelSpec } from '../task/layers.ts'
import { initialModel } from '../testing/initial-model.ts'
import { type ModelChoice, planModel } from './models.ts'

const parameterCount = (model: ModelChoice) => lengthOf(planModel(model))
const own = (inputShape: number[], ...layers: LayerSpec[]): ModelSpec => ({ name: 'own', inputShape, layers })

test('the built-in models have the sizes that their names promise', () => {
  expect(parameterCount('logistic')).toBe(784 * 10 + 10)
  expect(parameterCount('mlp')).toBe(101_770)
  expect(parameterCount('cnn')).toBe(61_706)
})

test('weights lie one after the other: layer by layer, kernel before bias', () => {
  const places = planModel('cnn').flatMap((plan) => plan.weights)
  expect(places.slice(0, 4).map(({ shape }) => shape)).toEqual([[5, 5, 1, 6], [6], [5, 5, 6, 16], [16]])
  let offset = 0
  for (const place of places) {
    expect(place.offset).toBe(offset)
    offset += place.length
  }
  expect(offset).toBe(61_706)
})

test('each tensor has a name of its own, its shape and its place', () => {
  const tensors = tensorsOf(planModel('cnn'))
  expect(tensors.slice(0, 3)).toEqual([
    { name: 'layers.0.kernel', shape: [5, 5, 1, 6], offset: 0 },
    { name: 'layers.0.bias', shape: [6], offset: 150 },
    { name: 'layers.2.kernel', shape: [5, 5, 6, 16], offset: 156 },
  ])
  expect(new Set(tensors.map(({ name }) => name)).size).toBe(tensors.length)
})

test('shapes follow padding and stride', () => {
  const spec = own(
    [9, 8, 2],
    { kind: 'conv2d', filters: 3, size: 3, stride: 2, padding: 'same', activation: 'none' },
    { kind: 'max-pool', size: 2, stride: 1, padding: 'valid' },
    { kind: 'flatten' },
  )
  expect(planModel(spec).map(({ outputShape }) => outputShape)).toEqual([[5, 4, 3], [4, 3, 3], [36]])
})

test.each([
  ['dense after a picture', own([4, 4, 1], { kind: 'dense', units: 2, activation: 'none' }), /layers\[0\].*flatten/],
  ['pool on a row', own([16], { kind: 'max-pool', size: 2, padding: 'valid' }), /height, width, channels/],
  [
    'a vector beyond memory',
    own([65_536], { kind: 'dense', units: 65_536, activation: 'none' }),
    /more than 100000000/,
  ],
  ['window too large', own([4, 4, 1], { kind: 'max-pool', size: 5, padding: 'valid' }), /window of 5 is larger/],
])('refuses %s', (_, spec, message) => {
  expect(() => parameterCount(spec)).toThrow(message)
  expect(() => parameterCount(spec)).toThrow(expect.objectContaining({ code: 'bad-model' }))
})

test('the initial model is Glorot uniform with zero biases', () => {
  const model = initialModel('mlp', 1)
  const limit = Math.sqrt(6 / (784 + 128))
  const kernel = model.subarray(0, 784 * 128)
  expect(Math.max(...kernel)).toBeLessThanOrEqual(limit)
  expect(Math.max(...kernel)).toBeGreaterThan(0.999 * limit)
  expect(Math.min(...kernel)).toBeLessThan(-0.999 * limit)
  expect(model.subarray(784 * 128, 784 * 128 + 128).every((bias) => bias === 0)).toBe(true)
})

// It is part of a genesis digest: who changes these bits starts other networks.
test.each([
  ['logistic', '89ec4308b1b0781a'],
  ['mlp', 'bfc48f3df2c25fed'],
  ['cnn', 'a279a69ee5df807d'],
] as const)('the initial %s has the same bits for ever', (name, digest) => {
  const model = initialModel(name, 'golden')
  expect(createHash('sha256').update(new Uint8Array(model.buffer)).digest('hex').slice(0, 16)).toBe(digest)
  expect(initialModel(name, 'other')).not.toEqual(model)
})
