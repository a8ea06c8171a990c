/**
 * Trainings of several peers as one computation: each operation of a step is of all their batches and models at once, and models
 * stay on the engine from step to step. Of layers that are dense, without clipping, decay of weights and variance of crashes; one peer's numbers
 * depend on nobody else's, and are the same bits alone and with any others.
 *
 * They are not those of trainings one by one: sums have another order, and the steps are made in float32, not in float64.
 *
 * A layer is one matrix here, [inputs + 1, outputs]: the bias lies behind the kernel, and is that of an input that is always 1.
 */
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import type { Engine } from '../engines/engine.ts'
import { trainedFrom } from '../task/descent.ts'
import type { LayerSpec } from '../task/layers.ts'
import { type LearningSpec, rateAt } from '../task/learning.ts'
import type { Trained, TrainingCall } from '../task/task.ts'
import { activate, activationGradient } from './passes.ts'
import { type LayerPlan, sizeOf } from './plan.ts'

/** More samples than take this are not kept as numbers. */
const mostSampleBytes = 256 * 2 ** 20
/** Numbers of models that are worked on at once: more are slower, since they leave the processor's cache. */
const mostNumbers = 2 ** 21

export interface TogetherOptions {
  readonly engine: Engine
  readonly plans: readonly LayerPlan[]
  readonly learning: LearningSpec
  /** Of training. */
  readonly samples: {
    readonly count: number
    /** Of one sample after the other what the model sees, number by number. */
    inputOf(at: number): number
  }
  /** The samples of all steps, as of a training by itself. */
  readonly orderOf: (call: TrainingCall) => Int32Array
  /** The mean loss of outputs for these samples, and its gradient by the outputs. */
  readonly lossOf: (
    outputs: Float32Array,
    samples: Int32Array,
  ) => { readonly loss: number; readonly gradient: Float32Array }
}

export interface Together {
  train(calls: readonly TrainingCall[]): Trained[]
  close(): void
}

type Dense = Extract<LayerSpec, { kind: 'dense' }>

interface Layer {
  readonly activation: Dense['activation']
  readonly offset: number
  readonly inputs: number
  readonly outputs: number
}

/** Undefined by another engine, or where not all that is asked for can be done so. */
export function createTogether(options: TogetherOptions): Together | undefined {
  const { engine, learning, samples } = options
  const layers = engine.name === 'batched' ? layersOf(options.plans) : undefined
  const { clipNorm, weightDecay, crashVariance } = learning
  if (layers === undefined || clipNorm !== undefined || weightDecay > 0 || crashVariance !== undefined) return undefined
  if (4 * samples.count * (layers[0]!.inputs + 1) > mostSampleBytes) return undefined
  const size = layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0)
  const most = Math.max(1, Math.floor(mostNumbers / size))
  let inputs: Tensor2D | undefined
  return {
    train(calls) {
      inputs ??= inputsOf(engine, samples, layers[0]!.inputs)
      const trained: Trained[] = []
      for (let first = 0; first < calls.length; first += most)
        trained.push(...descendTogether({ ...options, layers, inputs }, calls.slice(first, first + most)))
      return trained
    },
    close: () => void inputs?.dispose(),
  }
}

function layersOf(plans: readonly LayerPlan[]): Layer[] | undefined {
  const layers: Layer[] = []
  for (const { spec, inputShape, outputShape, weights } of plans) {
    if (spec.kind === 'flatten') continue
    if (spec.kind !== 'dense') return undefined
    const { activation } = spec
    layers.push({ activation, offset: weights[0]!.offset, inputs: sizeOf(inputShape), outputs: outputShape[0]! })
  }
  return layers
}

/** What a model sees of all samples, and behind each its input that is always 1. */
function inputsOf({ tf }: Engine, { count, inputOf }: TogetherOptions['samples'], size: number): Tensor2D {
  const numbers = new Float32Array(count * (size + 1))
  for (let sample = 0, to = 0; sample < count; sample++) {
    for (let at = sample * size; at < (sample + 1) * size; at++) numbers[to++] = inputOf(at)
    numbers[to++] = 1
  }
  return tf.tensor2d(numbers, [count, size + 1])
}

interface Descent extends TogetherOptions {
  readonly layers: readonly Layer[]
  readonly inputs: Tensor2D
}

/** One peer in a descent. */
interface Lesson {
  readonly model: Float32Array
  readonly order: Int32Array
  readonly rate: number
  steps: number
  sum: number
  /** Its weights where its loss was no longer finite. */
  stopped: Float32Array | undefined
}

function descendTogether(descent: Descent, calls: readonly TrainingCall[]): Trained[] {
  const { engine, layers, learning, orderOf } = descent
  const { tf } = engine
  const { localSteps, momentum } = learning
  const lessons = calls.map((call): Lesson => {
    const { round, model } = call
    return { model, order: orderOf(call), rate: rateAt(learning, round), steps: 0, sum: 0, stopped: undefined }
  })
  let weights = layers.map((layer) => stacked(engine, lessons, layer))
  let velocities: Tensor[] = []
  for (let step = 0; step < localSteps && lessons.some(({ stopped }) => !stopped); step++) {
    const next = tf.tidy(() => {
      const moves = movesOf(descent, lessons, weights, step)
      const faster = velocities.map((before, at) => tf.add(tf.mul(before, momentum), moves[at]!))
      const moved = velocities.length > 0 ? faster : moves
      return [...weights.map((before, at) => tf.add(before, moved[at]!)), ...moved]
    })
    tf.dispose([...weights, ...velocities])
    weights = next.slice(0, layers.length) as Tensor3D[]
    velocities = next.slice(layers.length)
  }
  const ends = read(layers, weights, lessons.length)
  tf.dispose([...weights, ...velocities])
  return lessons.map(({ model, steps, sum, stopped }, at) =>
    trainedFrom(stopped ?? ends[at]!, model, { sum, steps, due: localSteps }),
  )
}

function stacked({ tf }: Engine, lessons: readonly Lesson[], { offset, inputs, outputs }: Layer): Tensor3D {
  const length = (inputs + 1) * outputs
  const numbers = new Float32Array(lessons.length * length)
  for (const [at, { model }] of lessons.entries()) numbers.set(model.subarray(offset, offset + length), at * length)
  return tf.tensor3d(numbers, [lessons.length, inputs + 1, outputs])
}

/** The weights of each peer, as one vector. */
function read(layers: readonly Layer[], weights: readonly Tensor[], peers: number): Float32Array[] {
  const parts = weights.map((tensor) => tensor.dataSync() as Float32Array)
  const size = parts.reduce((sum, { length }) => sum + length / peers, 0)
  return Array.from({ length: peers }, (_, peer) => {
    const vector = new Float32Array(size)
    for (const [at, part] of parts.entries()) {
      const length = part.length / peers
      vector.set(part.subarray(peer * length, (peer + 1) * length), layers[at]!.offset)
    }
    return vector
  })
}

/** −rate · gradient of each layer, for each peer by its own batch: zero for one that has stopped, or stops here. */
function movesOf(descent: Descent, lessons: readonly Lesson[], weights: readonly Tensor3D[], step: number): Tensor[] {
  const { layers, inputs, learning } = descent
  const { tf } = descent.engine
  const [peers, batchSize] = [lessons.length, learning.batchSize]
  const samples = new Int32Array(peers * batchSize)
  for (const [at, { order }] of lessons.entries())
    samples.set(order.subarray(step * batchSize, (step + 1) * batchSize), at * batchSize)
  const ones: Tensor3D = tf.ones([peers, batchSize, 1])
  const given: Tensor3D[] = [tf.reshape(tf.gather(inputs, samples), [peers, batchSize, inputs.shape[1]])]
  const outputs: Tensor3D[] = []
  for (const [at, { activation }] of layers.entries()) {
    outputs.push(activate(tf, activation, tf.matMul(given[at]!, weights[at]!)) as Tensor3D)
    if (at + 1 < layers.length) given.push(tf.concat([outputs[at]!, ones], 2))
  }
  const last = outputs.at(-1)!
  const found = last.dataSync() as Float32Array
  let passed: Tensor = tf.tensor3d(judged(descent, lessons, weights, { samples, outputs: found }), last.shape)
  const moves: Tensor[] = []
  for (let at = layers.length - 1; at >= 0; at--) {
    const own = activationGradient(tf, layers[at]!.activation, outputs[at]!, passed) as Tensor3D
    moves.unshift(tf.matMul(given[at]!, own, true, false))
    if (at > 0) passed = tf.slice(tf.matMul(own, weights[at]!, false, true), 0, [peers, batchSize, layers[at]!.inputs])
  }
  return moves
}

/** −rate · gradient by the outputs; counts the step of each peer, or stops it. */
function judged(
  { layers, lossOf }: Descent,
  lessons: readonly Lesson[],
  weights: readonly Tensor3D[],
  { samples, outputs }: { readonly samples: Int32Array; readonly outputs: Float32Array },
): Float32Array {
  const moves = new Float32Array(outputs.length)
  const [length, batchSize] = [outputs.length / lessons.length, samples.length / lessons.length]
  for (const [at, lesson] of lessons.entries()) {
    if (lesson.stopped) continue
    const own = outputs.subarray(at * length, (at + 1) * length)
    const { loss, gradient } = lossOf(own, samples.subarray(at * batchSize, (at + 1) * batchSize))
    if (!Number.isFinite(loss)) {
      lesson.stopped = read(layers, weights, lessons.length)[at]!
      continue
    }
    lesson.sum += loss
    lesson.steps++
    for (let k = 0; k < length; k++) moves[at * length + k] = -lesson.rate * gradient[k]!
  }
  return moves
}
