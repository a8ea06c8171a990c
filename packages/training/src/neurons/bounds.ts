/** Bounds of what failures of a network's neurons and synapses do to its outputs, by name. */
import { TrainingError } from '../task/training-error.ts'
import { byNeuron, bySynapse, influencesOf, worstSums } from './absolute-bound.ts'
import { activations } from './activations.ts'
import { errorBound, type HiddenLayer, synapseBound } from './error-bound.ts'
import { type Layer, layersWithNeurons, layersWithSynapses, type Network, neuronsOf } from './network.ts'

export const boundNames = ['max-weight', 'absolute'] as const
export type BoundName = (typeof boundNames)[number]

/** Of each output by how much it is off at most, given how many failed of each layer that has any. */
export type Bound = (failed: readonly number[]) => Float64Array

/**
 * Of neurons that fail.
 *
 * The bound by the greatest weights takes a convolution as a dense layer of all its units, which it is with most weights 0, and a
 * channel as its units: it holds, and is void.
 *
 * @param faults C of each hidden layer with neurons, finite
 */
export function boundOf(name: BoundName, network: Network, faults: readonly number[]): Bound {
  checkFinite(faults, 'neurons of hidden layer')
  const places = layersWithNeurons(network)
  if (name === 'absolute') {
    const influences = influencesOf(network)
    return summed(
      places.map((layer, at) =>
        influences[layer]!.map((row) => times(worstSums(byNeuron(network[layer]!, row)), faults[at]!)),
      ),
    )
  }
  const { layers, outputWeight } = sizesOf(network, spread(network, places, faults))
  const outputs = network.at(-1)!.units
  return (failed) => {
    const units = places.map((layer, at) => (failed[at]! * network[layer]!.units) / neuronsOf(network[layer]!))
    return new Float64Array(outputs).fill(errorBound(layers, outputWeight, spread(network, places, units)))
  }
}

/**
 * Of synapses that fail, into each layer with neurons and last into the output.
 *
 * @param off of each of these layers by how much a synapse is off at most, of the absolute weight that it has: C for a fault of
 *   that size, or |w| · sup |φ| for a crash
 */
export function synapseBoundOf(name: BoundName, network: Network, off: readonly ((weight: number) => number)[]): Bound {
  const places = layersWithSynapses(network)
  checkFinite(
    places.map((layer, at) => off[at]!(maxWeightOf(network[layer]!))),
    'synapses into layer',
  )
  if (name === 'absolute') {
    const influences = influencesOf(network)
    return summed(
      places.map((layer, at) => {
        const { weights } = network[layer]!
        const each = (index: number): number => off[at]!(Math.abs(weights[index]!))
        return influences[layer]!.map((row) => worstSums(bySynapse(network[layer]!, row, each)))
      }),
    )
  }
  const { layers, outputWeight, outputLipschitz } = sizesOf(network, [])
  const outputs = network.at(-1)!.units
  const most = spread(
    network,
    places,
    places.map((layer, at) => off[at]!(maxWeightOf(network[layer]!))),
  )
  return (failed) => {
    const shifts = spread(network, places, failed).map((count, layer) => (count === 0 ? 0 : count * most[layer]!))
    shifts[shifts.length - 1]! *= outputLipschitz
    return new Float64Array(outputs).fill(synapseBound(layers, outputWeight, 1, shifts))
  }
}

/** Sums, over layers, of what the worst so many come to. */
function summed(sums: readonly (readonly Float64Array[])[]): Bound {
  return (failed) => {
    const bound = new Float64Array(sums[0]!.length)
    for (const [at, rows] of sums.entries())
      for (const [output, row] of rows.entries()) bound[output]! += row[failed[at]!]!
    return bound
  }
}

function times(values: Float64Array, factor: number): Float64Array {
  return values.map((value) => (value === 0 ? 0 : value * factor))
}

/** Numbers of some layers as those of all, 0 for the others. */
function spread(network: Network, places: readonly number[], values: readonly number[]): number[] {
  const all = network.map(() => 0)
  for (const [at, layer] of places.entries()) all[layer] = values[at]!
  return all
}

function checkFinite(faults: readonly number[], whose: string): void {
  const wrong = faults.findIndex((fault) => !Number.isFinite(fault))
  if (wrong >= 0)
    throw new TrainingError('bad-argument', `what ${whose} ${wrong + 1} send has no limit, so no bound holds`)
}

/** What the bound by the greatest weights needs to know; `faults` of each hidden layer. */
export function sizesOf(
  network: Network,
  faults: readonly number[],
): { readonly layers: readonly HiddenLayer[]; readonly outputWeight: number; readonly outputLipschitz: number } {
  const sizes = network.map((layer, at) => ({
    neurons: layer.units,
    lipschitz: activations[layer.activation].lipschitz,
    weight: maxWeightOf(layer),
    fault: faults[at] ?? 0,
  }))
  const output = sizes.pop()!
  return { layers: sizes, outputWeight: output.lipschitz * output.weight, outputLipschitz: output.lipschitz }
}

/** w: greatest absolute weight into a layer. */
export function maxWeightOf({ weights }: Layer): number {
  return weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
}

/** How a neuron fails: it sends 0, or anything that the cable carries, [−cap, cap] with cap the greatest right value. */
export type FaultName = 'crash' | 'byzantine'

/** C of each hidden layer with neurons: sup |φ| of a crash, cap + sup |φ| of what is sent instead. */
export function faultsOf(network: Network, fault: FaultName): number[] {
  return layersWithNeurons(network).map((at) => (fault === 'crash' ? 1 : 2) * greatestOf(network[at]!))
}

/** The same of synapses: of one that crashes |w| · sup |φ| of those before it, of any other twice that. */
export function synapseFaultsOf(
  network: Network,
  fault: FaultName,
  greatestInput: number,
): ((weight: number) => number)[] {
  return layersWithSynapses(network).map((at) => {
    const most = (fault === 'crash' ? 1 : 2) * greatestBefore(network, at, greatestInput)
    return (weight) => (weight === 0 ? 0 : weight * most)
  })
}

/** The greatest absolute value that comes into a layer. */
function greatestBefore(network: Network, layer: number, greatestInput: number): number {
  // What pooling sends it has been sent.
  let before = layer - 1
  while (before >= 0 && network[before]!.pools) before--
  return before < 0 ? greatestInput : greatestOf(network[before]!)
}

/** sup |φ|, of what is cut that. */
export function greatestOf({ activation, cap = Number.POSITIVE_INFINITY }: Layer): number {
  return Math.min(cap, activations[activation].greatest)
}
