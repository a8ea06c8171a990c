import { expect, test } from 'vitest'
import { loadEngine } from '../engines/engine.ts'
import { outputsOf } from '../layers/batches.ts'
import { initialParameters, planLayers } from '../layers/plan.ts'
import { stream } from '../task/random.ts'
import { boundOf, faultsOf } from './bounds.ts'
import { calibrated } from './calibrate.ts'
import { denseNetworkOf } from './dense-network.ts'
import { inject } from './inject.ts'
import { runNetwork } from './network.ts'

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
  const network = calibrated(denseNetworkOf(plans, parameters), rows)
  const found = rows.flatMap((row) => [...runNetwork(network, row).at(-1)!])
  for (const [at, value] of found.entries()) expect(value).toBeCloseTo(due[at]!, 5)
  expect(network.map(({ cap }) => cap)).toEqual([expect.any(Number), undefined, undefined])
})

test.each(['crash', 'byzantine'] as const)('what is injected, %s, is seeded and below its bound', (fault) => {
  const network = calibrated(denseNetworkOf(plans, parameters), rows)
  const faults = faultsOf(network, fault)
  for (const layer of [0, 1])
    for (const failed of [1, 4]) {
      const asked = { layer, failed, fault, off: faults[layer]!, tries: 60 }
      const found = inject(network, rows, asked, stream('neurons', 'inject'))
      expect(inject(network, rows, asked, stream('neurons', 'inject'))).toEqual(found)
      const most = boundOf('absolute', network, faults)([0, 0].with(layer, failed))
      expect(found.greatest).toBeGreaterThan(0)
      expect(found.greatest).toBeLessThanOrEqual(Math.max(...most) * (1 + 1e-12))
    }
})
