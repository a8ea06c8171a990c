import type { LayerSpec, ModelSpec } from '../task/layers.ts'
import { stream } from '../task/random.ts'
import type { NamedTensor } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'

/**
 * Layout of a model's parameters in one Float32Array, which every peer and every version must share: layers from
 * input to output; in a layer first the kernel, then the bias (one number per output); kernels row-major as
 * [inputs, outputs] for `dense` and [height, width, input channels, output channels] for `conv2d`.
 */

// 400 MB: what a peer sends in every round.
const parametersAtMost = 100_000_000

/** Where one tensor of weights lies in the parameters. */
export interface WeightPlace {
  shape: number[]
  offset: number
  length: number
  /** Weights into one output and out of one input; 0 for a bias, which starts at zero. */
  fanIn: number
  fanOut: number
}

export interface LayerPlan {
  spec: LayerSpec
  inputShape: number[]
  outputShape: number[]
  /** Kernel and bias, or nothing for layers without weights. */
  weights: WeightPlace[]
}

/** Shapes and places of every layer; throws `bad-model` when a layer cannot follow the one before. */
export function planLayers({ name, inputShape, layers }: ModelSpec): LayerPlan[] {
  const plans: LayerPlan[] = []
  let shape = inputShape
  let offset = 0
  for (const [index, spec] of layers.entries()) {
    const fault = (problem: string) =>
      new TrainingError('bad-model', `model ${name}, layers[${index}] (${spec.kind}): ${problem}`)
    const outputShape = shapeAfter(spec, shape, fault)
    const weights = weightsOf(spec, shape, offset)
    for (const { length } of weights) offset += length
    if (offset > parametersAtMost) throw fault(`more than ${parametersAtMost} parameters so far; make it smaller`)
    plans.push({ spec, inputShape: shape, outputShape, weights })
    shape = outputShape
  }
  return plans
}

function shapeAfter(spec: LayerSpec, input: number[], fault: (problem: string) => TrainingError): number[] {
  if (spec.kind === 'flatten') return [sizeOf(input)]
  if (spec.kind === 'dense') {
    if (input.length !== 1) throw fault(`needs a flat input but gets [${input}]; put { kind: flatten } before it`)
    return [spec.units]
  }
  if (input.length !== 3) throw fault(`needs [height, width, channels] but gets [${input}]; correct inputShape`)
  const stride = strideOf(spec)
  const sides = input.slice(0, 2).map((side) => {
    if (spec.padding === 'same') return Math.ceil(side / stride)
    if (side < spec.size) throw fault(`a window of ${spec.size} is larger than its input [${input}]`)
    return Math.floor((side - spec.size) / stride) + 1
  })
  return [...sides, spec.kind === 'conv2d' ? spec.filters : input[2]!]
}

function weightsOf(spec: LayerSpec, input: number[], offset: number): WeightPlace[] {
  if (spec.kind !== 'dense' && spec.kind !== 'conv2d') return []
  const outputs = spec.kind === 'dense' ? spec.units : spec.filters
  const window = spec.kind === 'dense' ? [] : [spec.size, spec.size]
  const inputs = input[input.length - 1]!
  const shape = [...window, inputs, outputs]
  const kernel = { shape, offset, length: sizeOf(shape) }
  return [
    { ...kernel, fanIn: sizeOf(window) * inputs, fanOut: sizeOf(window) * outputs },
    { shape: [outputs], offset: offset + kernel.length, length: outputs, fanIn: 0, fanOut: 0 },
  ]
}

/** Step of a window, pixels. */
export function strideOf(spec: Extract<LayerSpec, { kind: 'conv2d' | 'max-pool' }>): number {
  return spec.stride ?? spec.size
}

/** How many places `same` pads before the first of a side. */
export function paddedBefore(
  spec: Extract<LayerSpec, { kind: 'conv2d' | 'max-pool' }>,
  side: number,
  outputs: number,
): number {
  if (spec.padding === 'valid') return 0
  return Math.floor(Math.max(0, (outputs - 1) * strideOf(spec) + spec.size - side) / 2)
}

/** Where the kernel and the bias of every layer are: `layers.0.kernel`, `layers.0.bias`. */
export function tensorsOf(plans: readonly LayerPlan[]): NamedTensor[] {
  return plans.flatMap(({ weights }, layer) =>
    weights.map(({ shape, offset }, part) => ({
      name: `layers.${layer}.${part === 0 ? 'kernel' : 'bias'}`,
      shape,
      offset,
    })),
  )
}

/** Numbers in the parameter vector of a model. */
export function lengthOf(plans: readonly LayerPlan[]): number {
  return plans.reduce((sum, plan) => plan.weights.reduce((part, { length }) => part + length, sum), 0)
}

/**
 * Glorot uniform kernels, zero biases (Glorot, Bengio 2010). Part of a genesis digest: only +, ·, / and √ are used,
 * which IEEE 754 rounds alike everywhere, so that the bits are the same on every machine.
 */
export function initialParameters(plans: readonly LayerPlan[], seed: number | string): Float32Array {
  const parameters = new Float32Array(lengthOf(plans))
  const random = stream(seed, 'initial model')
  for (const { offset, length, fanIn, fanOut } of plans.flatMap((plan) => plan.weights)) {
    if (fanIn === 0) continue
    const limit = Math.sqrt(6 / (fanIn + fanOut))
    for (let index = offset; index < offset + length; index++) parameters[index] = (2 * random.uniform() - 1) * limit
  }
  return parameters
}

/** Numbers in one input. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1)
}

/** With one channel where there are no channels: [height, width, channels]. */
export function pictureShape(shape: readonly number[]): number[] {
  return shape.length === 2 ? [...shape, 1] : [...shape]
}
