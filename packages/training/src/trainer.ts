import type { Tensor } from '@tensorflow/tfjs'
import type { Dataset, Samples } from './dataset.ts'
import type { Engine } from './engine.ts'
import { type LayerPlan, planModel } from './model.ts'
import { backward, forward } from './network.ts'
import { patched, poisoned } from './poison.ts'
import { shuffle, stream } from './random.ts'
import type { BackdoorSpec, LearningSpec, PoisonSpec, ScheduleSpec, TaskSpec } from './schema.ts'
import { TrainingError } from './training-error.ts'

/**
 * Local training of the peers of one task, on one engine. A call depends on nothing but its arguments: batches come
 * from a stream named after peer and round, and momentum starts from zero in every round, because a round starts
 * from an aggregate that the last round's steps did not lead to. So the order of calls, the number of processes and
 * rounds that a peer missed do not change a bit of the result.
 */
export interface Trainer {
  /**
   * @param model parameters, length d. Returns what training changed, always finite, and the mean loss of its steps.
   * @param poison makes the peer a liar whose data are poisoned
   */
  train(peer: number, round: number, model: Float32Array, poison?: PoisonSpec): Trained
  /**
   * Accuracy and mean loss on the test set; the loss is Infinity when the model's outputs are not finite. `backdoor`: how
   * often the best of the backdoors works, see `backdoorSuccess`; null without any.
   */
  evaluate(
    model: Float32Array,
    backdoors?: readonly BackdoorSpec[],
  ): { accuracy: number; loss: number; backdoor: number | null }
}

export interface Trained {
  update: Float32Array
  loss: number
  /** The loss of a step or the update was not finite: training ended there, or its update is zero. */
  diverged: boolean
}

export interface TrainerOptions {
  engine: Engine
  task: TaskSpec
  learning: LearningSpec
  dataset: Dataset
  /** For each peer the indices of its training samples. */
  shares: Int32Array[]
  seed: number | string
}

// Large enough to make dispatch cheap, small enough that a convolution's values stay near the processor.
const evaluationBatch = 250

export function createTrainer({ engine, task, learning, dataset, shares, seed }: TrainerOptions): Trainer {
  const plans = planModel(task.model)
  checkShapes(plans, dataset)
  return {
    train(peer, round, model, poison) {
      const random = stream(seed, 'batches', peer, round)
      const localSteps = learning.localSteps * (poison?.kind === 'hyperactive' ? poison.factor : 1)
      const order = sampleOrder(shares[peer]!, localSteps * learning.batchSize, (share) => shuffle(share, random))
      const rate = rateAt(learning.schedule, learning.learningRate, round)
      const poisonous = stream(seed, 'poison', peer, round)
      return descend(engine, plans, model, { ...learning, localSteps }, rate, (step) => {
        const indices = order.subarray(step * learning.batchSize, (step + 1) * learning.batchSize)
        const samples = pick(dataset.train, indices)
        return poison === undefined ? samples : poisoned(samples, poison, dataset, poisonous)
      })
    },
    evaluate(model, backdoors = []) {
      const logits = (samples: Samples) =>
        engine.tf.tidy(() => logitsOf(forward(engine, plans, model, toBatch(engine, plans, samples))))
      const successes = backdoors.map((backdoor) => backdoorSuccess(dataset, backdoor, logits))
      return { ...evaluated(dataset.test, logits), backdoor: successes.length > 0 ? Math.max(...successes) : null }
    },
  }
}

/** Outputs of the model, row-major [samples, classes]. */
type Logits = (samples: Samples) => Float32Array

function evaluated(test: Samples, logits: Logits): { accuracy: number; loss: number } {
  let correct = 0
  let loss = 0
  for (let start = 0; start < test.labels.length; start += evaluationBatch) {
    const samples = slice(test, start, Math.min(test.labels.length, start + evaluationBatch))
    const part = crossEntropy(logits(samples), samples.labels)
    correct += part.correct
    loss += part.loss * samples.labels.length
  }
  const count = test.labels.length
  return { accuracy: correct / count, loss: Number.isFinite(loss) ? loss / count : Number.POSITIVE_INFINITY }
}

/**
 * The share of test samples of other labels that get the target's label when they have the patch; a model without a
 * backdoor gives what it mistakes for the target. 0 when all samples have the target's label.
 */
function backdoorSuccess({ test, shape }: Dataset, { target, size }: BackdoorSpec, logits: Logits): number {
  const others = Int32Array.from(test.labels.keys()).filter((sample) => test.labels[sample] !== target)
  if (others.length === 0) return 0
  const samples = pick(test, others)
  const triggered = { images: patched(samples, shape, size, () => true), labels: samples.labels.fill(target) }
  return evaluated(triggered, logits).accuracy
}

/** Throws TrainingError `ERR_MODEL_INVALID` unless the model takes pictures of this shape and tells these classes apart. */
export function checkShapes(plans: LayerPlan[], dataset: Pick<Dataset, 'shape' | 'classes'>): void {
  const input = plans[0]!.inputShape
  const size = dataset.shape[0] * dataset.shape[1]
  if (input.reduce((product, length) => product * length, 1) !== size) {
    throw new TrainingError('ERR_MODEL_INVALID', `the model's inputShape [${input}] does not hold ${size} pixels`)
  }
  const output = plans[plans.length - 1]!.outputShape
  if (output.length !== 1 || output[0] !== dataset.classes) {
    const problem = `the model's last layer gives [${output}], the data set has ${dataset.classes} classes`
    throw new TrainingError('ERR_MODEL_INVALID', `${problem}; end with a dense layer of ${dataset.classes} units`)
  }
}

/** The learning rate of a round, counted from 0. */
export function rateAt(schedule: ScheduleSpec, rate: number, round: number): number {
  switch (schedule.kind) {
    case 'constant':
      return rate
    case 'step':
      return rate * schedule.factor ** Math.floor(round / schedule.every)
    case 'inverse':
      return rate / (1 + schedule.decay * round)
  }
}

/** `count` samples of a share: all of it in random order, again and again. */
function sampleOrder(share: Int32Array, count: number, shuffled: (share: Int32Array) => Int32Array): Int32Array {
  const order = new Int32Array(count)
  for (let start = 0; start < count; start += share.length) {
    order.set(shuffled(share.slice()).subarray(0, count - start), start)
  }
  return order
}

/**
 * Stochastic gradient descent with momentum as Sutskever et al. 2013 write it for deep learning libraries:
 * v ← momentum · v + gradient + weightDecay · w; w ← w − rate · v. The gradient is clipped before weight decay.
 * It stops early when the loss is no longer finite, as after a round that liars ruined: peers go on from there.
 */
function descend(
  engine: Engine,
  plans: LayerPlan[],
  model: Float32Array,
  learning: LearningSpec,
  rate: number,
  samplesOf: (step: number) => Samples,
): Trained {
  const weights = model.slice()
  const velocity = new Float32Array(model.length)
  const gradient = new Float32Array(model.length)
  let sum = 0
  let steps = 0
  while (steps < learning.localSteps) {
    const loss = gradientOf(engine, plans, weights, samplesOf(steps), gradient)
    if (!Number.isFinite(loss)) break
    const scale = learning.clipNorm === undefined ? 1 : clipScale(gradient, learning.clipNorm)
    moveWeights(weights, velocity, gradient, { ...learning, rate, scale })
    sum += loss
    steps++
  }
  const update = weights
  for (let index = 0; index < update.length; index++) update[index] = weights[index]! - model[index]!
  const finite = update.every(Number.isFinite)
  if (!finite) update.fill(0)
  const diverged = !finite || steps < learning.localSteps
  return { update, loss: steps > 0 ? sum / steps : Number.POSITIVE_INFINITY, diverged }
}

/** Factor that brings a gradient's Euclidean norm down to `clipNorm`. */
function clipScale(gradient: Float32Array, clipNorm: number): number {
  let square = 0
  for (let index = 0; index < gradient.length; index++) square += gradient[index]! * gradient[index]!
  return Math.min(1, clipNorm / Math.sqrt(square))
}

function moveWeights(
  weights: Float32Array,
  velocity: Float32Array,
  gradient: Float32Array,
  { momentum, weightDecay, rate, scale }: { momentum: number; weightDecay: number; rate: number; scale: number },
): void {
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index]!
    const next = momentum * velocity[index]! + scale * gradient[index]! + weightDecay * weight
    velocity[index] = next
    weights[index] = weight - rate * next
  }
}

/** Writes the gradient of the mean loss of a batch into `gradient`; returns the loss. */
export function gradientOf(
  engine: Engine,
  plans: LayerPlan[],
  weights: Float32Array,
  samples: Samples,
  gradient: Float32Array,
): number {
  const { tf } = engine
  let loss = 0
  tf.tidy(() => {
    const pass = forward(engine, plans, weights, toBatch(engine, plans, samples))
    const logits = logitsOf(pass)
    const entropy = crossEntropy(logits, samples.labels)
    loss = entropy.loss
    if (!Number.isFinite(loss)) return
    const shape: [number, number] = [samples.labels.length, logits.length / samples.labels.length]
    backward(engine, plans, pass, tf.tensor2d(entropy.gradient, shape), gradient)
  })
  return loss
}

function logitsOf({ values }: { values: Tensor[] }): Float32Array {
  return values[values.length - 1]!.dataSync() as Float32Array
}

/**
 * Softmax cross-entropy of a batch: mean loss, its gradient by each logit, and how many samples have their largest
 * logit at their label. In JavaScript, since for so few numbers a kernel's dispatch costs more than its work.
 *
 * @param logits row-major [batch, classes]
 */
export function crossEntropy(
  logits: Float32Array,
  labels: Uint8Array,
): { loss: number; gradient: Float32Array; correct: number } {
  const classes = logits.length / labels.length
  const gradient = new Float32Array(logits.length)
  let loss = 0
  let correct = 0
  for (const [sample, label] of labels.entries()) {
    const start = sample * classes
    let best = 0
    for (let index = 1; index < classes; index++) if (logits[start + index]! > logits[start + best]!) best = index
    const largest = logits[start + best]!
    let sum = 0
    for (let index = 0; index < classes; index++) sum += Math.exp(logits[start + index]! - largest)
    for (let index = 0; index < classes; index++) {
      const probability = Math.exp(logits[start + index]! - largest) / sum
      gradient[start + index] = (probability - (index === label ? 1 : 0)) / labels.length
    }
    loss += Math.log(sum) - (logits[start + label]! - largest)
    // NaN compares false with everything, so that its first class would pass for the largest.
    if (best === label && !Number.isNaN(sum)) correct++
  }
  return { loss: loss / labels.length, gradient, correct }
}

function slice({ images, labels }: Samples, start: number, end: number): Samples {
  const size = images.length / labels.length
  return { images: images.subarray(start * size, end * size), labels: labels.subarray(start, end) }
}

function pick({ images, labels }: Samples, indices: Int32Array): Samples {
  const size = images.length / labels.length
  const picked = { images: new Uint8Array(indices.length * size), labels: new Uint8Array(indices.length) }
  for (const [to, from] of indices.entries()) {
    picked.images.set(images.subarray(from * size, (from + 1) * size), to * size)
    picked.labels[to] = labels[from]!
  }
  return picked
}

/**
 * What a model sees of a pixel: its brightness, shifted and scaled by about the mean and standard deviation of both
 * data sets, without which the first steps are several times slower. Fixed, since peers must agree on it.
 */
export const inputOfPixel = Float32Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - 0.13) / 0.3)

/** Pictures in the shape that the model takes. */
function toBatch({ tf }: Engine, plans: LayerPlan[], { images, labels }: Samples): Tensor {
  const inputs = new Float32Array(images.length)
  for (let index = 0; index < images.length; index++) inputs[index] = inputOfPixel[images[index]!]!
  return tf.tensor(inputs, [labels.length, ...plans[0]!.inputShape])
}
