/**
 * A feed-forward network in float64, run neuron by neuron, so that single neurons and synapses can fail. The engines compute
 * whole layers; this is what bounds are held against.
 *
 * A convolution is a layer of units that see a window each, and a neuron of it is a channel, which is a unit at every place: what
 * breaks a filter breaks it wherever it is used. Pooling is a layer that nothing fails in.
 */
import { TrainingError } from '../task/training-error.ts'
import { type ActivationName, activations } from './activations.ts'

export interface Layer {
  readonly inputs: number
  readonly units: number
  /** Of each unit in turn those of its inputs; of a dense layer row-major [units, inputs]. */
  readonly weights: Float64Array
  readonly bias: Float64Array
  readonly activation: ActivationName
  /** What neurons send is cut to [−cap, cap] at run time; needed of activations that have no greatest value. */
  readonly cap?: number
  /** Where units do not see all inputs: which input each weight is of; those of unit u are from starts[u] to before starts[u + 1]. */
  readonly links?: { readonly starts: Int32Array; readonly from: Int32Array }
  /** Pooling: a unit sends the greatest of its inputs. Weights are 1, as an error of one input passes on by at most that. */
  readonly pools?: true
  /** How many neurons there are where each is of several units: unit u is of neuron u mod as many. */
  readonly channels?: number
}

/** From the first hidden layer to the output. */
export type Network = readonly Layer[]

/** What fails while one input is worked on. */
export interface Failures {
  /** Of each hidden layer what units of failed neurons send, by their numbers: 0 for a crash. */
  readonly neurons?: readonly ReadonlyMap<number, number>[]
  /** By how much the sum of a unit is off, for a synapse into it that failed; the output is the last layer. */
  readonly synapses?: readonly { readonly layer: number; readonly unit: number; readonly by: number }[]
}

/** Indices of the hidden layers that have neurons: pooling has none. */
export function layersWithNeurons(network: Network): number[] {
  return [...network.keys()].filter((at) => at < network.length - 1 && !network[at]!.pools)
}

/** Indices of the layers that synapses lead into, the output last. */
export function layersWithSynapses(network: Network): number[] {
  return [...layersWithNeurons(network), network.length - 1]
}

export function neuronsOf({ channels, units }: Layer): number {
  return channels ?? units
}

/** The units of one neuron. */
export function unitsOf(layer: Layer, neuron: number): number[] {
  const step = neuronsOf(layer)
  return Array.from({ length: layer.units / step }, (_, at) => neuron + at * step)
}

/** Where the weights of a unit begin; those of the next one begin where they end. */
export function startOf({ links, inputs }: Layer, unit: number): number {
  return links === undefined ? unit * inputs : links.starts[unit]!
}

/**
 * What each layer gives, the output last.
 *
 * @throws TrainingError `bad-argument` when a failure is no finite number: without a bound on what is sent, one neuron suffices
 */
export function runNetwork(network: Network, input: ArrayLike<number>, failures: Failures = {}): Float64Array[] {
  const values: Float64Array[] = []
  const shifts = shiftsOf(network, failures)
  let before = input
  for (const [at, layer] of network.entries()) {
    const outputs = layer.pools ? pool(layer, before) : runLayer(layer, before, shifts[at])
    for (const [unit, sent] of failures.neurons?.[at] ?? []) outputs[unit] = finite(sent)
    values.push(outputs)
    before = outputs
  }
  return values
}

/** The output when a hidden layer sends these values. */
export function runAfter(network: Network, layer: number, sent: ArrayLike<number>): Float64Array {
  return runNetwork(network.slice(layer + 1), sent).at(-1)!
}

function runLayer(layer: Layer, before: ArrayLike<number>, shifts: Float64Array | undefined): Float64Array {
  const { units, weights, bias, activation, links, cap = Number.POSITIVE_INFINITY } = layer
  const outputs = new Float64Array(units)
  for (let unit = 0; unit < units; unit++) {
    let sum = bias[unit]! + (shifts === undefined ? 0 : shifts[unit]!)
    const [start, end] = [startOf(layer, unit), startOf(layer, unit + 1)]
    if (links === undefined) for (let at = start; at < end; at++) sum += weights[at]! * before[at - start]!
    else for (let at = start; at < end; at++) sum += weights[at]! * before[links.from[at]!]!
    outputs[unit] = Math.max(-cap, Math.min(cap, activations[activation].of(sum)))
  }
  return outputs
}

function pool(layer: Layer, before: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: layer.units }, (_, unit) => before[greatestIn(layer, unit, before)]!)
}

/** Which of a pooling unit's inputs is the greatest, of equal ones the first. */
function greatestIn({ links }: Layer, unit: number, before: ArrayLike<number>): number {
  const { starts, from } = links!
  let most = from[starts[unit]!]!
  for (let at = starts[unit]!; at < starts[unit + 1]!; at++) if (before[from[at]!]! > before[most]!) most = from[at]!
  return most
}

/** Of each layer the shifts of its sums, where there are any. */
function shiftsOf(network: Network, { synapses }: Failures): (Float64Array | undefined)[] {
  const shifts: (Float64Array | undefined)[] = network.map(() => undefined)
  for (const { layer, unit, by } of synapses ?? []) {
    shifts[layer] ??= new Float64Array(network[layer]!.units)
    shifts[layer][unit]! += finite(by)
  }
  return shifts
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value
  throw new TrainingError('bad-argument', `a failed neuron or synapse sends ${value}, and no bound holds for that`)
}

/** The gradient of one output by what a layer sends; `values` as `runNetwork` gives them. */
export function gradientOf(
  network: Network,
  values: readonly Float64Array[],
  layer: number,
  output: number,
): Float64Array {
  let passed: Float64Array = Float64Array.from(values.at(-1)!, (_, at) => (at === output ? 1 : 0))
  for (let at = network.length - 1; at > layer; at--)
    passed = passBack(network[at]!, passed, values[at]!, values[at - 1]!)
  return passed
}

/** From the gradient by what a layer sends that by what it is given. */
function passBack(layer: Layer, passed: Float64Array, sent: Float64Array, given: Float64Array): Float64Array {
  const { inputs, units, weights, links } = layer
  const next = new Float64Array(inputs)
  for (let unit = 0; unit < units; unit++) {
    const own = passed[unit]! * slopeOf(layer, sent[unit]!)
    if (own === 0) continue
    if (layer.pools) {
      next[greatestIn(layer, unit, given)]! += own
      continue
    }
    const [start, end] = [startOf(layer, unit), startOf(layer, unit + 1)]
    for (let at = start; at < end; at++) next[links === undefined ? at - start : links.from[at]!]! += own * weights[at]!
  }
  return next
}

/** By how much what a unit sends changes with its sum. */
export function slopeOf({ activation, cap = Number.POSITIVE_INFINITY }: Layer, sent: number): number {
  return Math.abs(sent) >= cap ? 0 : activations[activation].slope(sent)
}
