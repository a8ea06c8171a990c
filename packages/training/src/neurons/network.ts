/**
 * A feed-forward network of dense layers in float64, run neuron by neuron, so that single neurons and synapses can fail. The
 * engines compute whole layers; this is what bounds are held against.
 */
import { TrainingError } from '../task/training-error.ts'
import { type ActivationName, activations } from './activations.ts'

export interface DenseLayer {
  readonly inputs: number
  readonly units: number
  /** Row-major [units, inputs]: a row is what goes into one neuron. */
  readonly weights: Float64Array
  readonly bias: Float64Array
  readonly activation: ActivationName
  /** What neurons send is cut to [−cap, cap] at run time; needed of activations that have no greatest value. */
  readonly cap?: number
}

/** From the first hidden layer to the output. */
export type DenseNetwork = readonly DenseLayer[]

/** What fails while one input is worked on. */
export interface Failures {
  /** Of each hidden layer what its failed neurons send, by their numbers: 0 for a crash. */
  readonly neurons?: readonly ReadonlyMap<number, number>[]
  /** By how much the sum of a neuron is off, for a synapse into it that failed; the output is the last layer. */
  readonly synapses?: readonly { readonly layer: number; readonly unit: number; readonly by: number }[]
}

/**
 * What each layer gives, the output last.
 *
 * @throws TrainingError `bad-argument` when a failure is no finite number: without a bound on what is sent, one neuron suffices
 */
export function runNetwork(network: DenseNetwork, input: ArrayLike<number>, failures: Failures = {}): Float64Array[] {
  const values: Float64Array[] = []
  let before = input
  for (const at of network.keys()) {
    const outputs = runLayer(network[at]!, before, (unit) => shiftOf(failures, at, unit))
    for (const [neuron, sent] of failures.neurons?.[at] ?? []) outputs[neuron] = finite(sent)
    values.push(outputs)
    before = outputs
  }
  return values
}

/** The output when a hidden layer sends these values. */
export function runAfter(network: DenseNetwork, layer: number, sent: ArrayLike<number>): Float64Array {
  return runNetwork(network.slice(layer + 1), sent).at(-1)!
}

const unshifted = (): number => 0

function runLayer(layer: DenseLayer, before: ArrayLike<number>, shift: (unit: number) => number = unshifted) {
  const { inputs, units, weights, bias, activation, cap = Number.POSITIVE_INFINITY } = layer
  const outputs = new Float64Array(units)
  for (let unit = 0; unit < units; unit++) {
    let sum = bias[unit]! + shift(unit)
    for (let from = 0; from < inputs; from++) sum += weights[unit * inputs + from]! * before[from]!
    outputs[unit] = Math.max(-cap, Math.min(cap, activations[activation].of(sum)))
  }
  return outputs
}

function shiftOf({ synapses }: Failures, layer: number, unit: number): number {
  let sum = 0
  for (const each of synapses ?? []) if (each.layer === layer && each.unit === unit) sum += finite(each.by)
  return sum
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value
  throw new TrainingError('bad-argument', `a failed neuron or synapse sends ${value}, and no bound holds for that`)
}

/** The gradient of one output by what a hidden layer sends; `values` as `runNetwork` gives them. */
export function gradientOf(
  network: DenseNetwork,
  values: readonly Float64Array[],
  layer: number,
  output: number,
): Float64Array {
  let passed = Float64Array.from(values.at(-1)!, (_, at) => (at === output ? 1 : 0))
  for (let at = network.length - 1; at > layer; at--) {
    const { inputs, units, weights, activation, cap = Number.POSITIVE_INFINITY } = network[at]!
    const next = new Float64Array(inputs)
    for (let unit = 0; unit < units; unit++) {
      const value = values[at]![unit]!
      const own = Math.abs(value) >= cap ? 0 : passed[unit]! * activations[activation].slope(value)
      if (own !== 0) for (let from = 0; from < inputs; from++) next[from]! += own * weights[unit * inputs + from]!
    }
    passed = next
  }
  return passed
}
