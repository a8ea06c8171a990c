/**
 * What is broken of a model's hardware. A neuron that is stuck sends the same number whatever comes in, and what it computes is
 * lost: no gradient goes back through it, and what learns around it is all others, as if it were there. One that is off adds
 * the same to what it computes. A synapse that is stuck carries the same whatever its neuron sends, so its weight has no
 * gradient; one that is off adds to what it carries, which shifts the sum that it goes into.
 */
import type { RandomStream } from '@hearsay/catalogue/random'
import { shuffle } from '@hearsay/catalogue/random'
import type { BrokenNeurons } from '../task/broken-neurons.ts'
import { TrainingError } from '../task/training-error.ts'
import type { LayerPlan } from './plan.ts'

/** In one layer; a convolution's neuron is a channel, and its synapse a number of the kernel, wherever that is used. */
export interface LayerFaults {
  /** Index of the layer in the plans. */
  readonly layer: number
  /** How many neurons or synapses failed. */
  readonly failed: number
  readonly neurons?: {
    /** Of each 1 when what it computes counts, and 0 when it is stuck. */
    readonly works: Float32Array
    /** What is added to that. */
    readonly sends: Float32Array
  }
  readonly synapses?: {
    /** Of each number of the kernel 1 when it counts, and 0 when its synapse is stuck. */
    readonly works: Float32Array
    /** What is added to the sum of each neuron. */
    readonly shifts: Float32Array
  }
}

export type Faults = readonly LayerFaults[]

/**
 * What of a peer's hardware is broken.
 *
 * @param random of the peer, and of no round: what is broken stays broken
 * @throws TrainingError `bad-task` when there is no such layer
 */
export function faultsIn(plans: readonly LayerPlan[], broken: BrokenNeurons, random: RandomStream): Faults {
  const weighted = [...plans.keys()].filter((at) => plans[at]!.weights.length > 0)
  const places = broken.part === 'neurons' ? weighted.slice(0, -1) : weighted
  return broken.layers.map((number) => {
    const layer = places[number - 1]
    if (layer === undefined)
      throw new TrainingError(
        'bad-task',
        broken.part === 'neurons'
          ? `broken-neurons: the model has no hidden layer ${number}; it has ${places.length}`
          : `broken-neurons: the model has no synapses of layer ${number}; it has ${places.length} layers of them`,
      )
    return broken.part === 'neurons'
      ? neuronsIn(plans[layer]!, layer, broken, random)
      : synapsesIn(plans[layer]!, layer, broken, random)
  })
}

function neuronsIn(
  { outputShape }: LayerPlan,
  layer: number,
  broken: BrokenNeurons,
  random: RandomStream,
): LayerFaults {
  const count = outputShape.at(-1)!
  const works = new Float32Array(count).fill(1)
  const sends = new Float32Array(count)
  const failed = drawn(count, broken.fraction, random)
  for (const neuron of failed) {
    works[neuron] = broken.off > 0 ? 1 : 0
    sends[neuron] = signed(broken, random)
  }
  return { layer, failed: failed.length, neurons: { works, sends } }
}

function synapsesIn({ weights }: LayerPlan, layer: number, broken: BrokenNeurons, random: RandomStream): LayerFaults {
  const [kernel, bias] = weights
  const works = new Float32Array(kernel!.length).fill(1)
  const shifts = new Float32Array(bias!.length)
  const failed = drawn(kernel!.length, broken.fraction, random)
  for (const synapse of failed) {
    works[synapse] = broken.off > 0 ? 1 : 0
    // A kernel's last side is that of outputs.
    shifts[synapse % bias!.length]! += signed(broken, random)
  }
  return { layer, failed: failed.length, synapses: { works, shifts } }
}

function drawn(count: number, fraction: number, random: RandomStream): number[] {
  const order = shuffle(
    Array.from({ length: count }, (_, at) => at),
    random.integer,
  )
  return order.slice(0, Math.max(1, Math.round(fraction * count)))
}

function signed({ sends, off }: BrokenNeurons, random: RandomStream): number {
  const by = off > 0 ? off : sends
  return random.integer(2) === 0 ? by : -by
}
