import { expect, test } from 'vitest'
import { type Engine, loadEngine } from '../engines/engine.ts'
import { type Failures, runNetwork } from '../neurons/network.ts'
import { networkOf } from '../neurons/network-of.ts'
import type { BrokenNeurons } from '../task/broken-neurons.ts'
import { stream } from '../task/random.ts'
import { gradientOf } from './batches.ts'
import { faultsIn } from './faults.ts'
import { initialParameters, planLayers } from './plan.ts'

const plans = planLayers({
  name: 'm',
  inputShape: [2, 2, 1],
  layers: [
    { kind: 'flatten' },
    { kind: 'dense', units: 5, activation: 'tanh' },
    { kind: 'dense', units: 6, activation: 'tanh' },
    { kind: 'dense', units: 2, activation: 'none' },
  ],
})
const parameters = initialParameters(plans, 3)
const input = Float32Array.of(0.4, -0.2, 0.9, 0.3)
const broken: BrokenNeurons = { part: 'neurons', layers: [2], fraction: 0.5, sends: 0.7, off: 0 }
const faultsBy = (more: Partial<BrokenNeurons>, name = 1) =>
  faultsIn(plans, { ...broken, ...more }, stream('faults', name))
const zeros = (values: Float32Array) => values.filter((each) => each === 0).length

test('the same ones are broken of the same peer, as many as said, at least one, in each layer', () => {
  const [only] = faultsBy({})
  expect(only!.layer).toBe(2)
  expect([only!.failed, zeros(only!.neurons!.works)]).toEqual([3, 3])
  for (const [neuron, works] of only!.neurons!.works.entries())
    expect(Math.abs(only!.neurons!.sends[neuron]!)).toBeCloseTo(works === 1 ? 0 : 0.7, 6)
  expect(faultsBy({})).toEqual([only])
  expect(faultsBy({}, 2)).not.toEqual([only])
  expect(zeros(faultsBy({ fraction: 0.01 })[0]!.neurons!.works)).toBe(1)
  expect(faultsBy({ layers: [1, 2] }).map(({ layer, failed }) => [layer, failed])).toEqual([
    [1, 3],
    [2, 3],
  ])
  // One that is off still computes.
  expect(zeros(faultsBy({ off: 0.2 })[0]!.neurons!.works)).toBe(0)
  const synapses = faultsBy({ part: 'synapses', layers: [1, 3] })
  expect(synapses.map(({ layer, failed }) => [layer, failed])).toEqual([
    [1, 10],
    [3, 6],
  ])
  expect(zeros(synapses[0]!.synapses!.works)).toBe(10)
  expect(() => faultsBy({ layers: [3] })).toThrow('has no hidden layer 3; it has 2')
  expect(() => faultsBy({ part: 'synapses', layers: [4] })).toThrow('has no synapses of layer 4; it has 3')
})

let engine: Engine

test.each<[string, Partial<BrokenNeurons>]>([
  ['stuck neurons of two layers', { layers: [1, 2] }],
  ['neurons that crash', { sends: 0 }],
  ['neurons that are off', { off: 0.4 }],
  ['synapses that crash, into a layer and the output', { part: 'synapses', layers: [2, 3], sends: 0 }],
  ['stuck synapses', { part: 'synapses', layers: [1] }],
  ['synapses that are off', { part: 'synapses', layers: [2], off: 0.4 }],
])(
  '%s: an engine gives what the network does that is run neuron by neuron, and the gradient of that',
  async (_, more) => {
    engine ??= await loadEngine('wasm')
    const faults = faultsBy(more)
    const gradient = new Float32Array(parameters.length)
    let outputs = new Float32Array(0)
    // The loss is the sum of outputs.
    gradientOf(engine, plans, { weights: parameters, gradient, faults }, { inputs: input, count: 1 }, (found) => {
      outputs = Float32Array.from(found)
      return { loss: 0, gradient: Float32Array.of(1, 1) }
    })
    /** What fails is put into the numbers, layer by layer, since what is off depends on what came before. */
    const run = (numbers: Float32Array) => {
      const sound = numbers.slice()
      for (const { layer, synapses } of faults) {
        if (synapses === undefined) continue
        const [kernel, bias] = plans[layer]!.weights
        for (const [at, works] of synapses.works.entries()) sound[kernel!.offset + at]! *= works
        for (const [at, by] of synapses.shifts.entries()) sound[bias!.offset + at]! += by
      }
      const network = networkOf(plans, sound)
      const failures: Map<number, number>[] = [new Map(), new Map()]
      for (const { layer, neurons } of faults) {
        if (neurons === undefined) continue
        const values = runNetwork(network, input, { neurons: failures } satisfies Failures)
        for (const [at, works] of neurons.works.entries())
          failures[layer - 1]!.set(at, works * values[layer - 1]![at]! + neurons.sends[at]!)
      }
      return runNetwork(network, input, { neurons: failures }).at(-1)!
    }
    for (const [at, due] of run(parameters).entries()) expect(outputs[at]).toBeCloseTo(due, 5)
    const sum = (numbers: Float32Array) => run(numbers).reduce((a, b) => a + b)
    const step = 1e-3
    for (const at of parameters.keys()) {
      const [above, below] = [step, -step].map((by) => sum(parameters.with(at, parameters[at]! + by)))
      expect(gradient[at]).toBeCloseTo((above! - below!) / (2 * step), 2)
    }
    // Nothing goes back through what is stuck.
    for (const { layer, neurons, synapses } of faults) {
      const { offset, length } = plans[layer]!.weights[0]!
      for (let at = 0; at < length; at++)
        if ((synapses?.works[at] ?? neurons!.works[at % neurons!.works.length]) === 0)
          expect(gradient[offset + at]).toBeCloseTo(0, 12)
    }
  },
)
