import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkTask } from '../check-task.ts'
import { learningSchema, measuresOf, taskOf, taskSchema, withDataAt } from '../schema.ts'
import { madeUpSamples } from '../testing/made-up-samples.ts'
import { samples } from './samples.ts'
import type { SamplesSpec } from './schema.ts'

let base: string
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'hearsay-samples-'))
  const idx = (name: string, shape: number[], byte: (index: number) => number) => {
    const header = [0, 0, 8, shape.length, ...shape.flatMap((side) => [0, 0, side >> 8, side & 255])]
    const bytes = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => byte(index))
    writeFileSync(join(base, name), Buffer.concat([Uint8Array.from(header), bytes]))
  }
  for (const [part, count] of [
    ['train', 90],
    ['t10k', 30],
  ] as const) {
    idx(`${part}-images-idx3-ubyte`, [count, 2, 3], (index) => index % 256)
    // The test part lacks the last class.
    idx(`${part}-labels-idx1-ubyte`, [count], (index) => index % (part === 'train' ? 3 : 2))
  }
  idx('same-labels', [90], () => 1)
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

const parse = (given: object) => taskSchema().parse(given) as SamplesSpec
const data = { kind: 'idx', folder: '.' }
const check = (task: object, batchSize = 10) =>
  checkTask({ task: parse(task), learning: learningSchema.parse({ batchSize }), peers: 3, base, seeds: [1] })

test('a map as data means samples, and a folder pictures', () => {
  expect(taskOf(parse({ data })).name).toBe('samples')
  expect(parse({ data })).toMatchObject({ kind: 'samples', model: 'mlp', partition: { kind: 'iid' } })
  expect(taskOf(taskSchema().parse({ dataset: 'mnist', data: 'folder' })).name).toBe('pictures')
  expect(taskSchema().safeParse({ kind: 'pictures', data }).success).toBe(false)
  expect(samples.describe(parse({ data: { kind: 'idx', folder: '../my-digits' } }))).toBe('my-digits, mlp')
})

test('what is measured follows from the loss, or from what the labels are said to be', () => {
  const headline = (given: object) => measuresOf(parse({ data, ...given }))[0]!.name
  expect([{}, { loss: 'squared' }, { loss: 'binary' }, { data: { ...data, labels: 'flags' } }].map(headline)).toEqual([
    'accuracy',
    'rmse',
    'accuracy',
    'f1',
  ])
  expect(samples.measures.map(({ name }) => name)).toEqual(expect.arrayContaining(['accuracy', 'rmse', 'exactMatch']))
})

test('data are looked at before the run', async () => {
  await check({ data })
  await check({
    data,
    model: { layers: [{ kind: 'conv2d', filters: 2, size: 2 }, { kind: 'flatten' }, { kind: 'dense', units: 3 }] },
  })
})

test.each([
  [{ data: { ...data, folder: 'nowhere' } }, 'data-missing', /nowhere.*: neither it nor/],
  [
    { data, loss: 'binary' },
    'bad-data',
    'the loss binary is for two classes, and there are 3; take task.loss: cross-entropy',
  ],
  [{ data, trainSamples: 91 }, 'bad-data', 'task.trainSamples is 91, and there are 90'],
  [{ data, trainSamples: 20 }, 'partition-too-small', '3 peers with batches of 10 need 30 training samples, have 20'],
  [{ data, model: 'cnn' }, 'bad-model', /window/],
  [{ data, model: { layers: [{ kind: 'dense', units: 3 }] } }, 'bad-model', /put { kind: flatten } before it/],
  [
    { data, model: { layers: [{ kind: 'flatten' }, { kind: 'dense', units: 2 }] } },
    'bad-model',
    'end with a dense layer of 3 units',
  ],
  [
    { data, model: { inputShape: [5], layers: [{ kind: 'dense', units: 3 }] } },
    'bad-model',
    'does not hold a sample of [2,3]',
  ],
  [{ data, partition: { kind: 'group' } }, 'bad-partition', /group column/],
  [
    { data: { kind: 'idx', train: { inputs: 'train-images-idx3-ubyte', labels: 'same-labels' } } },
    'bad-data',
    /all labels are "1"/,
  ],
  [
    { data: { ...data, labels: 'numbers' }, loss: 'cross-entropy' },
    'bad-data',
    'say data.labels: numbers, or task.loss: squared',
  ],
  [{ data, loss: 'squared', targetScale: { mean: [1, 2], deviation: [1, 1] } }, undefined, ''],
] as const)('%j is told as %s', async (task, code, message) => {
  if (code === undefined) return void (await check(task))
  await expect(check(task)).rejects.toMatchObject({ code })
  await expect(check(task)).rejects.toThrow(message)
})

test('the same samples are taken in every run, with their labels and groups', async () => {
  const context = { base, learning: learningSchema.parse({}), peers: 3, seed: 1 }
  const all = await samples.load(parse({ data }), context)
  const some = await samples.load(parse({ data, trainSamples: 40, testSamples: 10 }), context)
  expect([some.train.count, some.train.inputs.length, some.test.count]).toEqual([40, 240, 10])
  expect(some).toEqual(await samples.load(parse({ data, trainSamples: 40, testSamples: 10 }), context))
  const rows = (part: typeof some.train) =>
    Array.from({ length: part.count }, (_, at) =>
      [
        ...part.inputs.subarray(6 * at, 6 * at + 6),
        part.targets.kind === 'classes' ? part.targets.labels[at] : '',
      ].join(),
    )
  expect(rows(all.train)).toEqual(expect.arrayContaining(rows(some.train)))
})

test('of data of a peer’s own, all is said that others must understand in the same way', async () => {
  const rows = Array.from({ length: 60 }, (_, row) => `${row % 7},${row % 2 === 0 ? 'a' : 'b'},${1000 * (row % 5)}`)
  writeFileSync(join(base, 'mine.csv'), `size,kind,price\n${rows.join('\n')}\n`)
  const task = {
    data: { kind: 'table', label: 'price', labels: 'numbers' },
    loss: 'squared',
    partition: { kind: 'own' },
  }
  const own = (data: object, more: object = {}) =>
    withDataAt({ ...task, data: { ...task.data, ...data }, ...more }, join(base, 'mine.csv'))
  await expect(check(own({}))).rejects.toThrow(
    'data.inputs, data.categories, data.scale, targetScale would follow from the data, and each peer has its own',
  )
  const said = { inputs: ['size', 'kind'], categories: { kind: ['a', 'b'] }, scale: { mean: [3], deviation: [2] } }
  await expect(check(own(said, { targetScale: 'standard' }))).rejects.toMatchObject({ code: 'bad-task' })
  const spec = own(said, { targetScale: { mean: [2000], deviation: [1500] } })
  await check(spec)
  await expect(check(spec, 50)).rejects.toThrow('a peer with batches of 50 needs 50 training samples, have 48')
  const made = await samples.load(parse(spec), { base, learning: learningSchema.parse({}), peers: 3, seed: 1 })
  for (const share of samples.divide(made, { spec: parse(spec), peers: 3, seed: 1, least: 10 }))
    expect(share).toHaveLength(48)
})

test('whole groups go to peers', () => {
  const made = madeUpSamples('numbers', ['price'])
  const options = { spec: parse({ data, partition: { kind: 'group' } }), peers: 5, seed: 1, least: 10 }
  for (const share of samples.divide(made, options))
    expect(new Set([...share].map((at) => made.train.group![at])).size).toBe(1)
  const byClass = { ...options, spec: parse({ data, partition: { kind: 'shards', perPeer: 1 } }) }
  expect(() => samples.divide(made, byClass)).toThrow('divides by class')
})
