import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { descendTraced, gradientOf, type Step } from '../autodiff/descend.ts'
import { buildNetwork, type Network, outputsOf, parametersOf, setParameters } from '../autodiff/network.ts'
import { seeded } from '../autodiff/seeded.ts'
import { tracedLoss } from '../autodiff/traced-loss.ts'
import { type Engine, type EngineName, loadEngine } from '../engines/engine.ts'
import { softmaxCrossEntropy } from '../losses/cross-entropy.ts'
import { digitsDataset } from '../pictures/datasets/digits.ts'
import { inputOfPixel } from '../pictures/input.ts'
import { digitsFit, models, planModel } from '../pictures/models.ts'
import { gradientOf as writtenGradientOf } from '../pictures/trainer.ts'
import { learningSchema } from '../task/learning.ts'
import { stream } from '../task/random.ts'
import { initialModel } from './initial-model.ts'
import { builtOf } from './same-models.ts'
import { tracedModels } from './traced-models.ts'

const samples = 16

/** What the tests of differentiation share; the engine is there once they run. */
interface Bench {
  engine: Engine
}

/** Registers the tests of one engine; only one engine may be tested in a file. */
export function autodiffContract(name: EngineName): void {
  const bench: Bench = { engine: undefined as never }
  beforeAll(async () => {
    bench.engine = await loadEngine(name)
  })
  for (const model of Object.keys(tracedModels)) describe(model, () => modelTests(bench, model))
  describe('models of layers that are written out', () => writtenTests(bench))
  describe('what layers keep', () => statisticsTests(bench))
}

/** Samples whose class is whether the first number of them is greater than the third. */
function stepOf({ engine: { tf } }: Bench, name: string): Step {
  const random = stream(1, 'inputs')
  const size = tracedModels[name]!.shape.reduce((product, side) => product * side, 1)
  const inputs = Float32Array.from({ length: samples * size }, () => random.integer(9))
  const labels = Array.from({ length: samples }, (_, at) => (inputs[at * size]! > inputs[at * size + 2]! ? 1 : 0))
  const loss: Step['loss'] = (outputs) => tracedLoss(tf, outputs, (values) => softmaxCrossEntropy(values, labels))
  return { inputs: tf.tensor(inputs, [samples, ...tracedModels[name]!.shape]), loss }
}

function trained(bench: Bench, network: Network, name: string, seed: number, localSteps: number) {
  const learning = learningSchema.parse({ localSteps, learningRate: 0.2 })
  return descendTraced(bench.engine.tf, network, {
    model: parametersOf(buildOnce(bench, name)),
    learning: { ...learning, rate: learning.learningRate },
    random: stream(seed, 'drawn'),
    step: () => stepOf(bench, name),
  })
}

const built = new Map<string, Network>()
/** One that is only looked at. */
function buildOnce({ engine }: Bench, name: string): Network {
  const network = built.get(name) ?? buildNetwork(engine.tf, tracedModels[name]!.build, 1)
  built.set(name, network)
  return network
}

function modelTests(bench: Bench, name: string): void {
  const build = () => buildNetwork(bench.engine.tf, tracedModels[name]!.build, 1)

  test('starts from the same bits on every engine', () => {
    const [one, other] = [build(), buildNetwork(bench.engine.tf, tracedModels[name]!.build, 2)]
    const digest = createHash('sha256')
      .update(new Uint8Array(parametersOf(one).buffer))
      .digest('hex')
    expect(digest.slice(0, 16)).toBe(digests[name])
    expect(parametersOf(other)).not.toEqual(parametersOf(one))
    expect(one.tensors).toEqual(other.tensors)
    expect(new Set(one.tensors.map((tensor) => tensor.name)).size).toBe(one.tensors.length)
  })

  test('learns, and the same with the same seed', () => {
    const { tf } = bench.engine
    const network = build()
    const { inputs, loss } = stepOf(bench, name)
    const initial = parametersOf(network)
    const lossAt = (model: Float32Array): number => {
      setParameters(tf, network, model)
      return tf.tidy(() => loss(outputsOf(network, inputs)).dataSync()[0]!)
    }
    const before = lossAt(initial)
    const long = trained(bench, network, name, 1, 24)
    expect(long.diverged).toBe(false)
    expect(trained(bench, network, name, 1, 24)).toEqual(long)
    expect(lossAt(initial.map((value, at) => value + long.update[at]!))).toBeLessThan(0.9 * before)
  })

  test('has the gradient of finite differences', () => {
    const { tf } = bench.engine
    const network = build()
    const parameters = parametersOf(network)
    const lossAt = (vector: Float32Array, gradient = new Float32Array(network.trainedLength)): number => {
      setParameters(tf, network, vector)
      return seeded(stream(1, 'drawn'), () => tf.tidy(() => gradientOf(tf, network, stepOf(bench, name), gradient)))
    }
    const gradient = new Float32Array(network.trainedLength)
    lossAt(parameters, gradient)
    const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const choice = stream(1, 'coordinates')
    for (let check = 0; check < 8; check++) {
      const at = choice.integer(network.trainedLength)
      const moved = (by: number) => lossAt(parameters.map((value, index) => (index === at ? value + by : value)))
      const difference = (moved(0.004) - moved(-0.004)) / 0.008
      expect(Math.abs(difference - gradient[at]!), `coordinate ${at}`).toBeLessThan(0.03 * largest + 1e-3)
    }
  })

  test('leaves no tensor behind', () => {
    const { tf } = bench.engine
    const network = build()
    trained(bench, network, name, 1, 1)
    const { numTensors, numDataBuffers } = tf.memory()
    for (let time = 0; time < 3; time++) trained(bench, network, name, 1, 1)
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers })
    network.model.dispose()
    build().model.dispose()
    const after = tf.memory().numTensors
    build().model.dispose()
    expect(tf.memory().numTensors).toBe(after)
  })
}

/** Of the first weights with seed 1, on both engines. */
const digests: Readonly<Record<string, string>> = {
  'batch normalisation': 'b3f97dcb7424509e',
  'depthwise convolutions': '5550fa9e6744da38',
  lstm: '5a617840f3333dc2',
  'two-way gru': '3420f53f58557ac0',
  embedding: '329eee09a046c0b2',
  transformer: 'd4507f9dfaba961a',
}

function writtenTests(bench: Bench): void {
  test.each(['mlp', 'cnn'])('%s has the gradient of its passes', (name) => {
    const { tf } = bench.engine
    const { train } = digitsDataset(8, 1)
    const layers = models.find(name).layers({}, digitsFit)
    const network = buildNetwork(tf, builtOf(layers), 1)
    const parameters = initialModel(name, 1)
    const [written, traced] = [new Float32Array(parameters.length), new Float32Array(parameters.length)]
    const loss = writtenGradientOf(bench.engine, planModel(name), parameters, train, written)
    setParameters(tf, network, parameters)
    const images = Float32Array.from(train.images, (pixel) => inputOfPixel[pixel]!)
    const told = tf.tidy(() =>
      gradientOf(
        tf,
        network,
        {
          inputs: tf.tensor(images, [8, ...layers.inputShape]),
          loss: (outputs) => tracedLoss(tf, outputs, (values) => softmaxCrossEntropy(values, train.labels)),
        },
        traced,
      ),
    )
    expect(told).toBeCloseTo(loss, 5)
    for (const [at, value] of written.entries())
      if (Math.abs(traced[at]! - value) > 1e-4 * (1 + Math.abs(value))) expect.fail(`${at}: ${traced[at]} for ${value}`)
  })
}

function statisticsTests(bench: Bench): void {
  test('moving statistics are what the layer makes of them, not steps', () => {
    const { tf } = bench.engine
    const network = buildNetwork(
      tf,
      ({ layers, sequential }) =>
        sequential({
          layers: [layers.batchNormalization({ inputShape: [1], momentum: 0.75 }), layers.dense({ units: 1 })],
        }),
      1,
    )
    expect(network.tensors.map(({ name }) => name)).toEqual([
      ...['layers.0.gamma', 'layers.0.beta', 'layers.1.kernel', 'layers.1.bias'],
      ...['layers.0.moving_mean', 'layers.0.moving_variance'],
    ])
    const model = parametersOf(network)
    const { update } = descendTraced(tf, network, {
      model,
      learning: { ...learningSchema.parse({ localSteps: 2, weightDecay: 1, momentum: 0.5 }), rate: 10 },
      random: stream(1, 'drawn'),
      step: () => ({ inputs: tf.tensor2d([1, 3], [2, 1]), loss: (outputs) => tf.mean(tf.square(outputs)) }),
    })
    // Mean 2, variance 1; after two steps a share 1 − 0.75² of them.
    expect(update[4]).toBeCloseTo(2 * (1 - 0.75 ** 2), 5)
    expect(model[5]! + update[5]!).toBeCloseTo(1, 5)
    expect(Math.abs(update[2]!)).toBeGreaterThan(0.1)
  })
}
