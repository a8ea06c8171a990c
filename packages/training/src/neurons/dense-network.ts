/** A model that is a list of layers, as a network whose neurons can fail. */
import type { LayerPlan } from '../layers/plan.ts'
import { TrainingError } from '../task/training-error.ts'
import type { DenseLayer, DenseNetwork } from './network.ts'

/**
 * @param parameters of length d, in the order of the plans
 * @throws TrainingError `bad-model` naming the layer of which no bound is known, or whose numbers are not finite
 */
export function denseNetworkOf(plans: readonly LayerPlan[], parameters: Float32Array): DenseNetwork {
  const network = plans.flatMap(({ spec, weights }, at): DenseLayer[] => {
    if (spec.kind === 'flatten') return []
    if (spec.kind !== 'dense')
      throw new TrainingError(
        'bad-model',
        `layers.${at} (${spec.kind}): no bound is known of what failures in it do; take a model of dense layers`,
      )
    const [kernel, bias] = weights.map(({ offset, length }) => parameters.subarray(offset, offset + length))
    if (![kernel!, bias!].every((numbers) => numbers.every(Number.isFinite)))
      throw new TrainingError('bad-model', `layers.${at} (dense): not all of its numbers are finite`)
    const units = spec.units
    const inputs = kernel!.length / units
    const turned = Float64Array.from(
      kernel!,
      (_, index) => kernel![(index % inputs) * units + Math.floor(index / inputs)]!,
    )
    return [{ inputs, units, weights: turned, bias: Float64Array.from(bias!), activation: spec.activation }]
  })
  if (network.length >= 2) return network
  throw new TrainingError('bad-model', 'no layer stands between its input and its output, so that no neuron can fail')
}
