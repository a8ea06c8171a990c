/** Bounds of what failures of a network's neurons do to its outputs, by name. */
import { TrainingError } from '../task/training-error.ts'
import { absoluteBound, influencesOf } from './absolute-bound.ts'
import { activations } from './activations.ts'
import { errorBound, type HiddenLayer } from './error-bound.ts'
import type { DenseLayer, DenseNetwork } from './network.ts'

export const boundNames = ['max-weight', 'absolute'] as const
export type BoundName = (typeof boundNames)[number]

/** Of each output by how much it is off at most, given how many neurons of each hidden layer failed. */
export type Bound = (failed: readonly number[]) => Float64Array

/** @param faults C of each hidden layer, finite */
export function boundOf(name: BoundName, network: DenseNetwork, faults: readonly number[]): Bound {
  const wrong = faults.findIndex((fault) => !Number.isFinite(fault))
  if (wrong >= 0)
    throw new TrainingError(
      'bad-argument',
      `what neurons of hidden layer ${wrong + 1} send has no limit, so no bound holds`,
    )
  if (name === 'absolute') {
    const influences = influencesOf(network).map((rows) => rows.map((row) => row.toSorted().reverse()))
    return (failed) => absoluteBound(influences, faults, failed)
  }
  const { layers, outputWeight } = sizesOf(network, faults)
  const outputs = network.at(-1)!.units
  return (failed) => new Float64Array(outputs).fill(errorBound(layers, outputWeight, failed))
}

/** What the bound by the greatest weights needs to know. */
export function sizesOf(
  network: DenseNetwork,
  faults: readonly number[],
): { readonly layers: readonly HiddenLayer[]; readonly outputWeight: number } {
  const sizes = network.map((layer, at) => ({
    neurons: layer.units,
    lipschitz: activations[layer.activation].lipschitz,
    weight: maxWeightOf(layer),
    fault: faults[at] ?? 0,
  }))
  const output = sizes.pop()!
  return { layers: sizes, outputWeight: output.lipschitz * output.weight }
}

/** w: greatest absolute weight into a layer. */
export function maxWeightOf({ weights }: DenseLayer): number {
  return weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
}

/** How a neuron fails: it sends 0, or anything that the cable carries, [−cap, cap] with cap the greatest right value. */
export type FaultName = 'crash' | 'byzantine'

/** C of each hidden layer: sup |φ| of a crash, cap + sup |φ| of what is sent instead. */
export function faultsOf(network: DenseNetwork, fault: FaultName): number[] {
  return network.slice(0, -1).map(({ activation, cap = Number.POSITIVE_INFINITY }) => {
    const greatest = Math.min(cap, activations[activation].greatest)
    return fault === 'crash' ? greatest : 2 * greatest
  })
}
