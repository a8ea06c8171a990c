import type { NamedAttrMap, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs'
import type { Engine } from '../engines/engine.ts'
import type { Tensorflow } from '../engines/tensorflow.ts'
import type { LayerSpec } from '../task/layers.ts'
import type { Faults, LayerFaults } from './faults.ts'
import { type LayerPlan, strideOf } from './plan.ts'

/**
 * Forward and backward passes, layer by layer. They are written out, instead of being traced by tfjs, because most of
 * the time of a small step is the dispatch of its operations, and because tfjs's own gradient of a matrix product
 * uses transposed products, for which the wasm engine has only a slow kernel (measured: 5.1 against 0.5 ms for
 * 784 × 32 × 128). Transposing first is as fast on the native engine. The tests compare every gradient with tfjs's.
 */

export interface Pass {
  /** Input of each layer, then the logits. */
  values: Tensor[]
  /** What each layer computes: what the next one is given, but for neurons that fail. */
  computed: Tensor[]
  /** Kernel and bias of each layer. */
  weights: Tensor[][]
  /** What is broken of each layer. */
  faults: (LayerFaults | undefined)[]
}

/** Runs a batch ([batch, ...inputShape]) through the layers. Call it inside `tf.tidy`. */
export function forward(
  { tf }: Engine,
  plans: LayerPlan[],
  parameters: Float32Array,
  batch: Tensor,
  broken: Faults = [],
): Pass {
  const faults = plans.map((_, index) => broken.find(({ layer }) => layer === index))
  const weights = plans.map((plan, index) =>
    plan.weights.map(({ shape, offset, length }, part) => {
      const sound = parameters.subarray(offset, offset + length)
      return tf.tensor(damaged(sound, faults[index]?.synapses, part === 0), shape)
    }),
  )
  const values = [batch]
  const computed: Tensor[] = []
  for (const [index, plan] of plans.entries()) {
    const output = forwardLayer(tf, plan.spec, values[index]!, weights[index]!)
    computed.push(output)
    const neurons = faults[index]?.neurons
    values.push(neurons ? tf.add(tf.mul(output, neurons.works), neurons.sends) : output)
  }
  return { values, computed, weights, faults }
}

/** A kernel or a bias as synapses that fail have it. */
function damaged(sound: Float32Array, synapses: LayerFaults['synapses'], kernel: boolean): Float32Array {
  if (synapses === undefined) return sound
  const { works, shifts } = synapses
  return kernel ? sound.map((each, at) => each * works[at]!) : sound.map((each, at) => each + shifts[at]!)
}

/**
 * Writes the gradient of the loss by every parameter into `gradient`, given its gradient by the logits. Call it
 * inside the `tf.tidy` of the forward pass.
 */
export function backward(
  { tf }: Engine,
  plans: LayerPlan[],
  { values, computed, weights, faults }: Pass,
  logitsGradient: Tensor,
  gradient: Float32Array,
): void {
  let passed = logitsGradient
  for (let index = plans.length - 1; index >= 0; index--) {
    const { spec, weights: places } = plans[index]!
    const input = values[index]!
    const output = computed[index]!
    const { neurons, synapses } = faults[index] ?? {}
    if (neurons) passed = tf.mul(passed, neurons.works)
    const own = 'activation' in spec ? activationGradient(tf, spec.activation, output, passed) : passed
    for (const [part, tensor] of weightGradients(tf, spec, input, own).entries()) {
      const found = tensor.dataSync() as Float32Array
      gradient.set(
        part === 0 && synapses ? found.map((each, at) => each * synapses.works[at]!) : found,
        places[part]!.offset,
      )
    }
    if (index > 0) passed = inputGradient(tf, spec, input, output, weights[index]![0], own)
  }
}

function forwardLayer(tf: Tensorflow, spec: LayerSpec, input: Tensor, [kernel, bias]: Tensor[]): Tensor {
  switch (spec.kind) {
    case 'flatten':
      return tf.reshape(input, [input.shape[0]!, -1])
    case 'max-pool':
      return tf.maxPool(input as Tensor4D, spec.size, strideOf(spec), spec.padding)
    default:
      return activate(tf, spec.activation, tf.add(weighed(tf, spec, input, kernel!), bias!))
  }
}

/** The sums of a layer without its bias: linear in the input. */
export function weighed(
  tf: Tensorflow,
  spec: Extract<LayerSpec, { kind: 'dense' | 'conv2d' }>,
  input: Tensor,
  kernel: Tensor,
): Tensor {
  if (spec.kind === 'dense') return tf.matMul(input, kernel)
  return tf.conv2d(input as Tensor4D, kernel as Tensor4D, spec.stride, spec.padding)
}

type Activation = Extract<LayerSpec, { kind: 'dense' }>['activation']

export function activate(tf: Tensorflow, activation: Activation, value: Tensor): Tensor {
  if (activation === 'none') return value
  return activation === 'relu' ? tf.relu(value) : tf.tanh(value)
}

/** The gradient before the activation, from the one after it and the activation's output. */
export function activationGradient(tf: Tensorflow, activation: Activation, output: Tensor, passed: Tensor): Tensor {
  if (activation === 'none') return passed
  // The sign of relu's output is its slope, and costs a quarter of tfjs-node's `step`.
  if (activation === 'relu') return tf.mul(passed, tf.sign(output))
  return tf.mul(passed, tf.sub(1, tf.square(output)))
}

export function weightGradients(tf: Tensorflow, spec: LayerSpec, input: Tensor, own: Tensor): Tensor[] {
  switch (spec.kind) {
    case 'dense':
      return [tf.matMul(tf.transpose(input as Tensor2D), own as Tensor2D), tf.sum(own, 0)]
    case 'conv2d': {
      const filterShape = [spec.size, spec.size, input.shape[3]!, own.shape[3]!]
      const kernel = runKernel(tf, 'Conv2DBackpropFilter', { x: input, dy: own }, { ...windowOf(spec), filterShape })
      return [kernel, tf.sum(own, [0, 1, 2])]
    }
    default:
      return []
  }
}

export function inputGradient(
  tf: Tensorflow,
  spec: LayerSpec,
  input: Tensor,
  output: Tensor,
  kernel: Tensor | undefined,
  own: Tensor,
): Tensor {
  switch (spec.kind) {
    case 'flatten':
      return tf.reshape(own, input.shape)
    case 'dense':
      return tf.matMul(own, tf.transpose(kernel!))
    case 'conv2d': {
      const attributes = { ...windowOf(spec), inputShape: input.shape }
      return runKernel(tf, 'Conv2DBackpropInput', { dy: own, filter: kernel! }, attributes)
    }
    case 'max-pool': {
      const attributes = { ...windowOf(spec), filterSize: [spec.size, spec.size] }
      return runKernel(tf, 'MaxPoolGrad', { dy: own, input, output }, attributes)
    }
  }
}

function windowOf(spec: Extract<LayerSpec, { kind: 'conv2d' | 'max-pool' }>) {
  const stride = strideOf(spec)
  return { strides: [stride, stride], pad: spec.padding, dataFormat: 'NHWC' }
}

/** For gradient kernels, which tfjs does not export as operations. */
function runKernel(tf: Tensorflow, name: string, inputs: Record<string, Tensor>, attributes: NamedAttrMap): Tensor {
  return tf.engine().runKernel(name, inputs, attributes) as Tensor
}
