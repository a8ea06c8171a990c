import { expect, test } from 'vitest'
import { loadEngine } from '../engines/engine.ts'
import { outputsOf } from '../layers/batches.ts'
import { initialParameters, planLayers } from '../layers/plan.ts'
import { stream } from '../task/random.ts'
import { boundOf, faultsOf, synapseBoundOf, synapseFaultsOf } from './bounds.ts'
import { calibrated } from './calibrate.ts'
import { type Injection, inject } from './inject.ts'
import { gradientOf, runNetwork } from './network.ts'
import { networkOf } from './network-of.ts'

const plans = planLayers({
  name: 'm',
  inputShape: [6],
  layers: [
    { kind: 'dense', units: 9, activation: 'relu' },
    { kind: 'dense', units: 7, activation: 'tanh' },
    { kind: 'dense', units: 3, activation: 'none' },
  ],
})
const parameters = initialParameters(plans, 5)
const random = stream('neurons', 'engine')
const rows = Array.from({ length: 5 }, () => Float32Array.from({ length: 6 }, () => random.between(-1, 1)))

test('neuron by neuron gives what an engine gives of whole layers, and a calibrated cut changes nothing', async () => {
  const engine = await loadEngine('wasm')
  const inputs = Float32Array.from(rows.flatMap((row) => [...row]))
  const due = outputsOf(engine, plans, parameters, { inputs, count: rows.length })
  const network = calibrated(networkOf(plans, parameters), rows)
  const found = rows.flatMap((row) => [...runNetwork(network, row).at(-1)!])
  for (const [at, value] of found.entries()) expect(value).toBeCloseTo(due[at]!, 5)
  expect(network.map(({ cap }) => cap)).toEqual([expect.any(Number), undefined, undefined])
})

test.each(['same', 'valid'] as const)(
  'convolutions and pools with %s padding too, whatever their strides',
  async (padding) => {
    const engine = await loadEngine('wasm')
    const convolutions = planLayers({
      name: 'm',
      inputShape: [12, 11, 2],
      layers: [
        { kind: 'conv2d', filters: 3, size: 3, stride: 2, padding, activation: 'tanh' },
        { kind: 'max-pool', size: 2, stride: 1, padding },
        { kind: 'conv2d', filters: 2, size: 2, stride: 1, padding, activation: 'relu' },
        { kind: 'max-pool', size: 2, padding: 'same' },
        { kind: 'flatten' },
        { kind: 'dense', units: 3, activation: 'none' },
      ],
    })
    const numbers = initialParameters(convolutions, 7)
    const picture = Float32Array.from({ length: 264 }, () => random.between(-1, 1))
    const due = outputsOf(engine, convolutions, numbers, { inputs: picture, count: 1 })
    const network = networkOf(convolutions, numbers)
    const values = runNetwork(network, picture)
    for (const [at, value] of values.at(-1)!.entries()) expect(value).toBeCloseTo(due[at]!, 5)
    const gradient = gradientOf(network, values, 0, 1)
    for (const [unit, slope] of gradient.entries()) {
      const at = (by: number) =>
        runNetwork(network, picture, { neurons: [new Map([[unit, values[0]![unit]! + by]])] }).at(-1)![1]!
      expect((at(1e-7) - at(-1e-7)) / 2e-7).toBeCloseTo(slope, 5)
    }
  },
)

test.each(['crash', 'byzantine'] as const)('what is injected, %s, is seeded and below its bound', (fault) => {
  const network = calibrated(networkOf(plans, parameters), rows)
  const greatestInput = Math.max(...rows.flatMap((row) => [...row].map(Math.abs)))
  const off = { neurons: faultsOf(network, fault), synapses: synapseFaultsOf(network, fault, greatestInput) }
  const bounds = {
    neurons: boundOf('absolute', network, off.neurons),
    synapses: synapseBoundOf('absolute', network, off.synapses),
  }
  const asks: Injection[] = [
    { part: 'neurons', off: off.neurons, failed: [1, 0], fault, tries: 60 },
    { part: 'neurons', off: off.neurons, failed: [0, 4], fault, tries: 60 },
    { part: 'neurons', off: off.neurons, failed: [2, 3], fault, tries: 60 },
    { part: 'synapses', off: off.synapses, failed: [3, 0, 0], fault, tries: 60 },
    { part: 'synapses', off: off.synapses, failed: [0, 0, 1], fault, tries: 60 },
  ]
  for (const asked of asks) {
    const found = inject(network, rows, asked, stream('neurons', 'inject'))
    expect(inject(network, rows, asked, stream('neurons', 'inject'))).toEqual(found)
    expect(found.greatest).toBeGreaterThan(0)
    expect(found.greatest).toBeLessThanOrEqual(Math.max(...bounds[asked.part](asked.failed)) * (1 + 1e-12))
  }
})
