import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SymbolicTensor, layers as tfjs } from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BuildModel, buildNetwork, outputsOf, parametersOf, setParameters } from '../autodiff/network.ts'
import { architectureOf } from '../autodiff/topology.ts'
import { type Engine, loadEngine } from '../engines/engine.ts'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { forward } from '../layers/passes.ts'
import { initialParameters, planLayers, tensorsOf } from '../layers/plan.ts'
import type { ModelSpec } from '../task/layers.ts'
import { stream } from '../task/random.ts'
import { tracedModels } from '../testing/traced-models.ts'
import type { About } from './about.ts'
import { encodeModel, readModel, startFrom } from './model-file.ts'
import { encodeOnnx } from './onnx/onnx.ts'
import { encodeTfjs, encodeTopology } from './tfjs.ts'
import { plansOf } from './traced-layers.ts'

const dense: ModelSpec = {
  name: 'dense',
  inputShape: [5],
  layers: [
    { kind: 'dense', units: 4, activation: 'tanh' },
    { kind: 'dense', units: 3, activation: 'none' },
  ],
}
const convolutional: ModelSpec = {
  name: 'convolutional',
  inputShape: [7, 6, 2],
  layers: [
    { kind: 'conv2d', filters: 3, size: 3, stride: 1, padding: 'same', activation: 'relu' },
    { kind: 'max-pool', size: 2, padding: 'same' },
    { kind: 'conv2d', filters: 4, size: 2, stride: 2, padding: 'same', activation: 'tanh' },
    { kind: 'conv2d', filters: 2, size: 2, stride: 1, padding: 'valid', activation: 'none' },
    { kind: 'flatten' },
    { kind: 'dense', units: 3, activation: 'none' },
  ],
}
const samples = 4

let engine: Engine
let folder: string
beforeAll(async () => {
  engine = await loadEngine('wasm')
  folder = mkdtempSync(join(tmpdir(), 'hearsay-model-files-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function modelOf(layers: ModelSpec) {
  const plans = planLayers(layers)
  const parameters = initialParameters(plans, 3)
  // Biases begin at zero, which would hide one that is in the wrong place.
  for (let index = 0; index < parameters.length; index++) parameters[index]! += 0.01 * (index % 7)
  const about: About = { version: '1.2.3', name: 'test', round: 4, digest: 'abc', task: { dataset: 'digits' }, layers }
  return { plans, tensors: tensorsOf(plans), parameters, about }
}

function inputsOf({ inputShape }: ModelSpec): Float32Array {
  const random = stream('files', 'inputs')
  return Float32Array.from({ length: samples * inputShape.reduce((a, b) => a * b) }, () => random.between(-1, 1))
}

/** What our own passes give. */
function logitsOf(layers: ModelSpec): number[] {
  const { plans, parameters } = modelOf(layers)
  return engine.tf.tidy(() => {
    const batch = engine.tf.tensor(inputsOf(layers), [samples, ...layers.inputShape])
    return [...forward(engine, plans, parameters, batch).values.at(-1)!.dataSync()]
  })
}

function expectClose(found: Iterable<number>, due: readonly number[]): void {
  const numbers = [...found]
  expect(numbers).toHaveLength(due.length)
  for (const [at, value] of numbers.entries()) expect(value).toBeCloseTo(due[at]!, 5)
}

test.each([dense, convolutional])('onnxruntime gives the outputs of a $name model', async (layers) => {
  const { plans, parameters, about } = modelOf(layers)
  const runtime = createRequire(import.meta.url)('onnxruntime-node') as typeof import('onnxruntime-node')
  const session = await runtime.InferenceSession.create(encodeOnnx(plans, parameters, about))
  const input = new runtime.Tensor('float32', inputsOf(layers), [samples, ...layers.inputShape])
  const { logits } = await session.run({ input })
  expect(logits!.dims).toEqual([samples, 3])
  expectClose(logits!.data as Float32Array, logitsOf(layers))
})

test.each([dense, convolutional])('TensorFlow.js gives the outputs of a $name model', async (layers) => {
  const { plans, parameters } = modelOf(layers)
  const files = await encodeTfjs(plans, parameters)
  expect([...files.keys()]).toEqual(['model.json', 'weights.bin'])
  const { tf } = engine
  const model = await loaded(files)
  const outputs = tf.tidy(() => {
    const batch = tf.tensor(inputsOf(layers), [samples, ...layers.inputShape])
    return [...(model.predict(batch) as ReturnType<typeof tf.tensor>).dataSync()]
  })
  model.dispose()
  expectClose(outputs, logitsOf(layers))
})

/** As TensorFlow.js loads it from files. */
function loaded(files: Map<string, Uint8Array>) {
  const { modelTopology, weightsManifest } = JSON.parse(Buffer.from(files.get('model.json')!).toString())
  const weightData = new Uint8Array(files.get('weights.bin')!).buffer
  return engine.tf.loadLayersModel({
    load: async () => ({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  })
}

/** A model of TensorFlow.js with other numbers than it was made with, and what it gives of some samples. */
function tracedOf(build: BuildModel, shape: readonly number[]) {
  const network = buildNetwork(engine.tf, build, 3)
  const parameters = parametersOf(network).map((value, at) => value + 0.01 * (at % 7))
  setParameters(engine.tf, network, parameters)
  const random = stream('files', 'traced')
  const size = samples * shape.reduce((product, side) => product * side, 1)
  const inputs = Float32Array.from({ length: size }, () => random.integer(9))
  const { topology } = architectureOf(network)
  const due = engine.tf.tidy(() => {
    const batch = engine.tf.tensor(inputs, [samples, ...shape])
    return [...outputsOf(network, batch).dataSync()]
  })
  return { topology: topology!, named: { tensors: network.tensors, parameters }, inputs, due }
}

const loadable = Object.entries(tracedModels).filter(([name]) => name !== 'transformer')

test.each(loadable)('TensorFlow.js gives the outputs of the model %s that it differentiates', async (_, model) => {
  const { topology, named, inputs, due } = tracedOf(model.build, model.shape)
  expect(tracedOf(model.build, model.shape).topology).toEqual(topology)
  const copy = await loaded(encodeTopology(topology, named))
  const { tf } = engine
  const outputs = tf.tidy(() => {
    const batch = tf.tensor(inputs, [samples, ...model.shape])
    return [...(copy.predict(batch) as ReturnType<typeof tf.tensor>).dataSync()]
  })
  copy.dispose()
  expectClose(outputs, due)
})

test('a layer of ones own is named in what is written', () => {
  const { topology, named } = tracedOf(tracedModels.transformer!.build, [4])
  const text = Buffer.from(encodeTopology(topology, named).get('model.json')!).toString()
  expect(text).toContain('"class_name":"Attention"')
})

/** Convolutions with what goes around them, by parts that follow each other or as a list. */
const picture = [7, 6, 2]
const convolutions: Readonly<Record<string, BuildModel>> = {
  listed: ({ layers, sequential }) =>
    sequential({
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', useBias: false, inputShape: [7, 6, 2] }),
        layers.reLU(),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.dropout({ rate: 0.3 }),
        layers.flatten(),
        layers.dense({ units: 4, activation: 'tanh', trainable: false }),
        layers.dense({ units: 3 }),
      ],
    }),
  applied: (tf) => {
    const { layers } = tf
    const input = tf.input({ shape: [7, 6, 2] })
    const first = layers.conv2d({ filters: 4, kernelSize: 2, strides: 2 }).apply(input)
    const flat = layers.flatten().apply(layers.activation({ activation: 'tanh' }).apply(first))
    return tf.model({ inputs: input, outputs: layers.dense({ units: 3 }).apply(flat) as SymbolicTensor })
  },
}

test.each(Object.entries(convolutions))(
  'onnxruntime gives the outputs of traced convolutions, %s',
  async (_, build) => {
    const { topology, named, inputs, due } = tracedOf(build, picture)
    const { plans, parameters } = plansOf(topology, named)
    const about: About = { version: '1.2.3', name: 'test', round: 4, digest: 'abc', task: {} }
    const runtime = createRequire(import.meta.url)('onnxruntime-node') as typeof import('onnxruntime-node')
    const session = await runtime.InferenceSession.create(encodeOnnx(plans, parameters, about))
    const { logits } = await session.run({ input: new runtime.Tensor('float32', inputs, [samples, ...picture]) })
    expectClose(logits!.data as Float32Array, due)
  },
)

const residual: BuildModel = (tf) => {
  const input = tf.input({ shape: [3] })
  const wide = tf.layers.dense({ units: 3 }).apply(input) as SymbolicTensor
  const sum = tf.layers.add().apply([input, wide])
  return tf.model({ inputs: input, outputs: tf.layers.dense({ units: 2 }).apply(sum) as SymbolicTensor })
}
const ofLayers =
  (...of: ((layers: Tensorflow['layers']) => tfjs.Layer)[]): BuildModel =>
  ({ layers, sequential }) =>
    sequential({ layers: of.map((layer) => layer(layers)) })

test.each<[string, BuildModel, readonly number[]]>([
  ['layer lstm_LSTM1 (LSTM) is no dense, convolutional or pooling layer', tracedModels.lstm!.build, [3, 3]],
  ['layer add_Add1 (Add) does not follow the layer before it alone', residual, [3]],
  ['(Dense) computes selu', ofLayers((of) => of.dense({ units: 2, activation: 'selu', inputShape: [3] })), [3]],
  [
    'has kernel_size [2, 3]',
    ofLayers((of) => of.conv2d({ filters: 2, kernelSize: [2, 3], inputShape: picture })),
    picture,
  ],
  [
    'is dilated',
    ofLayers((of) => of.conv2d({ filters: 2, kernelSize: 2, dilationRate: 2, inputShape: picture })),
    picture,
  ],
])('no ONNX is written of a model whose %s', (message, build, shape) => {
  const { topology, named } = tracedOf(build, shape)
  expect(() => plansOf(topology, named)).toThrow(message)
})

test('a model comes out of its file as it went in', () => {
  const { tensors, parameters, about } = modelOf(convolutional)
  const file = join(folder, 'model.safetensors')
  writeFileSync(file, Buffer.concat([...encodeModel({ tensors, parameters }, about)]))
  expect(readModel(file)).toEqual({ tensors, parameters, about })
  expect(startFrom(file, tensors)).toEqual(parameters)
})

test('what is no file of this model starts nothing', () => {
  const { tensors, parameters } = modelOf(dense)
  const file = join(folder, 'other.safetensors')
  const write = (numbers = parameters, named = tensors) =>
    writeFileSync(file, Buffer.concat([...encodeModel({ tensors: named, parameters: numbers })]))
  write()
  expect(() => startFrom(file, tensors.slice(1))).toThrow('"layers.0.kernel" is none of the model')
  expect(() => startFrom(file, [...tensors, { name: 'more', shape: [1], offset: parameters.length }])).toThrow(
    'the tensor more is missing',
  )
  const turned = tensors.map((tensor) => ({ ...tensor, shape: tensor.shape.toReversed() }))
  expect(() => startFrom(file, turned)).toThrow(
    'layers.0.kernel [5, 4] has another shape; the model has layers.0.kernel [4, 5]',
  )
  write(parameters.map((value, at) => (at === 3 ? Number.NaN : value)))
  expect(() => startFrom(file, tensors)).toThrow('layers.0.kernel has numbers that are not finite')
  expect(() => startFrom(join(folder, 'none'), tensors)).toThrow('there is no such file')
  expect(() => startFrom(folder, tensors)).toThrow('no file of at most')
})
