import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, loadEngine } from '../engines/engine.ts'
import { forward } from '../layers/passes.ts'
import { initialParameters, planLayers, tensorsOf } from '../layers/plan.ts'
import type { ModelSpec } from '../task/layers.ts'
import { stream } from '../task/random.ts'
import type { About } from './about.ts'
import { encodeModel, readModel, startFrom } from './model-file.ts'
import { encodeOnnx } from './onnx/onnx.ts'
import { encodeTfjs } from './tfjs.ts'

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
  const { modelTopology, weightsManifest } = JSON.parse(Buffer.from(files.get('model.json')!).toString())
  const { tf } = engine
  const weightData = new Uint8Array(files.get('weights.bin')!).buffer
  const model = await tf.loadLayersModel({
    load: async () => ({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  })
  const outputs = tf.tidy(() => {
    const batch = tf.tensor(inputsOf(layers), [samples, ...layers.inputShape])
    return [...(model.predict(batch) as ReturnType<typeof tf.tensor>).dataSync()]
  })
  model.dispose()
  expectClose(outputs, logitsOf(layers))
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
