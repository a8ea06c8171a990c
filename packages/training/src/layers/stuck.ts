/**
 * Neurons that are stuck: what they compute is lost, and each sends the same number whatever comes in. So no gradient goes back
 * through them, and what learns around them is all others, as if they were there.
 */
import type { RandomStream } from '@hearsay/catalogue/random'
import { shuffle } from '@hearsay/catalogue/random'
import type { BrokenNeurons } from '../task/broken-neurons.ts'
import { TrainingError } from '../task/training-error.ts'
import type { LayerPlan } from './plan.ts'

export interface Stuck {
  /** Index of the layer in the plans. */
  readonly layer: number
  /** Of each neuron, or channel of a convolution, 1 when it works and 0 when it is stuck. */
  readonly works: Float32Array
  /** What each stuck one sends; 0 for those that work. */
  readonly sends: Float32Array
}

/**
 * Which neurons of a peer are stuck.
 *
 * @param random of the peer, and of no round: what is broken stays broken
 * @throws TrainingError `bad-task` when there is no such hidden layer
 */
export function stuckIn(plans: readonly LayerPlan[], broken: BrokenNeurons, random: RandomStream): Stuck {
  const hidden = [...plans.keys()].filter((at) => plans[at]!.weights.length > 0).slice(0, -1)
  const layer = hidden[broken.layer - 1]
  if (layer === undefined)
    throw new TrainingError(
      'bad-task',
      `broken-neurons: the model has no hidden layer ${broken.layer}; it has ${hidden.length}`,
    )
  const count = plans[layer]!.outputShape.at(-1)!
  const works = new Float32Array(count).fill(1)
  const sends = new Float32Array(count)
  const order = shuffle([...works.keys()], random.integer)
  for (const neuron of order.slice(0, Math.max(1, Math.round(broken.fraction * count)))) {
    works[neuron] = 0
    sends[neuron] = random.integer(2) === 0 ? broken.sends : -broken.sends
  }
  return { layer, works, sends }
}
