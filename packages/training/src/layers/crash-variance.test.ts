import { expect, test } from 'vitest'
import { type Engine, loadEngine } from '../engines/engine.ts'
import { gradientOf as gradientByOutput, layersWithNeurons, neuronsOf, runNetwork } from '../neurons/network.ts'
import { networkOf } from '../neurons/network-of.ts'
import type { LayerSpec } from '../task/layers.ts'
import { normal, stream } from '../task/random.ts'
import { gradientOf } from './batches.ts'
import { type LayerPlan, lengthOf, planLayers } from './plan.ts'

const random = stream('crash variance', 'test')
let engine: Engine

/** λ·V of one sample and its signs, neuron by neuron. */
function variance(plans: readonly LayerPlan[], parameters: Float32Array, input: Float32Array, signs: number[]): number {
  const network = networkOf(plans, parameters)
  const values = runNetwork(network, input)
  let sum = 0
  for (const layer of layersWithNeurons(network)) {
    const slopes = signs.map((_, output) => gradientByOutput(network, values, layer, output))
    const neurons = new Float64Array(neuronsOf(network[layer]!))
    for (const [unit, value] of values[layer]!.entries())
      neurons[unit % neurons.length]! +=
        value * signs.reduce((total, sign, output) => total + sign * slopes[output]![unit]!, 0)
    for (const each of neurons) sum += each * each
  }
  return sum
}

const dense = (units: number, activation: 'relu' | 'tanh' | 'none'): LayerSpec => ({ kind: 'dense', units, activation })

test.each<[string, number[], LayerSpec[]]>([
  ['one layer of relu', [5], [dense(6, 'relu'), dense(3, 'none')]],
  ['tanh and relu', [5], [dense(6, 'tanh'), dense(5, 'relu'), dense(4, 'tanh'), dense(2, 'none')]],
  ['an output that bends', [5], [dense(6, 'relu'), dense(3, 'tanh')]],
  [
    'convolutions and pools',
    [6, 6, 1],
    [
      { kind: 'conv2d', filters: 3, size: 3, stride: 1, padding: 'same', activation: 'tanh' },
      { kind: 'max-pool', size: 3, stride: 2, padding: 'same' },
      { kind: 'conv2d', filters: 2, size: 2, stride: 1, padding: 'valid', activation: 'relu' },
      { kind: 'max-pool', size: 2, padding: 'valid' },
      { kind: 'flatten' },
      dense(3, 'tanh'),
      dense(2, 'none'),
    ],
  ],
])('its gradient is that of small steps: %s', async (_, inputShape, layers) => {
  engine ??= await loadEngine('wasm')
  const plans = planLayers({ name: 'm', inputShape, layers })
  const parameters = Float32Array.from({ length: lengthOf(plans) }, () => 0.5 * normal(random))
  const size = inputShape.reduce((a, b) => a * b, 1)
  const inputs = Float32Array.from({ length: 2 * size }, () => normal(random))
  const outputs = plans.at(-1)!.outputShape[0]!
  const gradient = new Float32Array(parameters.length)
  const crashes = { weight: 0.3, random: stream('signs', 1) }
  gradientOf(engine, plans, { weights: parameters, gradient, crashes }, { inputs, count: 2 }, (found) => ({
    loss: 0,
    gradient: new Float32Array(found.length),
  }))
  const signsOf = stream('signs', 1)
  const signs = Array.from({ length: 2 }, () =>
    Array.from({ length: outputs }, () => (signsOf.integer(2) === 0 ? 1 : -1)),
  )
  const penalty = (numbers: Float32Array) =>
    [0, 1].reduce(
      (sum, sample) =>
        sum + 0.15 * variance(plans, numbers, inputs.subarray(sample * size, (sample + 1) * size), signs[sample]!),
      0,
    )
  const greatest = Math.max(...gradient.map(Math.abs))
  expect(greatest).toBeGreaterThan(0.01)
  const step = 2e-4
  for (const at of parameters.keys()) {
    const [above, below] = [step, -step].map((by) => parameters.with(at, parameters[at]! + by))
    const due = (penalty(above!) - penalty(below!)) / (above![at]! - below![at]!)
    expect(Math.abs(gradient[at]! - due), `parameter ${at}: ${gradient[at]} for ${due}`).toBeLessThan(2e-3 * greatest)
  }
})
