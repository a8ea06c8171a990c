/**
 * Learning that makes crashes matter less: to the gradient of the loss is added that of λ·V, with V the mean over samples of
 *
 *     Σ over hidden layers, neurons i and outputs o of (∂o/∂y_i · y_i)²
 *
 * which times p is the variance b3 of the outputs when each neuron crashes by itself with a small probability p (El Mhamdi, Guerraoui,
 * Kucharavy, Volodin, 2019; they offer loss + λ·Var b3, so λ here is λ·p there). A channel of a convolution is one neuron.
 *
 * One backward pass for each output would be dear. With signs r_o that are drawn for each sample, (Σ_o r_o · ∂o/∂y_i · y_i)² has the
 * sum over o of the squares as its mean, so that one pass of r·o does, and what is added is right on average.
 *
 * With s_i = ∂(r·o)/∂y_i · y_i the gradient of Σ s_i² is that of Σ c_i · s_i with c = 2s held fixed, and Σ c_i · s_i is the slope, at
 * ε = 0, of r·o when each y_i is multiplied by 1 + ε·c_i. So it is the slope of the gradient of r·o by ε: a forward and a backward pass
 * of numbers with their slopes (Pearlmutter 1994), exact, of all layers at once.
 */
import type { RandomStream } from '@hearsay/catalogue/random'
import type { Tensor } from '@tensorflow/tfjs'
import type { Engine } from '../engines/engine.ts'
import type { Tensorflow } from '../engines/tensorflow.ts'
import type { LayerSpec } from '../task/layers.ts'
import type { LearningSpec } from '../task/learning.ts'
import { activationGradient, inputGradient, type Pass, weighed, weightGradients } from './passes.ts'
import { type LayerPlan, paddedBefore, strideOf } from './plan.ts'

export interface Crashes {
  /** λ */
  readonly weight: number
  /** Of the signs. */
  readonly random: RandomStream
}

export function crashesOf({ crashVariance }: LearningSpec, random: RandomStream): Crashes | undefined {
  return crashVariance === undefined ? undefined : { weight: crashVariance, random }
}

/** Call it inside the `tf.tidy` of the forward pass, after the backward pass: it adds to what that wrote. */
export function addCrashVariance(
  { tf }: Engine,
  plans: LayerPlan[],
  pass: Pass,
  { weight, random }: Crashes,
  gradient: Float32Array,
): void {
  const outputs = pass.values.at(-1)!
  const signs = Float32Array.from({ length: outputs.size }, () => (random.integer(2) === 0 ? 1 : -1))
  const passed = passedFrom(tf, plans, pass, tf.tensor(signs, outputs.shape))
  const scales = plans.map((plan, at) =>
    isHidden(plans, at) ? scaleOf(tf, plan, pass.values[at + 1]!, passed[at]!, weight) : undefined,
  )
  const { given, made } = slopesForward(tf, plans, pass, scales)
  let slope: Tensor | undefined
  for (let at = plans.length - 1; at >= 0; at--) {
    const { spec, weights: places } = plans[at]!
    const { neurons, synapses } = pass.faults[at] ?? {}
    let from = passed[at]!
    const scale = scales[at]
    if (scale) slope = sum(tf, slope, tf.mul(scale, from))
    if (neurons) from = tf.mul(from, neurons.works)
    if (neurons && slope) slope = tf.mul(slope, neurons.works)
    const [input, output] = [pass.values[at]!, pass.computed[at]!]
    const own = ownOf(tf, spec, output, from)
    const ownSlope = sum(tf, slope && ownOf(tf, spec, output, slope), bend(tf, spec, output, made[at], from))
    const before = given[at]
    const found = [
      // The bias has no part in what the layer is given.
      ...(before ? [weightGradients(tf, spec, before, own).slice(0, 1)] : []),
      ...(ownSlope ? [weightGradients(tf, spec, input, ownSlope)] : []),
    ]
    for (const tensors of found)
      for (const [part, tensor] of tensors.entries()) {
        const works = part === 0 ? synapses?.works : undefined
        for (const [index, value] of (tensor.dataSync() as Float32Array).entries())
          gradient[places[part]!.offset + index]! += works === undefined ? value : value * works[index]!
      }
    slope = ownSlope && at > 0 ? inputGradient(tf, spec, input, output, pass.weights[at]![0], ownSlope) : undefined
  }
}

function isHidden(plans: readonly LayerPlan[], at: number): boolean {
  return at < plans.length - 1 && plans[at]!.weights.length > 0
}

/** The gradient of r·o by what each layer sends. */
function passedFrom(tf: Tensorflow, plans: LayerPlan[], { values, computed, weights, faults }: Pass, signs: Tensor) {
  const passed: Tensor[] = []
  let from = signs
  for (let at = plans.length - 1; at >= 0; at--) {
    passed[at] = from
    if (at === 0) break
    const { spec } = plans[at]!
    const works = faults[at]?.neurons?.works
    const own = ownOf(tf, spec, computed[at]!, works ? tf.mul(from, works) : from)
    from = inputGradient(tf, spec, values[at]!, computed[at]!, weights[at]![0], own)
  }
  return passed
}

/** c of each neuron, as it is multiplied with what the layer sends: 2λ/n · s. */
function scaleOf(tf: Tensorflow, { outputShape }: LayerPlan, sent: Tensor, passed: Tensor, weight: number): Tensor {
  const moved = tf.mul(sent, passed)
  const neurons = outputShape.length === 3 ? tf.sum(moved, [1, 2], true) : moved
  return tf.mul(neurons, (2 * weight) / sent.shape[0]!)
}

/** By ε, the slopes of what each layer is given, and of what it computes; undefined where nothing before it has one. */
function slopesForward(tf: Tensorflow, plans: LayerPlan[], pass: Pass, scales: readonly (Tensor | undefined)[]) {
  const given: (Tensor | undefined)[] = []
  const made: (Tensor | undefined)[] = []
  let slope: Tensor | undefined
  for (const [at, { spec }] of plans.entries()) {
    given[at] = slope
    made[at] = slope && slopeAfter(tf, spec, pass, at, slope)
    const works = pass.faults[at]?.neurons?.works
    slope = works && made[at] ? tf.mul(made[at], works) : made[at]
    const scale = scales[at]
    if (scale) slope = sum(tf, slope, tf.mul(scale, pass.values[at + 1]!))
  }
  return { given, made }
}

function slopeAfter(tf: Tensorflow, spec: LayerSpec, pass: Pass, at: number, slope: Tensor): Tensor {
  const output = pass.computed[at]!
  switch (spec.kind) {
    case 'flatten':
      return tf.reshape(slope, output.shape)
    case 'max-pool':
      return slopeOfPool(tf, spec, pass.values[at]!, output, slope)
    default:
      return activationGradient(tf, spec.activation, output, weighed(tf, spec, slope, pass.weights[at]![0]!))
  }
}

/** Of each window the slope of its greatest number, of equal ones the first. */
function slopeOfPool(
  tf: Tensorflow,
  spec: Extract<LayerSpec, { kind: 'max-pool' }>,
  input: Tensor,
  output: Tensor,
  slope: Tensor,
): Tensor {
  const [count, height, width, channels] = input.shape as [number, number, number, number]
  const [, rows, columns] = output.shape as [number, number, number, number]
  const stride = strideOf(spec)
  const [above, left] = [paddedBefore(spec, height, rows), paddedBefore(spec, width, columns)]
  const [inputs, outputs, slopes] = [input, output, slope].map((tensor) => tensor.dataSync()) as Float32Array[]
  const found = new Float32Array(output.size)
  for (let to = 0; to < found.length; to++) {
    const channel = to % channels
    const column = Math.floor(to / channels) % columns
    const row = Math.floor(to / (channels * columns)) % rows
    const sample = Math.floor(to / (channels * columns * rows))
    for (let tap = spec.size ** 2 - 1; tap >= 0; tap--) {
      const y = row * stride - above + Math.floor(tap / spec.size)
      const x = column * stride - left + (tap % spec.size)
      if (y < 0 || y >= height || x < 0 || x >= width) continue
      const from = ((sample * height + y) * width + x) * channels + channel
      if (inputs![from] === outputs![to]) found[to] = slopes![from]!
    }
  }
  return tf.tensor(found, [count, rows, columns, channels])
}

function ownOf(tf: Tensorflow, spec: LayerSpec, output: Tensor, passed: Tensor): Tensor {
  return 'activation' in spec ? activationGradient(tf, spec.activation, output, passed) : passed
}

/** What the slope of a layer's function itself changes by, times what is passed: of tanh −2·y·dy; others are straight. */
function bend(tf: Tensorflow, spec: LayerSpec, output: Tensor, made: Tensor | undefined, passed: Tensor) {
  if (made === undefined || !('activation' in spec) || spec.activation !== 'tanh') return undefined
  return tf.mul(tf.mul(tf.mul(output, -2), made), passed)
}

function sum(tf: Tensorflow, a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined {
  return a && b ? tf.add(a, b) : (a ?? b)
}
