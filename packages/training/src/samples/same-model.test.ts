import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { encodeIdx } from '@hearsay/data/testing/encode-idx'
import { encodeNpyOf } from '@hearsay/data/testing/encode-npy'
import { testFolder } from '@hearsay/data/testing/folder'
import { pngOf } from '@hearsay/data/testing/png'
import { beforeAll, expect, test } from 'vitest'
import { type Engine, loadEngine } from '../engines/engine.ts'
import type { Dataset } from '../pictures/datasets/dataset.ts'
import { digitsDataset } from '../pictures/datasets/digits.ts'
import { loadDataset } from '../pictures/datasets.ts'
import { learningSchema, taskSchema } from '../schema.ts'
import { numbersOf } from '../task/update.ts'
import { samples } from './samples.ts'
import type { SamplesSpec } from './schema.ts'

const learning = learningSchema.parse({ localSteps: 5, batchSize: 16 })
const peers = 3
const context = { learning, peers, seed: 1 }

let engine: Engine
beforeAll(async () => {
  engine = await loadEngine('wasm')
})

/** The digest of the model after some rounds of the mean of all peers. */
async function learnt(base: string, task: object): Promise<string> {
  const spec = taskSchema().parse({ ...task, partition: { kind: 'shards', perPeer: 4 } }) as SamplesSpec
  const data = await samples.load(spec, { base, ...context })
  const shares = samples.divide(data, { spec, peers, seed: 1, least: learning.batchSize })
  const trainer = samples.trainer({ engine, spec, learning, data, shares, seed: 1 })
  const model = samples.initial(spec, data, 1)
  for (let round = 1; round <= 3; round++) {
    const start = model.slice()
    for (let peer = 0; peer < peers; peer++) {
      const { update } = await trainer.train(peer, round, start)
      for (let index = 0; index < model.length; index++) model[index]! += numbersOf(update)[index]! / peers
    }
  }
  expect((await trainer.evaluate(model, [])).accuracy).toBeGreaterThan(0.15)
  return createHash('sha256').update(new Uint8Array(model.buffer)).digest('hex')
}

/** The same pictures in four formats, and what `data` says of each. */
async function inFourFormats(folder: ReturnType<typeof testFolder>, dataset: Dataset) {
  for (const part of ['train', 'test'] as const) {
    // In the order of a folder: by class.
    const { images, labels: unordered } = dataset[part]
    const order = [...unordered.keys()].sort((a, b) => unordered[a]! - unordered[b]! || a - b)
    const labels = Uint8Array.from(order, (index) => unordered[index]!)
    const pictures = order.map((index) => images.subarray(index * 784, (index + 1) * 784))
    const pixels = Buffer.concat(pictures)
    for (const [index, picture] of pictures.entries()) {
      const name = `${part}/${labels[index]}/${String(index).padStart(4, '0')}.png`
      folder.write(name, await pngOf(picture, [28, 28]))
    }
    const prefix = part === 'train' ? 'train' : 't10k'
    folder.write(`${prefix}-images-idx3-ubyte`, encodeIdx([labels.length, 28, 28], pixels))
    folder.write(`${prefix}-labels-idx1-ubyte`, encodeIdx([labels.length], labels))
    folder.write(`${part}-x.npy`, encodeNpyOf('|u1', [labels.length, 28, 28], pixels))
    folder.write(`${part}-y.npy`, encodeNpyOf('|u1', [labels.length], labels))
    const names = Array.from({ length: 784 }, (_, index) => `pixel${index}`)
    const lines = pictures.map((picture, index) => [labels[index], ...picture].join(','))
    folder.write(`${part}.csv`, [['label', ...names].join(','), ...lines, ''].join('\n'))
  }
  const files = (part: string) => ({ inputs: `${part}-x.npy`, labels: `${part}-y.npy` })
  return [
    { kind: 'images', train: 'train', test: 'test' },
    { kind: 'idx', folder: '.' },
    { kind: 'arrays', train: files('train'), test: files('test') },
    { kind: 'table', train: 'train.csv', test: 'test.csv', label: 'label', shape: [28, 28] },
  ]
}

async function areTheSame(dataset: Dataset): Promise<void> {
  using folder = testFolder()
  const formats = await inFourFormats(folder, dataset)
  for (const model of ['logistic', 'cnn']) {
    const digests: string[] = []
    for (const data of formats) digests.push(await learnt(folder.base, { data: { ...data, scale: 'pixels' }, model }))
    expect(new Set(digests).size).toBe(1)
  }
}

test('digits as a folder of pictures, as IDX, as .npy and as CSV come to the same model', () =>
  areTheSame(digitsDataset(300, 60)))

const mnist = process.env.HEARSAY_MNIST ?? fileURLToPath(new URL('../../../../../shared/data/mnist', import.meta.url))
test.skipIf(!existsSync(mnist))('MNIST does too', async () =>
  areTheSame(await loadDataset('mnist', { data: mnist, trainSamples: 400, testSamples: 100 })),
)
