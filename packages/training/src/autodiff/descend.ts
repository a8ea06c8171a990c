import type { RandomStream } from '@hearsay/catalogue/random'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { descend } from '../task/descent.ts'
import type { LearningSpec } from '../task/learning.ts'
import type { Trained } from '../task/task.ts'
import { type Network, outputsOf, parametersOf, setParameters } from './network.ts'
import { seeded } from './seeded.ts'

/** A batch, [batch, …], and the mean loss of what the model makes of it. */
export interface Step {
  readonly inputs: Tensor
  loss(outputs: Tensor): Scalar
}

/**
 * Trains a network by the gradients that TensorFlow.js traces, with the descent of all tasks. What is not trained but changes,
 * such as moving statistics, changes as its layers say; its update is what it has changed by, without rate, momentum and decay.
 *
 * @param step called inside `tf.tidy` for each step
 * @param random of dropout, and of whatever else layers draw
 */
export function descendTraced(
  tf: Tensorflow,
  network: Network,
  options: {
    readonly model: Float32Array
    readonly learning: LearningSpec & { readonly rate: number }
    readonly random: RandomStream
    readonly step: (index: number) => Step
  },
): Trained {
  const { model, learning, random, step } = options
  const { trainedLength, length } = network
  setParameters(tf, network, model)
  const trained = descend(model.subarray(0, trainedLength), learning, (weights, index, gradient) => {
    setParameters(tf, network, weights)
    return seeded(random, () => tf.tidy(() => gradientOf(tf, network, step(index), gradient)))
  })
  if (trainedLength === length) return trained
  const update = new Float32Array(length)
  if (!trained.diverged) {
    const changed = parametersOf(network)
    for (let index = trainedLength; index < length; index++) update[index] = changed[index]! - model[index]!
  }
  update.set(trained.update)
  return { ...trained, update }
}

/** Writes the gradient of the loss of a batch by every weight that is trained into `gradient`; gives the loss. Call it inside `tf.tidy`. */
export function gradientOf(tf: Tensorflow, network: Network, { inputs, loss }: Step, gradient: Float32Array): number {
  const variables = network.variables.slice(0, network.trained)
  const { value, grads } = tf.variableGrads(
    () => withRegularisers(tf, network, loss(outputsOf(network, inputs, true))),
    variables,
  )
  const [told] = value.dataSync()
  for (const [index, { name }] of variables.entries()) {
    const { offset } = network.tensors[index]!
    const part = grads[name]
    if (part === undefined) gradient.fill(0, offset, offset + variables[index]!.size)
    else gradient.set(part.dataSync() as Float32Array, offset)
  }
  return told!
}

/** A layer may add a loss of its own weights. */
function withRegularisers(tf: Tensorflow, { model }: Network, loss: Scalar): Scalar {
  return model.calculateLosses().reduce((sum, own) => tf.add(sum, own), loss)
}
