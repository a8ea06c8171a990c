import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { picturesSpec } from '../../testing/pictures-spec.ts'
import { loadDataset } from '../datasets.ts'
import { readMnist } from './idx.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearsay-idx-'))
})
afterEach(() => rm(folder, { recursive: true }))

function idx(shape: number[], bytes: Uint8Array, magic = 0x0800 + shape.length): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.writeUInt32BE(magic)
  for (const [axis, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * axis)
  return Buffer.concat([header, bytes])
}

const pixels = (count: number) => Uint8Array.from({ length: count * 784 }, (_, index) => index % 256)
const labels = (count: number) => Uint8Array.from({ length: count }, (_, index) => index % 10)

/** Writes a good data set, 30 training and 20 test samples, then what a test wants to be different. */
async function write(different: Record<string, Buffer> = {}): Promise<void> {
  const files: Record<string, Buffer> = {
    'train-images-idx3-ubyte.gz': gzipSync(idx([30, 28, 28], pixels(30))),
    'train-labels-idx1-ubyte.gz': gzipSync(idx([30], labels(30))),
    't10k-images-idx3-ubyte': idx([20, 28, 28], pixels(20)),
    't10k-labels-idx1-ubyte': idx([20], labels(20)),
    ...different,
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
}

test('reads files, gzipped or not', async () => {
  await write()
  const { train, test: held, shape, classes } = await readMnist(folder)
  expect([shape, classes]).toEqual([[28, 28], 10])
  expect(Uint8Array.from(train.images)).toEqual(pixels(30))
  expect(Uint8Array.from(train.labels)).toEqual(labels(30))
  expect(Uint8Array.from(held.images)).toEqual(pixels(20))
  expect(Uint8Array.from(held.labels)).toEqual(labels(20))
})

test('takes as many samples as the task says, pictures with their labels', async () => {
  await write()
  const task = picturesSpec({ dataset: 'mnist', data: folder, trainSamples: 7, testSamples: 20 })
  const { train, test: held } = await loadDataset('mnist', task)
  expect(held.labels).toHaveLength(20)
  expect(train.labels).toHaveLength(7)
  const all = await readMnist(folder)
  for (const [index, label] of train.labels.entries()) {
    const picture = Buffer.from(train.images.subarray(index * 784, (index + 1) * 784))
    const origins = [...all.train.labels.keys()].filter((from) =>
      picture.equals(all.train.images.subarray(from * 784, (from + 1) * 784)),
    )
    expect(origins.map((from) => all.train.labels[from])).toContain(label)
  }
  await expect(loadDataset('mnist', { ...task, trainSamples: 31 })).rejects.toThrow(
    /trainSamples is 31.* hold 30 samples/,
  )
})

test.each([
  ['another magic', { 't10k-labels-idx1-ubyte': idx([20], labels(20), 0x0802) }, /its header \[20,66051\] asks for/],
  ['a short header', { 't10k-labels-idx1-ubyte': Buffer.from([0, 0, 8]) }, /too short for a header/],
  ['missing pixels', { 't10k-images-idx3-ubyte': idx([20, 28, 28], pixels(19)) }, /its header \[20,28,28\] asks for/],
  ['extra bytes', { 't10k-labels-idx1-ubyte': idx([20], labels(21)) }, /29 bytes or more, but its header/],
  ['a header beyond all memory', { 't10k-labels-idx1-ubyte': idx([0xffffffff], labels(20)) }, /asks for 4294967303/],
  ['fewer labels', { 't10k-labels-idx1-ubyte': idx([19], labels(19)) }, /20 pictures, but 19 labels/],
  [
    'no samples',
    { 't10k-images-idx3-ubyte': idx([0, 28, 28], pixels(0)), 't10k-labels-idx1-ubyte': idx([0], labels(0)) },
    /no pictures/,
  ],
  ['other pictures', { 't10k-images-idx3-ubyte': idx([20, 14, 56], pixels(20)) }, /14 × 56 pixels, expected 28 × 28/],
  ['a label above 9', { 't10k-labels-idx1-ubyte': idx([20], labels(20).fill(10, 4, 5)) }, /label 4 is 10/],
  ['broken compression', { 'train-labels-idx1-ubyte.gz': Buffer.from('not gzip') }, /cannot be decompressed/],
  ['a gzip bomb', { 'train-labels-idx1-ubyte.gz': gzipSync(Buffer.alloc(65 * 1024 * 1024)) }, /starts with 0x00000000/],
])('refuses %s', async (_, different, message) => {
  await write(different)
  await expect(readMnist(folder)).rejects.toThrow(message)
  await expect(readMnist(folder)).rejects.toMatchObject({ code: 'bad-data' })
})

test('says what is missing and how to get it', async () => {
  await expect(readMnist(folder)).rejects.toMatchObject({ code: 'data-missing' })
  await expect(readMnist(folder)).rejects.toThrow(/neither train-images-idx3-ubyte nor .*hearsay data fetch mnist/)
  await expect(loadDataset('mnist', picturesSpec({ dataset: 'mnist' }))).rejects.toThrow(/--data DIR/)
})
