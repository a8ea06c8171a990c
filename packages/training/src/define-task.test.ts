import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SymbolicTensor, Tensor } from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineTask, type TaskParts } from './define-task.ts'
import { type Engine, loadEngine } from './engines/engine.ts'
import { sharesOf } from './task/checked.ts'
import { learningSchema } from './task/learning.ts'
import type { TaskSpec } from './task/task.ts'
import { numbersOf } from './task/update.ts'
import { madeUpSamples } from './testing/made-up-samples.ts'
import { saveModel } from './testing/save-model.ts'

let engine: Engine
beforeAll(async () => {
  engine = await loadEngine('wasm')
})

const learning = learningSchema.parse({ localSteps: 30, batchSize: 20 })
const context = { base: '/', learning, peers: 2, seed: 1, turn: async () => {} }

const parts: TaskParts = {
  name: 'mine',
  summary: 'made up',
  options: { units: { kind: 'integer', summary: 'of the hidden layer', least: 1, most: 100, default: 8 } },
  load: () => madeUpSamples('classes', ['a', 'b', 'c']),
  model: ({ layers, sequential }, { shape, outputs, options }) =>
    sequential({
      layers: [
        layers.dense({ units: Number(options.units), activation: 'tanh', inputShape: [...shape] }),
        layers.dense({ units: outputs }),
      ],
    }),
}

/** A peer of two learns for a round; how a model does before and after. */
async function learnt(given: TaskParts, said: object = {}) {
  const task = defineTask(given)
  const spec = { kind: task.name, units: 8, ...z.object(task.fields!()).parse(said) } as TaskSpec
  const data = await task.load(spec, context)
  const shares = sharesOf(task, data, { spec, peers: 2, seed: 1, least: 20 })
  const initial = task.initial(spec, data, 1)
  const trainer = task.trainer({ engine, spec, learning, data, shares, seed: 1 })
  const { update, loss, diverged } = await trainer.train(0, 1, initial)
  expect(diverged).toBe(false)
  expect(await trainer.train(0, 1, initial)).toEqual({ update, loss, diverged })
  const after = initial.map((value, at) => value + numbersOf(update)[at]!)
  return { task, spec, data, before: await trainer.evaluate(initial, []), after: await trainer.evaluate(after, []) }
}

test('classes are learnt by a model of ones own', async () => {
  const { task, spec, data, before, after } = await learnt(parts)
  expect(after.accuracy).toBeGreaterThan(before.accuracy! + 0.1)
  expect(task.measured!(spec).map(({ name }) => name)).toEqual(Object.keys(after))
  expect(task.tensors(spec, data).map(({ name, shape }) => [name, ...shape])).toEqual([
    ['layers.0.kernel', 4, 8],
    ['layers.0.bias', 8],
    ['layers.1.kernel', 8, 3],
    ['layers.1.bias', 3],
  ])
})

test('numbers too, in the unit of the data, and flags', async () => {
  const numbers = await learnt({ ...parts, load: () => madeUpSamples('numbers', ['price']), targets: 'numbers' })
  expect(numbers.after.rmse).toBeLessThan(0.8 * numbers.before.rmse!)
  expect(numbers.before.rmse).toBeGreaterThan(500)
  const flags = await learnt({ ...parts, load: () => madeUpSamples('flags', ['red', 'blue']), targets: 'flags' })
  expect(flags.after.auc).toBeGreaterThan(flags.before.auc!)
})

test('two classes are learnt by one output, and by a loss of ones own', async () => {
  const load = () => madeUpSamples('classes', ['no', 'yes'])
  const binary = await learnt({ ...parts, load }, { loss: 'binary' })
  expect(binary.task.tensors(binary.spec, binary.data).at(-1)!.shape).toEqual([1])
  expect(binary.after.accuracy).toBeGreaterThan(0.7)
  const own = await learnt({
    ...parts,
    load,
    loss: (tf, outputs, targets) => tf.losses.softmaxCrossEntropy(tf.oneHot(targets as never, 2), outputs as Tensor),
  })
  const shipped = await learnt({ ...parts, load })
  expect(own.after.logLoss).toBeCloseTo(shipped.after.logLoss!, 3)
})

test('without load, the scenario says data', () => {
  const { load: _, ...others } = parts
  const task = defineTask(others)
  expect(Object.keys(task.fields!())).toContain('data')
  expect(Object.keys(task.fields!())).not.toContain('model')
  expect(Object.keys(defineTask(parts).fields!())).not.toContain('data')
})

/** What TensorFlow.js saves of the model above, in a folder. */
async function saved(activation: 'linear' | 'softmax' = 'linear') {
  const { tf } = engine
  const inputs = tf.input({ shape: [4] })
  const hidden = tf.layers.dense({ units: 5, activation: 'tanh' }).apply(inputs)
  const outputs = tf.layers.dense({ units: 3, activation }).apply(tf.layers.batchNormalization().apply(hidden))
  const model = tf.model({ inputs, outputs: outputs as SymbolicTensor })
  const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()])
  const folder = await saveModel(tf, model)
  return { folder, weights, given: { ...parts, model: { tfjs: join(folder, 'model.json') } } }
}

test.each(['linear', 'softmax'] as const)(
  'a model that is saved and ends in %s starts a network',
  async (activation) => {
    const { weights, given } = await saved(activation)
    const { task, spec, data, before, after } = await learnt(given)
    const initial = task.initial(spec, data, 1)
    expect([...initial].sort()).toEqual(weights.sort())
    expect(task.initial(spec, data, 2)).toEqual(initial)
    expect(after.logLoss).toBeLessThan(before.logLoss!)
  },
)

test.each<[string, (folder: string) => void, RegExp]>([
  ['there is none', (folder) => rmSync(join(folder, 'model.json')), /model\.json: there is no such file/],
  ['it is no JSON', (folder) => writeFileSync(join(folder, 'model.json'), '{'), /model\.json: is no JSON/],
  ['it is another JSON', (folder) => writeFileSync(join(folder, 'model.json'), '{}'), /model\.json: modelTopology: /],
  ['its weights are missing', (folder) => rmSync(join(folder, 'weights.bin')), /weights\.bin: there is no such file/],
  [
    'they are cut off',
    (folder) => truncateSync(join(folder, 'weights.bin'), 8),
    /its weights have \d+ bytes, the files of them 8/,
  ],
  ['they are elsewhere', (folder) => rewrite(folder, 'weights.bin', '../weights.bin'), /is no file beside model\.json/],
  [
    'they promise too much',
    (folder) => rewrite(folder, '"shape":[4,5]', '"shape":[99999999,99999999]'),
    /its weights have \d+ bytes, more/,
  ],
  [
    'a layer is of ones own',
    (folder) => rewrite(folder, '"class_name":"BatchNormalization"', '"class_name":"Attention"'),
    /model\.json: has Attention, which TensorFlow\.js does not: give the model by a function of a module/,
  ],
  [
    'it takes other samples',
    (folder) => rewrite(folder, '"batch_input_shape":[null,4]', '"batch_input_shape":[null,2,3]'),
    /model\.json: /,
  ],
])('a saved model is refused when %s', async (_, spoil, message) => {
  const { folder, given } = await saved()
  spoil(folder)
  await expect(learnt(given)).rejects.toThrow(message)
})

function rewrite(folder: string, from: string, to: string): void {
  const file = join(folder, 'model.json')
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
}

describe('what is wrong is told in one line', () => {
  const wrong: [what: string, parts: Partial<TaskParts>, message: RegExp][] = [
    ['a model that throws', { model: () => fail('no such layer') }, /^the model: .*model of task mine: no such layer$/],
    ['no model', { model: () => ({}) as never }, /is no LayersModel/],
    [
      'a model of another input',
      { model: ({ layers, sequential }) => sequential({ layers: [layers.dense({ units: 3, inputShape: [5] })] }) },
      /its input is \[5\], and a sample is \[4\]; correct its inputShape/,
    ],
    [
      'a model of another output',
      { model: ({ layers, sequential }) => sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] }) },
      /it gives \[2\], and the data and the loss need \[3\]; end with a dense layer of 3 units/,
    ],
    [
      'a model that ends in softmax',
      {
        model: ({ layers, sequential }) =>
          sequential({ layers: [layers.dense({ units: 3, activation: 'softmax', inputShape: [4] })] }),
      },
      /it ends in softmax, which the loss has in itself; leave that activation out/,
    ],
    ['a load that throws', { load: () => fail('no file') }, /^load of task mine: no file$/],
    ['a load that rejects', { load: () => Promise.reject(new Error('no\nfile')) }, /^load of task mine: no$/],
    ['no samples', { load: () => ({}) as never }, /it gives no Samples/],
    ['labels out of range', { load: () => ({ ...madeUpSamples('classes', ['a', 'b']), outputs: ['a'] }) }, /no index/],
    ['numbers for classes', { load: () => madeUpSamples('numbers', ['a']) }, /labelled with numbers/],
  ]
  test.each(wrong)('%s', async (_, changed, message) => {
    await expect(learnt({ ...parts, ...changed })).rejects.toThrow(message)
  })
})

function fail(message: string): never {
  throw new Error(message)
}
