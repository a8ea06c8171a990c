import { expect, test } from 'vitest'
import { loadEngine } from '../engines/engine.ts'
import { denseNetworkOf } from '../neurons/dense-network.ts'
import { runNetwork } from '../neurons/network.ts'
import { stream } from '../task/random.ts'
import { gradientOf } from './batches.ts'
import { initialParameters, planLayers } from './plan.ts'
import { stuckIn } from './stuck.ts'

const plans = planLayers({
  name: 'm',
  inputShape: [2, 2, 1],
  layers: [
    { kind: 'flatten' },
    { kind: 'dense', units: 5, activation: 'tanh' },
    { kind: 'dense', units: 6, activation: 'relu' },
    { kind: 'dense', units: 2, activation: 'none' },
  ],
})
const parameters = initialParameters(plans, 3)
const input = Float32Array.of(0.4, -0.2, 0.9, 0.3)
const broken = { layer: 2, fraction: 0.5, sends: 0.7 }
const stuck = stuckIn(plans, broken, stream('stuck', 1))

test('the same neurons are stuck for the same peer, as many as said, at least one', () => {
  expect(stuck.layer).toBe(2)
  expect([...stuck.works].filter((each) => each === 0)).toHaveLength(3)
  for (const [neuron, works] of stuck.works.entries())
    expect(Math.abs(stuck.sends[neuron]!)).toBeCloseTo(works === 1 ? 0 : 0.7, 6)
  expect(stuckIn(plans, broken, stream('stuck', 1))).toEqual(stuck)
  expect(stuckIn(plans, broken, stream('stuck', 2))).not.toEqual(stuck)
  expect(
    stuckIn(plans, { ...broken, fraction: 0.01 }, stream('stuck', 1)).works.filter((each) => each === 0),
  ).toHaveLength(1)
  expect(() => stuckIn(plans, { ...broken, layer: 3 }, stream('stuck', 1))).toThrow('has no hidden layer 3; it has 2')
})

test('an engine gives with stuck neurons what the network does that is run neuron by neuron, and the gradient of that', async () => {
  const engine = await loadEngine('wasm')
  const gradient = new Float32Array(parameters.length)
  let outputs = new Float32Array(0)
  // The loss is the sum of outputs.
  gradientOf(engine, plans, { weights: parameters, gradient, stuck }, { inputs: input, count: 1 }, (found) => {
    outputs = Float32Array.from(found)
    return { loss: 0, gradient: Float32Array.of(1, 1) }
  })
  const sent = new Map(
    [...stuck.works.entries()].flatMap(([at, works]) => (works === 1 ? [] : [[at, stuck.sends[at]!]])),
  )
  const run = (numbers: Float32Array) =>
    runNetwork(denseNetworkOf(plans, numbers), input, { neurons: [new Map(), sent] }).at(-1)!
  for (const [at, due] of run(parameters).entries()) expect(outputs[at]).toBeCloseTo(due, 5)
  const sum = (numbers: Float32Array) => run(numbers).reduce((a, b) => a + b)
  const step = 1e-3
  for (const at of parameters.keys()) {
    const [more, less] = [step, -step].map((by) => sum(parameters.with(at, parameters[at]! + by)))
    expect(gradient[at]).toBeCloseTo((more! - less!) / (2 * step), 2)
  }
  // Nothing goes back through what is stuck.
  const [kernel] = plans[2]!.weights
  for (let at = 0; at < kernel!.length; at++)
    if (stuck.works[at % 6] === 0) expect(gradient[kernel!.offset + at]).toBe(0)
})
