import { expect, test } from 'vitest'
import { type Engine, loadEngine } from '../engines/engine.ts'
import { faultsIn, type LayerFaults } from '../layers/faults.ts'
import { initialParameters, planLayers } from '../layers/plan.ts'
import type { BrokenNeurons } from '../task/broken-neurons.ts'
import { stream } from '../task/random.ts'
import { overBoundOf } from './over-bound.ts'

let engine: Engine
const dense = { kind: 'dense', activation: 'none' } as const

test('one failed neuron before a linear output reaches its bound on one input, and two inputs do not exceed it', async () => {
  engine ??= await loadEngine('wasm')
  const plans = planLayers({
    name: 'm',
    inputShape: [2],
    layers: [
      { ...dense, units: 2 },
      { ...dense, units: 1 },
    ],
  })
  // Sums 2 and 3 of inputs 1, 1; weights 10 and 1 to the output.
  const model = Float32Array.of(1, 1, 1, 2, 0, 0, 10, 1, 0)
  const ratio = (fault: Omit<LayerFaults, 'layer' | 'failed'>, layer: number, inputs: number[]) =>
    overBoundOf(engine, plans, model, [{ layer, failed: 1, ...fault }], {
      inputs: Float32Array.from(inputs),
      count: inputs.length / 2,
    })
  const works = Float32Array.of(0, 1)
  // C is the greatest that the layer sends, 3, though the one that crashed would send 2.
  expect(ratio({ neurons: { works, sends: new Float32Array(2) } }, 0, [1, 1])).toBeCloseTo(2 / 3, 3)
  expect(ratio({ neurons: { works, sends: Float32Array.of(-4, 0) } }, 0, [1, 1])).toBeCloseTo(6 / 7, 3)
  // What is off by 5 of what is computed is off by no more.
  const off = { works: Float32Array.of(1, 1), sends: Float32Array.of(5, 0) }
  expect(ratio({ neurons: off }, 0, [1, 1])).toBeCloseTo(1, 3)
  expect(ratio({ neurons: off }, 0, [1, 1, -3, 2])).toBeCloseTo(1, 3)
  // The synapse of weight 10: it carried 20, and of inputs up to 3 it might have carried 30.
  const synapse = { works: Float32Array.of(0, 1), shifts: Float32Array.of(0) }
  expect(ratio({ synapses: synapse }, 1, [1, 1])).toBeCloseTo(2 / 3, 3)
})

test.each<[string, Partial<BrokenNeurons>]>([
  ['stuck neurons of two layers', { layers: [1, 2] }],
  ['crashed channels and neurons', { layers: [1, 2], sends: 0 }],
  ['what is off, in both', { layers: [1, 2], off: 3 }],
  ['synapses of all', { part: 'synapses', layers: [1, 2, 3] }],
  ['synapses that are off', { part: 'synapses', layers: [1, 3], off: 0.5 }],
])('%s: the bound holds of a convolution, whoever broke', async (_, more) => {
  engine ??= await loadEngine('wasm')
  const plans = planLayers({
    name: 'm',
    inputShape: [5, 5, 1],
    layers: [
      { kind: 'conv2d', filters: 3, size: 3, stride: 1, padding: 'same', activation: 'relu' },
      { kind: 'max-pool', size: 2, padding: 'same' },
      { kind: 'flatten' },
      { ...dense, units: 6, activation: 'tanh' },
      { ...dense, units: 3 },
    ],
  })
  const random = stream('over-bound', 'inputs')
  const inputs = Float32Array.from({ length: 75 }, () => random.between(-1, 1))
  for (let of = 0; of < 8; of++) {
    const broken: BrokenNeurons = { part: 'neurons', layers: [1], fraction: 0.3, sends: 2, off: 0, ...more }
    const faults = faultsIn(plans, broken, stream('over-bound', of))
    const ratio = overBoundOf(engine, plans, initialParameters(plans, of), faults, { inputs, count: 3 })
    expect(ratio).toBeGreaterThan(0)
    expect(ratio).toBeLessThanOrEqual(1)
  }
})
