import { namedStream } from '@hearsay/catalogue/random'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initialParameters, planLayers } from '../layers/plan.ts'
import { randomNetwork } from '../testing/random-networks.ts'
import { tryFailures, tryNetwork } from '../testing/try-failures.ts'
import { boundNames, boundOf, faultsOf, sizesOf, synapseBoundOf, synapseFaultsOf } from './bounds.ts'
import { errorBound, type HiddenLayer, synapseBound } from './error-bound.ts'
import { gradientOf, type Network, runNetwork } from './network.ts'
import { networkOf } from './network-of.ts'
import { safeShare } from './safe-share.ts'
import { toleranceOf, weakestOf } from './tolerated.ts'

const layersOf = (neurons: readonly number[], weights: readonly number[], lipschitz: number, fault: number) =>
  neurons.map((count, at): HiddenLayer => ({ neurons: count, weight: weights[at]!, lipschitz, fault }))

test.each([
  [[10, 8, 5], [0.5, 0.2, 0.3], 1, 1, [1, 0, 0], 0.24],
  [[10, 8, 5], [0.5, 0.2, 0.3], 1, 1, [1, 1, 0], 0.36],
  [[10, 8, 5], [0.5, 0.2, 0.3], 1, 1, [1, 1, 1], 0.388],
  [[10, 8, 5], [0.5, 0.2, 0.3], 0.25, 2, [1, 1, 1], 0.281],
  [[10], [0.5], 1, 1, [2], 0.2],
])('N %j, w %j, K %d, C %d, f %j: %d', (neurons, weights, lipschitz, fault, failed, due) => {
  expect(errorBound(layersOf(neurons, weights, lipschitz, fault), 0.1, failed)).toBeCloseTo(due, 14)
})

test('synapses that fail', () => {
  const layers = layersOf([10, 8, 5], [0.5, 0.2, 0.3], 0.25, 1)
  expect(synapseBound(layers, 0.1, 0.5, [2, 1, 0, 1])).toBeCloseTo(0.5084375, 14)
})

test('layer by layer is the sum over layers', () => {
  const layer = fc.record({
    neurons: fc.integer({ min: 1, max: 20 }),
    lipschitz: fc.double({ min: 0.1, max: 1, noNaN: true }),
    weight: fc.double({ min: 0, max: 2, noNaN: true }),
    fault: fc.double({ min: 0.1, max: 4, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(layer, { minLength: 1, maxLength: 5 }), (layers) => {
      const failed = layers.map(({ neurons, share }) => Math.floor(share * neurons))
      const terms = layers.map(({ fault }, at) =>
        layers
          .slice(at + 1)
          .reduce(
            (product, { neurons, lipschitz, weight }, after) =>
              product * lipschitz * weight * (neurons - failed[at + 1 + after]!),
            0.7 * failed[at]! * fault,
          ),
      )
      const due = terms.reduce((a, b) => a + b)
      expect(errorBound(layers, 0.7, failed)).toBeCloseTo(due, 8 - Math.ceil(Math.log10(1 + due)))
    }),
  )
})

/** All weights are the greatest, nothing bends, and everything adds up. */
const tight: Network = [
  [2, 3, 1],
  [3, 4, 0.3],
  [4, 2, 0.2],
  [2, 1, 0.7],
].map(([inputs, units, weight]) => ({
  inputs: inputs!,
  units: units!,
  weights: new Float64Array(inputs! * units!).fill(weight!),
  bias: new Float64Array(units!),
  activation: 'none',
}))

function tightError(failed: readonly number[]): number {
  const well = runNetwork(tight, [1, 1])
  const neurons = failed.map((f, layer) => new Map(Array.from({ length: f }, (_, at) => [at, well[layer]![at]! + 1])))
  return runNetwork(tight, [1, 1], { neurons }).at(-1)![0]! - well.at(-1)![0]!
}

test('the tight case reaches its bound, and one more failed neuron exceeds it', () => {
  const bound = boundOf('max-weight', tight, [1, 1, 1])
  expect(bound([1, 1, 1])[0]).toBeCloseTo(0.966, 14)
  expect(tightError([1, 1, 1])).toBeCloseTo(0.966, 14)
  for (const more of [
    [2, 1, 1],
    [1, 2, 1],
    [1, 1, 2],
  ])
    expect(tightError(more)).toBeGreaterThan(bound([1, 1, 1])[0]!)
})

test.each(boundNames)('%s: as many as are tolerated keep within ε, and one more does not', (name) => {
  const allowed = 0.75
  const tolerances = toleranceOf(boundOf(name, tight, [1, 1, 1]), [3, 4, 2], allowed)
  expect(tolerances.map(({ tolerated }) => tolerated)).toEqual([2, 2, 1])
  for (const { layer, tolerated } of tolerances) {
    const failed = (f: number) => [0, 0, 0].with(layer, f)
    expect(tightError(failed(tolerated))).toBeLessThanOrEqual(allowed)
    expect(tightError(failed(tolerated + 1))).toBeGreaterThan(allowed)
  }
  expect(weakestOf(tolerances).layer).toBe(2)
})

test('with one hidden layer of crashes, ⌊(ε − ε′)/w⌋ are tolerated', () => {
  const network = [tight[0]!, { ...tight[3]!, inputs: 3, weights: Float64Array.of(0.2, -0.1, 0.2) }]
  expect(toleranceOf(boundOf('max-weight', network, [1]), [3], 0.41)[0]!.tolerated).toBe(2)
})

test('no failure that is tried exceeds its bound, and some reach it', () => {
  const { tries, exceeded, beyond, greatest } = tryFailures(20_000, 'test')
  expect({ tries, exceeded, beyond }).toEqual({ tries: 20_000, exceeded: 0, beyond: [] })
  for (const name of [
    'dense, max-weight, directed',
    'dense, absolute, directed',
    'dense, absolute, synapses',
    'convolutions, absolute, directed',
    'convolutions, absolute, synapses',
  ])
    expect(greatest[name], name).toBeGreaterThan(0.99)
})

test('what one network gives it gives alone, by its number', () => {
  const all = tryFailures(100, 'again').greatest
  const alone = [0, 1, 2, 3].map((network) => tryNetwork(network, 'again').greatest)
  for (const [name, ratio] of Object.entries(all)) expect(Math.max(...alone.map((each) => each[name] ?? 0))).toBe(ratio)
})

test('synapses of the tight case reach their bound, by both; a crash is off by what its weight carries', () => {
  const off = tight.map(() => () => 0.5)
  const shift = (layer: number) => ({ layer, unit: 0, by: 0.5 })
  // Two into each unit of layers, one into the output.
  const synapses = [shift(0), shift(1), shift(2), shift(3)]
  const well = runNetwork(tight, [1, 1]).at(-1)![0]!
  const error = runNetwork(tight, [1, 1], { synapses }).at(-1)![0]! - well
  for (const name of boundNames) expect(synapseBoundOf(name, tight, off)([1, 1, 1, 1])[0]).toBeCloseTo(error, 12)
  expect(error).toBeCloseTo(0.5 * (0.3 * 4 * 0.2 * 2 * 0.7 + 0.2 * 2 * 0.7 + 0.7 + 1), 12)
  const tanh = tight.map((layer, at) => (at < 3 ? { ...layer, activation: 'tanh' as const } : layer))
  // Into the output: |w| · sup tanh.
  expect(synapseBoundOf('absolute', tanh, synapseFaultsOf(tanh, 'crash', 1))([0, 0, 0, 1])[0]).toBeCloseTo(0.7, 12)
  expect(synapseBoundOf('absolute', tanh, synapseFaultsOf(tanh, 'byzantine', 1))([0, 0, 0, 1])[0]).toBeCloseTo(1.4, 12)
})

test('a channel of a convolution is one neuron, and fails at all its places', () => {
  const plans = planLayers({
    name: 'm',
    inputShape: [2, 2, 1],
    layers: [
      { kind: 'conv2d', filters: 2, size: 1, stride: 1, padding: 'valid', activation: 'tanh' },
      { kind: 'flatten' },
      { kind: 'dense', units: 1, activation: 'none' },
    ],
  })
  // Kernel 1, 1, biases 0, 0; then weights 0.1 to 0.8, of which every second is of one channel.
  const parameters = Float32Array.of(1, 1, 0, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0)
  const bound = boundOf('absolute', networkOf(plans, parameters), [1])
  expect(bound([1])[0]).toBeCloseTo(0.2 + 0.4 + 0.6 + 0.8, 6)
  expect(bound([2])[0]).toBeCloseTo(3.6, 6)
  // The greatest weight at all of its four places.
  expect(boundOf('max-weight', networkOf(plans, parameters), [1])([1])[0]).toBeCloseTo(4 * 0.8, 6)
})

test('of 300 networks of sigmoids no crash of one neuron, or of one in each layer, exceeds its bound; a lie reaches it', () => {
  const random = namedStream('neurons', 'exhaustive')
  const sizes = [3, 6, 5, 4, 1]
  let [crashed, lied] = [0, 0]
  for (let of = 0; of < 300; of++) {
    const network = sizes.slice(1).map((units, at): Network[number] => ({
      ...{ inputs: sizes[at]!, units, activation: at === 3 ? 'none' : 'sigmoid' },
      weights: Float64Array.from({ length: units * sizes[at]! }, () => random.between(-1, 1)),
      bias: Float64Array.from({ length: units }, () => random.between(-1, 1)),
    }))
    const input = [0, 1, 2].map(() => random.between(-1, 1))
    const well = runNetwork(network, input)
    const bound = boundOf('max-weight', network, [1, 1, 1])
    const error = (sent: Map<number, number>[]) =>
      Math.abs(runNetwork(network, input, { neurons: sent }).at(-1)![0]! - well.at(-1)![0]!)
    const choices = (units: number) => [undefined, ...Array.from({ length: units }, (_, unit) => unit)]
    for (const a of choices(6))
      for (const b of choices(5))
        for (const c of choices(4)) {
          const chosen = [a, b, c]
          const failed = chosen.map((each) => (each === undefined ? 0 : 1))
          const count = failed.filter((each) => each === 1).length
          if (count !== 1 && count !== 3) continue
          const off = error(chosen.map((each) => new Map(each === undefined ? [] : [[each, 0]])))
          crashed = Math.max(crashed, off / bound(failed)[0]!)
          if (count === 1 && c !== undefined)
            lied = Math.max(
              lied,
              error([new Map(), new Map(), new Map([[c, well[2]![c]! + 1]])]) / bound([0, 0, 1])[0]!,
            )
        }
  }
  expect(crashed).toBeLessThan(1)
  expect(crashed).toBeGreaterThan(0.6)
  expect(lied).toBeCloseTo(1, 9)
})

test('the absolute bound of one layer is never above that of the greatest weight', () => {
  const random = namedStream('neurons', 'absolute')
  for (let of = 0; of < 200; of++) {
    const network = randomNetwork(random, 2 + random.integer(4))
    const faults = network.slice(1).map(() => 1)
    const [most, own] = boundNames.map((name) => boundOf(name, network, faults))
    const failed = faults.map(() => 0).with(random.integer(faults.length), 1)
    for (const [at, bound] of own!(failed).entries())
      expect(bound).toBeLessThanOrEqual(most!(failed)[at]! * (1 + 1e-12))
  }
})

test('k copies of the neurons of a layer with a k-th of its outgoing weights keep the function and divide its share', () => {
  const random = namedStream('neurons', 'copies')
  const network = randomNetwork(random, 3)
  const [first, second, output] = network as [Network[0], Network[0], Network[0]]
  const k = 4
  const units = k * second.units
  const wide: Network = [
    first,
    {
      ...second,
      units,
      weights: Float64Array.from(
        { length: units * second.inputs },
        (_, at) => second.weights[at % second.weights.length]!,
      ),
      bias: Float64Array.from({ length: units }, (_, at) => second.bias[at % second.units]!),
    },
    {
      ...output,
      inputs: units,
      weights: Float64Array.from(
        { length: units * output.units },
        (_, at) => output.weights[Math.floor(at / units) * second.units + (at % second.units)]! / k,
      ),
    },
  ]
  const input = Float64Array.from({ length: first.inputs }, () => random.between(-1, 1))
  const due = runNetwork(network, input).at(-1)!
  for (const [at, value] of runNetwork(wide, input).at(-1)!.entries()) expect(value).toBeCloseTo(due[at]!, 12)
  for (const name of boundNames) {
    const [narrow, more] = [network, wide].map((each) => boundOf(name, each, [1, 1])([0, 1])[0]!)
    expect(more).toBeCloseTo(narrow! / k, 12)
  }
})

test('gradients are what small steps give', () => {
  const random = namedStream('neurons', 'gradient')
  const network = randomNetwork(random, 4).map((layer) => ({ ...layer, activation: 'tanh' as const }))
  const input = Float64Array.from({ length: network[0]!.inputs }, () => random.between(-1, 1))
  const values = runNetwork(network, input)
  const gradient = gradientOf(network, values, 0, 0)
  for (const [neuron, slope] of gradient.entries()) {
    const at = (step: number) =>
      runNetwork(network, input, { neurons: [new Map([[neuron, values[0]![neuron]! + step]])] }).at(-1)![0]!
    expect((at(1e-5) - at(-1e-5)) / 2e-5).toBeCloseTo(slope, 7)
  }
})

test('what has no bound is an error, not a number', () => {
  const neurons = [new Map([[0, Number.NaN]])]
  expect(() => runNetwork(tight, [1, 1], { neurons })).toThrow('sends NaN, and no bound holds')
  const { activation, ...relu } = tight[0]!
  const open: Network = [{ ...relu, activation: 'relu' }, tight[3]!]
  expect(() => boundOf('absolute', open, faultsOf(open, 'crash'))).toThrow('hidden layer 1 send has no limit')
  expect(faultsOf([{ ...relu, activation: 'relu', cap: 3 }, tight[3]!], 'byzantine')).toEqual([6])
  expect(activation).toBe('none')
})

test('a prediction is safe when its margin exceeds twice the bound', () => {
  const outputs = [
    [0, 1],
    [0, 0.6],
    [0.1, 0],
  ].map((row) => Float64Array.from(row))
  expect(safeShare(outputs, Float64Array.of(0.3, 0.3))).toBeCloseTo(1 / 3, 12)
  expect(safeShare(outputs, Float64Array.of(0.3, 0.2))).toBeCloseTo(2 / 3, 12)
  expect(safeShare(outputs, Float64Array.of(0, 0))).toBe(1)
})

test('a model of dense layers is run as it is, and one that is not finite is named', () => {
  const dense = { kind: 'dense', units: 2, activation: 'tanh' } as const
  const plans = planLayers({
    name: 'm',
    inputShape: [2, 2, 1],
    layers: [{ kind: 'flatten' }, dense, { ...dense, units: 3 }],
  })
  const parameters = initialParameters(plans, 1)
  const network = networkOf(plans, parameters)
  const input = [1, -1, 0.5, 2]
  const sum = input.reduce((total, value, from) => total + value * parameters[from * 2 + 1]!, 0)
  expect(runNetwork(network, input)[0]![1]).toBeCloseTo(Math.tanh(sum), 12)
  expect(sizesOf(network, [1, 1]).layers).toHaveLength(1)
  for (const others of [parameters.subarray(1), new Float32Array(parameters.length + 1)])
    expect(() => networkOf(plans, others)).toThrow(`and there are ${others.length}`)
  expect(() => networkOf(plans, parameters.with(3, Number.NaN))).toThrow('layers.1 (dense): not all of its numbers')
})
