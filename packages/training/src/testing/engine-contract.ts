import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Engine, type EngineName, loadEngine } from '../engines/engine.ts'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { strideOf } from '../layers/plan.ts'
import { softmaxCrossEntropy } from '../losses/cross-entropy.ts'
import { countRight } from '../measures/accuracy.ts'
import { gradientMoments } from '../neurons/crash-moments.ts'
import { gradientOf as gradientByOutput, layersWithNeurons, neuronsOf, runNetwork } from '../neurons/network.ts'
import { networkOf } from '../neurons/network-of.ts'
import type { Dataset } from '../pictures/datasets/dataset.ts'
import { digitsDataset } from '../pictures/datasets/digits.ts'
import { inputOfPixel } from '../pictures/input.ts'
import { planModel } from '../pictures/models.ts'
import { createTrainer, gradientOf, type PicturesTrainer } from '../pictures/trainer.ts'
import type { LayerSpec, ModelSpec } from '../task/layers.ts'
import { type LearningInput, learningSchema } from '../task/learning.ts'
import { normal, stream } from '../task/random.ts'
import { initialModel } from './initial-model.ts'
import { picturesSpec } from './pictures-spec.ts'

/** What the tests of every engine check; tfjs's own gradients on its plain JavaScript backend are the reference. */

/** Whether the library of the native engine is there; its tests are skipped when not. */
export function nativeIsBuilt(): boolean {
  try {
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json')
    return existsSync(join(entry, '../lib/napi-v8/tfjs_binding.node'))
  } catch {
    return false
  }
}

const own = (name: string, inputShape: number[], ...layers: LayerSpec[]): ModelSpec => ({ name, inputShape, layers })
const head: LayerSpec[] = [{ kind: 'flatten' }, { kind: 'dense', units: 10, activation: 'none' }]
const conv = (
  size: number,
  stride: number,
  padding: 'same' | 'valid',
  activation: 'relu' | 'tanh' | 'none',
): LayerSpec => ({
  kind: 'conv2d',
  filters: 3,
  size,
  stride,
  padding,
  activation,
})
const pool = (size: number, stride: number, padding: 'same' | 'valid'): LayerSpec => ({
  kind: 'max-pool',
  size,
  stride,
  padding,
})

const models: ModelSpec[] = [
  own(
    'dense',
    [784],
    { kind: 'dense', units: 9, activation: 'relu' },
    { kind: 'dense', units: 7, activation: 'tanh' },
    ...head.slice(1),
  ),
  own(
    'convolutions',
    [28, 28, 1],
    conv(5, 2, 'same', 'relu'),
    conv(3, 1, 'valid', 'tanh'),
    conv(4, 1, 'same', 'none'),
    ...head,
  ),
  own('strides that do not fit', [28, 28, 1], conv(4, 5, 'valid', 'relu'), conv(2, 2, 'valid', 'none'), ...head),
  own(
    'pools',
    [28, 28, 1],
    conv(3, 1, 'same', 'relu'),
    pool(2, 2, 'valid'),
    conv(3, 1, 'valid', 'none'),
    pool(3, 2, 'same'),
    ...head,
  ),
]

/** The gradient of the mean cross-entropy as tfjs traces it. */
function tracedGradient(
  tf: Tensorflow,
  model: ModelSpec,
  parameters: Float32Array,
  images: Uint8Array,
  labels: Uint8Array,
) {
  const plans = planModel(model)
  const places = plans.flatMap((plan) => plan.weights)
  return tf.tidy(() => {
    const batch = tf.tensor(
      Float32Array.from(images, (value) => inputOfPixel[value]!),
      [labels.length, ...model.inputShape],
    )
    const weights = places.map(({ shape, offset, length }) =>
      tf.tensor(parameters.slice(offset, offset + length), shape),
    )
    const loss = (...args: Tensor[]) => {
      const left = [...args]
      let value: Tensor = batch
      for (const { spec } of plans) {
        if (spec.kind === 'flatten') value = tf.reshape(value, [labels.length, -1])
        else if (spec.kind === 'max-pool')
          value = tf.maxPool(value as Tensor4D, spec.size, strideOf(spec), spec.padding)
        else {
          const [kernel, bias] = left.splice(0, 2)
          const product =
            spec.kind === 'dense'
              ? tf.matMul(value, kernel!)
              : tf.conv2d(value as Tensor4D, kernel as Tensor4D, spec.stride, spec.padding)
          const sum = tf.add(product, bias!)
          value = spec.activation === 'none' ? sum : spec.activation === 'relu' ? tf.relu(sum) : tf.tanh(sum)
        }
      }
      return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([...labels], 'int32'), 10), value as never)
    }
    const { value, grads } = tf.valueAndGrads(loss as never)(weights)
    return { loss: value.dataSync()[0]!, gradient: grads.flatMap((tensor) => [...tensor.dataSync()]) }
  })
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length)
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(actual[index]! - expected[index]!)
    if (!(difference <= 1e-4 * (1 + Math.abs(expected[index]!)))) {
      expect.fail(`element ${index} is ${actual[index]}, expected ${expected[index]}`)
    }
  }
}

/** What the tests share; the engine is there once they run. */
interface Bench {
  engine: Engine
  dataset: Dataset
  /** Runs on the JavaScript backend. */
  onCpu<Result>(work: (tf: Tensorflow) => Result): Result
  /** A trainer of one peer that owns the first `share` samples. */
  trainer(model: ModelSpec | string, learning: LearningInput, share?: number): PicturesTrainer
}

/** Registers the tests of one engine; only one engine may be tested in a file. */
export function engineContract(name: EngineName): void {
  const dataset = digitsDataset(200, 300)
  const bench: Bench = {
    engine: undefined as never,
    dataset,
    onCpu(work) {
      const { tf } = bench.engine
      const backend = tf.getBackend()
      tf.setBackend('cpu')
      const result = work(tf)
      tf.setBackend(backend)
      return result
    },
    trainer: (model, learning, share = 200) =>
      createTrainer({
        engine: bench.engine,
        spec: picturesSpec({ model }),
        learning: learningSchema.parse(learning),
        data: dataset,
        shares: [Int32Array.from({ length: share }, (_, index) => index)],
        seed: 1,
      }),
  }
  beforeAll(async () => {
    bench.engine = await loadEngine(name)
  })
  describe('gradients', () => gradientTests(bench))
  describe('steps', () => stepTests(bench))
  describe('crashes', () => crashTests(bench))
  describe('ruined models', () => ruinTests(bench))
  describe('evaluation', () => evaluationTests(bench))
  describe('memory and learning', () => learningTests(bench))
}

function gradientTests(bench: Bench): void {
  const { dataset, onCpu } = bench
  const labels = dataset.train.labels.subarray(0, 6)
  const images = dataset.train.images.subarray(0, 6 * 784)

  test.each(models)('of $name are those that tfjs traces, element by element', (model) => {
    const parameters = initialModel(model, 1)
    const gradient = new Float32Array(parameters.length)
    const loss = gradientOf(bench.engine, planModel(model), parameters, { images, labels }, gradient)
    const expected = onCpu((tf) => tracedGradient(tf, model, parameters, images, labels))
    expect(loss).toBeCloseTo(expected.loss, 4)
    expectClose(gradient, expected.gradient)
    expect(gradient.filter((value) => value !== 0).length).toBeGreaterThan(gradient.length / 4)
  })

  test.each(models)('of $name can be traced on this engine too', (model) => {
    const parameters = initialModel(model, 1)
    const expected = onCpu((tf) => tracedGradient(tf, model, parameters, images, labels))
    expectClose(tracedGradient(bench.engine.tf, model, parameters, images, labels).gradient, expected.gradient)
  })

  test('of an embedding table (UnsortedSegmentSum)', () => {
    const random = stream(1, 'table')
    const values = Float32Array.from({ length: 7 * 4 }, () => normal(random))
    const factors = Float32Array.from({ length: 5 * 4 }, () => normal(random))
    const gradient = (tf: Tensorflow) =>
      tf.tidy(() => {
        const rows = tf.tensor1d([3, 0, 3, 6, 1], 'int32')
        const loss = (table: Tensor) => tf.sum(tf.mul(tf.gather(table, rows), tf.tensor2d(factors, [5, 4])))
        return tf
          .grad(loss as never)(tf.tensor2d(values, [7, 4]))
          .dataSync()
      })
    expectClose(gradient(bench.engine.tf), onCpu(gradient))
  })
}

function stepTests(bench: Bench): void {
  const { dataset, onCpu, trainer } = bench
  test('takes the steps of momentum that tfjs takes', () => {
    const parameters = initialModel('logistic', 1)
    const learning = { localSteps: 3, batchSize: 40, learningRate: 0.1, momentum: 0.5 }
    // A share of one batch: every step sees the same samples, in whatever order.
    const { update } = trainer('logistic', learning, 40).train(0, 1, parameters)
    const expected = onCpu((tf) => {
      const images = Float32Array.from(dataset.train.images.subarray(0, 40 * 784), (value) => inputOfPixel[value]!)
      const batch = tf.tensor2d(images, [40, 784])
      const kernel = tf.variable(tf.tensor2d(parameters.slice(0, 7_840), [784, 10]))
      const bias = tf.variable(tf.zeros([10]))
      const target = tf.oneHot(tf.tensor1d([...dataset.train.labels.subarray(0, 40)], 'int32'), 10)
      const optimizer = tf.train.momentum(0.1, 0.5)
      const loss = () => tf.losses.softmaxCrossEntropy(target, tf.add(tf.matMul(batch, kernel), bias)) as never
      for (let step = 0; step < 3; step++) optimizer.minimize(loss)
      const weights = [...kernel.dataSync(), ...bias.dataSync()]
      tf.dispose([batch, kernel, bias, target])
      optimizer.dispose()
      return weights.map((weight, index) => weight - parameters[index]!)
    })
    expectClose(update, expected)
  })

  test('clips the gradient, decays weights, follows the schedule', () => {
    const parameters = initialModel('logistic', 1)
    const one = { localSteps: 1, batchSize: 40, learningRate: 0.5, momentum: 0 }
    const norm = (vector: Float32Array) => Math.hypot(...vector)
    const plain = trainer('logistic', one, 40).train(0, 1, parameters).update
    expect(norm(plain)).toBeGreaterThan(0.05)
    const clipped = trainer('logistic', { ...one, clipNorm: 0.1 }, 40).train(0, 1, parameters).update
    expect(norm(clipped)).toBeCloseTo(0.5 * 0.1, 4)
    const factor = norm(plain) / 0.05
    expectClose(
      clipped.map((value) => value * factor),
      plain,
    )
    const decayed = trainer('logistic', { ...one, weightDecay: 0.2 }, 40).train(0, 1, parameters).update
    expectClose(
      decayed,
      plain.map((value, index) => value - 0.5 * 0.2 * parameters[index]!),
    )
    const late = trainer('logistic', { ...one, schedule: { kind: 'step', every: 2, factor: 0.5 } }, 40)
    expectClose(
      late.train(0, 5, parameters).update,
      plain.map((value) => value / 4),
    )
  })

  test('starts afresh in every round and does not change its input', () => {
    const parameters = initialModel('mlp', 1)
    const learning = { localSteps: 3, batchSize: 16 }
    const busy = trainer('mlp', learning)
    for (let round = 1; round <= 3; round++) busy.train(0, round, parameters)
    const again = busy.train(0, 8, parameters)
    expect(again.update).toEqual(trainer('mlp', learning).train(0, 8, parameters).update)
    expect(again.update).not.toEqual(busy.train(0, 9, parameters).update)
    expect(parameters).toEqual(initialModel('mlp', 1))
  })
}

function crashTests(bench: Bench): void {
  const { trainer } = bench
  test.each(['mlp', 'cnn'] as const)('%s: where crashes shall move outputs little, they do', (model) => {
    const learning = { localSteps: 15, batchSize: 10, learningRate: 0.02 }
    const parameters = initialModel(model, 1)
    const learnt = (more: LearningInput) => {
      const learner = trainer(model, { ...learning, ...more })
      const { update, diverged } = learner.train(0, 1, parameters)
      expect(diverged).toBe(false)
      return parameters.map((value, index) => value + update[index]!)
    }
    const [plain, calm] = [learnt({}), learnt({ crashVariance: 0.03 })].map((numbers) => {
      const network = networkOf(planModel(model), numbers)
      const variances = [0, 1].map((at) => {
        const picture = bench.dataset.test.images.subarray(at * 784, (at + 1) * 784)
        const values = runNetwork(
          network,
          Float32Array.from(picture, (pixel) => inputOfPixel[pixel]!),
        )
        const of = (layer: number, output: number): number => {
          const gradient = gradientByOutput(network, values, layer, output)
          return gradientMoments(gradient, values[layer]!, 1, neuronsOf(network[layer]!)).variance
        }
        return layersWithNeurons(network).flatMap((layer) => [...values.at(-1)!.keys()].map((each) => of(layer, each)))
      })
      return variances.flat().reduce((a, b) => a + b)
    })
    expect(calm).toBeLessThan(0.8 * plain!)
  })
}

function ruinTests(bench: Bench): void {
  const { trainer } = bench
  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e30, 3e38])(
    'a model ruined by %d gives a finite update',
    (value) => {
      const parameters = initialModel('mlp', 1).fill(value, 0, 90_000)
      const ruined = trainer('mlp', { localSteps: 3 })
      const { update } = ruined.train(0, 1, parameters)
      expect(update.every(Number.isFinite)).toBe(true)
      const { accuracy, loss } = ruined.evaluate(parameters, [])
      expect(accuracy).toBeLessThan(0.4)
      expect(loss).toBeGreaterThan(1)
    },
  )
}

function evaluationTests(bench: Bench): void {
  const { dataset, trainer } = bench
  test('evaluation is that of all logits at once', () => {
    const parameters = initialModel('logistic', 1)
    const logits = new Float32Array(3_000)
    for (let sample = 0; sample < 300; sample++) {
      for (let label = 0; label < 10; label++) {
        let sum = 0
        for (let pixel = 0; pixel < 784; pixel++) {
          const input = inputOfPixel[dataset.test.images[sample * 784 + pixel]!]!
          sum += input * parameters[pixel * 10 + label]!
        }
        logits[sample * 10 + label] = sum
      }
    }
    const { labels } = dataset.test
    const { accuracy, loss } = trainer('logistic', {}).evaluate(parameters, [])
    expect(loss).toBeCloseTo(softmaxCrossEntropy(logits, labels).loss, 4)
    expect(accuracy).toBeCloseTo(countRight(logits, labels, 10) / 300, 6)
  })
}

function learningTests(bench: Bench): void {
  const { trainer } = bench
  test.each(['mlp', 'cnn'] as const)('%s: no tensor is left after 20 steps and evaluations', (model) => {
    const busy = trainer(model, { localSteps: 1, batchSize: 8 })
    const parameters = initialModel(model, 1)
    busy.train(0, 1, parameters)
    busy.evaluate(parameters, [])
    const { numTensors, numDataBuffers } = bench.engine.tf.memory()
    for (let round = 1; round <= 20; round++) {
      busy.train(0, round, parameters)
      if (round % 5 === 0) busy.evaluate(parameters, [])
    }
    expect(bench.engine.tf.memory()).toMatchObject({ numTensors, numDataBuffers })
  })

  test.each(['mlp', 'cnn'] as const)('%s learns', (model) => {
    const parameters = initialModel(model, 1)
    const learner = trainer(model, { localSteps: 60, batchSize: 20 })
    const { update, loss } = learner.train(0, 1, parameters)
    const learnt = parameters.map((value, index) => value + update[index]!)
    expect(loss).toBeLessThan(2.2)
    expect(learner.evaluate(learnt, []).accuracy).toBeGreaterThan(learner.evaluate(parameters, []).accuracy + 0.2)
  })
}
