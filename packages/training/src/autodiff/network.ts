import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs'
import { onPlainBackend } from '../engines/plain.ts'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { stream } from '../task/random.ts'
import type { NamedTensor } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import { unfuseDense } from './dense.ts'
import { registerOrthogonal } from './orthogonal.ts'
import { seeded } from './seeded.ts'

/** Gives a model; it may draw from Math.random, which is seeded, and depends on nothing else. */
export type BuildModel = (tf: Tensorflow) => LayersModel

/**
 * A model of TensorFlow.js and its weights as one vector: first those that are trained, then those that are not, such as the
 * moving statistics of batch normalisation; each layer by layer, row by row.
 */
export interface Network {
  readonly model: LayersModel
  /** `layers.0.kernel`: its place among the layers of the model, and what its layer calls it. */
  readonly tensors: readonly NamedTensor[]
  /** So many of `tensors` are trained: the first. */
  readonly trained: number
  /** Of each of `tensors` the variable. */
  readonly variables: readonly Variable[]
  /** Numbers in the vector, and in that part of it that is trained. */
  readonly length: number
  readonly trainedLength: number
}

type Weight = LayersModel['weights'][number]

/**
 * Builds a model, its first weights drawn from a stream of the seed, as each layer says, on the backend in plain JavaScript: the
 * same bits whatever the engine. It has to be disposed of.
 *
 * @throws TrainingError `bad-model` when `build` throws, or what it gives cannot be trained here
 */
export function buildNetwork(tf: Tensorflow, build: BuildModel, seed: number | string): Network {
  prepare(tf)
  let model: LayersModel
  try {
    model = onPlainBackend(tf, () => seeded(stream(seed, 'initial model'), () => build(tf)))
  } catch (error) {
    throw badModel(`it cannot be built: ${error instanceof Error ? error.message : String(error)}`, error)
  }
  checkModel(model)
  const names = namesOf(model)
  const weights = [...model.trainableWeights, ...model.nonTrainableWeights]
  let length = 0
  let trainedLength = 0
  const tensors = weights.map((weight, index): NamedTensor => {
    const shape = weight.shape as number[]
    const offset = length
    length += shape.reduce((size, side) => size * side, 1)
    if (index < model.trainableWeights.length) trainedLength = length
    return { name: names.get(weight)!, shape, offset }
  })
  if (trainedLength === 0) throw badModel('none of its weights is trained')
  const variables = weights.map((weight) => weight.read() as Variable)
  return { model, tensors, trained: model.trainableWeights.length, variables, length, trainedLength }
}

const prepared = new WeakSet<Tensorflow>()

/** Replaces some of what TensorFlow.js does by what gives the same in less time. */
export function prepare(tf: Tensorflow): void {
  if (prepared.has(tf)) return
  prepared.add(tf)
  registerOrthogonal(tf)
  unfuseDense(tf)
}

function checkModel(model: LayersModel): void {
  if (!Array.isArray(model?.layers) || !Array.isArray(model.trainableWeights))
    throw badModel('what is given as model is no LayersModel; return what tf.sequential or tf.model gives')
  const [inputs, outputs] = [model.inputs?.length ?? 0, model.outputs?.length ?? 0]
  if (inputs !== 1 || outputs !== 1)
    throw badModel(`it has ${inputs} inputs and ${outputs} outputs; give it one of each, and an inputShape`)
  if (model.stateful) throw badModel('a stateful layer carries one batch into the next; leave `stateful` out')
  const odd = model.weights.find(({ dtype }) => dtype !== 'float32')
  if (odd !== undefined) throw badModel(`its weight ${odd.name} is of ${odd.dtype}; only float32 can be agreed on`)
}

/** TensorFlow.js counts names up in a process. */
function namesOf(model: LayersModel): Map<Weight, string> {
  const names = new Map<Weight, string>()
  for (const [index, layer] of model.layers.entries()) {
    const taken = new Map<string, number>()
    for (const weight of layer.weights) {
      const own = weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1)
      const times = taken.get(own) ?? 0
      taken.set(own, times + 1)
      if (!names.has(weight)) names.set(weight, `layers.${index}.${own}${times === 0 ? '' : `.${times}`}`)
    }
  }
  return names
}

/** The weights as a vector. */
export function parametersOf({ variables, tensors, length }: Network): Float32Array {
  const parameters = new Float32Array(length)
  for (const [index, variable] of variables.entries())
    parameters.set(variable.dataSync() as Float32Array, tensors[index]!.offset)
  return parameters
}

/** Puts a vector into the model, or its beginning, as far as it goes. */
export function setParameters(tf: Tensorflow, { variables, tensors }: Network, parameters: Float32Array): void {
  tf.tidy(() => {
    for (const [index, variable] of variables.entries()) {
      const { shape, offset } = tensors[index]!
      if (offset >= parameters.length) return
      variable.assign(tf.tensor(parameters.subarray(offset, offset + variable.size), shape as number[]))
    }
  })
}

export function badModel(problem: string, cause?: unknown): TrainingError {
  return new TrainingError('bad-model', `the model: ${problem}`, cause === undefined ? {} : { cause })
}

/** Outputs of the model, [batch, …], as it is used, not trained. Call it inside `tf.tidy`. */
export function outputsOf({ model }: Network, inputs: Tensor, training = false): Tensor {
  return model.apply(inputs, { training }) as Tensor
}
