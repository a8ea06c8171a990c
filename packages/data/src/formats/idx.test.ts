import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import { dataSchema, readSamples } from '../formats.ts'
import { encodeIdx } from '../testing/encode-idx.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'hearsay-idx-'))
})
afterEach(() => rm(base, { recursive: true }))

const pixels = (count: number) => Uint8Array.from({ length: count * 6 }, (_, index) => (index * 7) % 256)
const labels = (count: number) => Uint8Array.from({ length: count }, (_, index) => index % 3)

/** Writes a good data set, 6 training and 3 test samples, then what a test wants to be different. */
async function write(different: Record<string, Uint8Array> = {}): Promise<void> {
  const files: Record<string, Uint8Array> = {
    'train-images-idx3-ubyte.gz': gzipSync(encodeIdx([6, 2, 3], pixels(6))),
    'train-labels-idx1-ubyte.gz': gzipSync(encodeIdx([6], labels(6))),
    't10k-images-idx3-ubyte': encodeIdx([3, 2, 3], pixels(3)),
    't10k-labels-idx1-ubyte': encodeIdx([3], labels(3)),
    ...different,
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(base, name), content)
}

const read = (fields: object = { folder: '.' }) => readSamples(dataSchema().parse({ kind: 'idx', ...fields }), { base })

test('a folder of files, gzipped or not', async () => {
  await write()
  const { shape, outputs, train, test: held } = await read()
  expect([shape, outputs, train.count, held.count]).toEqual([[2, 3], ['0', '1', '2'], 6, 3])
  expect(train.inputs).toEqual(Float32Array.from(pixels(6), (pixel) => pixel / 255))
  expect(train.targets).toEqual({ kind: 'classes', labels: Int32Array.of(0, 1, 2, 0, 1, 2) })
})

test('two files, of which a part is held back, the same one every time', async () => {
  await write()
  const files = { inputs: 'train-images-idx3-ubyte.gz', labels: 'train-labels-idx1-ubyte.gz' }
  const once = await read({ train: files, testShare: 0.5, scale: 'none' })
  expect([once.train.count, once.test.count]).toEqual([3, 3])
  const rows = [once.train, once.test].flatMap(({ inputs }) => [0, 1, 2].map((row) => inputs[row * 6]))
  expect(rows.sort((a, b) => a! - b!)).toEqual([0, 42, 84, 126, 168, 210])
  expect(await read({ train: files, testShare: 0.5, scale: 'none' })).toEqual(once)
})

test('numbers of all types, big-endian', async () => {
  const floats = Buffer.alloc(16)
  for (const [at, value] of [0.5, -1, 2, 3].entries()) floats.writeFloatBE(value, 4 * at)
  await writeFile(join(base, 'x'), encodeIdx([2, 2], floats, 0x0d))
  await writeFile(join(base, 'y'), encodeIdx([2], Uint8Array.of(0xff, 1), 0x09))
  const files = { inputs: 'x', labels: 'y' }
  const { train, outputs } = await read({ train: files, test: files, scale: 'none' })
  expect([train.inputs, outputs]).toEqual([Float32Array.of(0.5, -1, 2, 3), ['-1', '1']])
})

test.each([
  ['nothing', { 't10k-labels-idx1-ubyte': Buffer.alloc(0) }, /t10k-labels-idx1-ubyte: it is empty/],
  ['another magic', { 't10k-labels-idx1-ubyte': Buffer.from([0, 0, 7, 1, 0]) }, /starts with 0x00000701/],
  ['a short header', { 't10k-labels-idx1-ubyte': Buffer.from([0, 0, 8]) }, /too short for a header/],
  ['missing pixels', { 't10k-images-idx3-ubyte': encodeIdx([3, 2, 3], pixels(2)) }, /its header \[3,2,3\] asks for/],
  ['extra bytes', { 't10k-labels-idx1-ubyte': encodeIdx([3], labels(4)) }, /12 bytes or more, but its header/],
  ['a header beyond all memory', { 't10k-labels-idx1-ubyte': encodeIdx([0xffffffff], labels(3)) }, /4294967303 bytes/],
  ['fewer labels', { 't10k-labels-idx1-ubyte': encodeIdx([2], labels(2)) }, /3 samples, but 2 labels/],
  ['other pictures', { 't10k-images-idx3-ubyte': encodeIdx([3, 3, 2], pixels(3)) }, /its samples are \[3,2\]/],
  [
    'one class',
    {
      'train-labels-idx1-ubyte.gz': gzipSync(encodeIdx([6], new Uint8Array(6))),
      't10k-labels-idx1-ubyte': encodeIdx([3], new Uint8Array(3)),
    },
    /all labels are "0"/,
  ],
  ['broken compression', { 'train-labels-idx1-ubyte.gz': Buffer.from('not gzip') }, /cannot be decompressed/],
  [
    'a gzip bomb',
    { 'train-labels-idx1-ubyte.gz': gzipSync(Buffer.concat([encodeIdx([6], labels(6)), Buffer.alloc(2 ** 26)])) },
    /or more, but its header \[6\]/,
  ],
])('refuses %s', async (_, different, message) => {
  await write(different)
  const error = await read().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  expect(error).toMatchObject({ code: 'bad-data', message: expect.stringMatching(message) })
})

test('says what is missing, and what is said twice or not at all', async () => {
  await expect(read()).rejects.toMatchObject({ code: 'data-missing' })
  await expect(read({})).rejects.toThrow(/either folder or train/)
  await expect(read({ train: { inputs: 'x', labels: 'y' } })).rejects.toThrow(/x: there is no such file/)
})
