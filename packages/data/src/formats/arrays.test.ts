import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import { encodeFloats, encodeNpyOf } from '../testing/encode-npy.ts'
import { testFolder } from '../testing/folder.ts'
import { readData } from '../testing/read.ts'

const inputs = encodeFloats([4, 2], [1, 2, 3, 4, 5, 6, 7, 8])
const labels = encodeNpyOf('<i8', [4], BigInt64Array.of(0n, 1n, 1n, 0n))

async function read(files: Record<string, Uint8Array>, fields: object = {}) {
  using folder = testFolder(files)
  const pair = { inputs: 'x.npy', labels: 'y.npy' }
  const usual = 'z.npz' in files ? { file: 'z.npz' } : { train: pair, test: pair }
  return await readData(folder.base, { kind: 'arrays', ...usual, ...fields })
}

test('two .npy, of which labels are integers', async () => {
  const { shape, outputs, train } = await read({ 'x.npy': inputs, 'y.npy': labels })
  expect([shape, outputs]).toEqual([[2], ['0', '1']])
  expect(train.inputs).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8))
  expect(train.targets).toEqual({ kind: 'classes', labels: Int32Array.of(0, 1, 1, 0) })
})

test('Fortran order, big-endian, float16 and float64 give the same', async () => {
  const expected = await read({ 'x.npy': inputs, 'y.npy': labels })
  const big = Buffer.alloc(64)
  for (let index = 0; index < 8; index++) big.writeDoubleBE(index + 1, 8 * index)
  const halves = Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600, 0x4700, 0x4800)
  for (const same of [
    encodeNpyOf('<f4', [4, 2], Float32Array.of(1, 3, 5, 7, 2, 4, 6, 8), true),
    encodeNpyOf('>f8', [4, 2], big),
    encodeNpyOf('<f2', [4, 2], halves),
    encodeNpyOf('|u1', [4, 2], Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
  ])
    expect(await read({ 'x.npy': same, 'y.npy': labels })).toEqual(expected)
})

test('.npz, stored or deflated, with usual names or others', async () => {
  const expected = await read({ 'x.npy': inputs, 'y.npy': labels })
  const parts = { x_train: inputs, y_train: labels, x_test: inputs, y_test: labels }
  const files = Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [`${name}.npy`, new Uint8Array(bytes)]))
  for (const level of [0, 6] as const) expect(await read({ 'z.npz': zipSync(files, { level }) })).toEqual(expected)
  const other = { 'a.npy': new Uint8Array(inputs), 'b.npy': new Uint8Array(labels), 'notes.txt': strToU8('hello') }
  const named = { inputs: 'a', labels: 'b' }
  expect(await read({ 'z.npz': zipSync(other) }, { train: named, test: named })).toEqual(expected)
  await expect(read({ 'z.npz': zipSync(other) })).rejects.toThrow(/z\.npz: it has the arrays a, b; name two of them/)
})

test('regression, flags, and classes by name', async () => {
  const numbers = await read({ 'x.npy': inputs, 'y.npy': encodeFloats([4], [0.5, 1, 2, 3]) })
  expect(numbers.train.targets).toEqual({ kind: 'numbers', values: Float32Array.of(0.5, 1, 2, 3) })
  const flags = await read({
    'x.npy': inputs,
    'y.npy': encodeNpyOf('|b1', [4, 2], Uint8Array.of(0, 1, 1, 1, 0, 0, 1, 0)),
  })
  expect(flags).toMatchObject({ targets: 'flags', outputs: ['label 1', 'label 2'] })
  const named = await read({ 'x.npy': inputs, 'y.npy': labels }, { classes: ['cat', 'dog', 'cow'] })
  expect(named.outputs).toEqual(['cat', 'dog', 'cow'])
})

const zipped = new Uint8Array(inputs)
/** A good .npz whose directory promises other sizes. */
function promising(sizeBytes: number): Uint8Array {
  const zip = Buffer.from(zipSync({ 'x.npy': zipped, 'y.npy': new Uint8Array(labels) }, { level: 6 }))
  for (let at = zip.indexOf('PK\x01\x02', 'latin1'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4, 'latin1'))
    zip.writeUInt32LE(sizeBytes, at + 24)
  return zip
}

test.each<[string, Record<string, Uint8Array>, object, RegExp]>([
  ['text', { 'x.npy': strToU8('1,2\n'), 'y.npy': labels }, {}, /x\.npy is not a \.npy file/],
  ['an empty file', { 'x.npy': new Uint8Array(0), 'y.npy': labels }, {}, /x\.npy is empty/],
  [
    '2^60 numbers',
    { 'x.npy': encodeNpyOf('<f4', [2 ** 30, 2 ** 30], new Float32Array(0)), 'y.npy': labels },
    {},
    /no file has the shape|ends after/,
  ],
  ['2^50 numbers', { 'x.npy': encodeNpyOf('|u1', [2 ** 50], new Uint8Array(8)), 'y.npy': labels }, {}, /ends after/],
  [
    'fewer labels',
    { 'x.npy': inputs, 'y.npy': encodeFloats([3], [0, 1, 0]) },
    {},
    /x\.npy: 4 samples, but 3 labels in/,
  ],
  [
    'NaN',
    { 'x.npy': encodeFloats([2, 2], [1, 2, Number.NaN, 4]), 'y.npy': encodeFloats([2], [0, 1]) },
    {},
    /x\.npy: row 2: it has the value NaN/,
  ],
  [
    'infinity',
    { 'x.npy': encodeFloats([2, 1], [1, Number.NEGATIVE_INFINITY]), 'y.npy': encodeFloats([2], [0, 1]) },
    {},
    /row 2: it has the value -Infinity/,
  ],
  [
    'a label that is NaN',
    { 'x.npy': inputs, 'y.npy': encodeFloats([4], [0, 1, Number.NaN, 0]) },
    {},
    /y\.npy: row 3: its label is NaN/,
  ],
  [
    'a label out of range',
    { 'x.npy': inputs, 'y.npy': labels },
    { classes: ['1', '2'] },
    /y\.npy: row 1: its label 0 is no class; they are 1, 2/,
  ],
  ['one class', { 'x.npy': inputs, 'y.npy': encodeFloats([4], [1, 1, 1, 1]) }, {}, /y\.npy: all labels are "1"/],
  [
    'large labels',
    { 'x.npy': inputs, 'y.npy': encodeNpyOf('<i8', [4], BigInt64Array.of(0n, 2n ** 24n + 2n, 1n, 0n)) },
    {},
    /y\.npy: its label 16777218 is too large/,
  ],
  [
    'labels in three dimensions',
    { 'x.npy': inputs, 'y.npy': encodeFloats([4, 1, 1], [0, 1, 1, 0]) },
    {},
    /labels have the shape/,
  ],
  [
    'a flag that is 2',
    { 'x.npy': inputs, 'y.npy': encodeFloats([4, 1], [0, 1, 2, 0]) },
    { labels: 'flags' },
    /row 3: a flag is 2/,
  ],
  ['no zip', { 'z.npz': strToU8('PK\x03\x04, it says') }, {}, /z\.npz: it is no \.npz/],
  [
    'a zip bomb',
    { 'z.npz': promising(0x7ffffff0) },
    {},
    /array x: \d+ bytes say that they are 2147483632, which is too much/,
  ],
  ['a zip that promises less', { 'z.npz': promising(40) }, {}, /z\.npz/],
  ['nothing said', { 'x.npy': inputs }, { train: undefined, test: undefined }, /arrays needs file, a \.npz, or train/],
])('%s: an error with its place and remedy', async (_, files, fields, message) => {
  const error = await read(files, fields).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  expect((error as Error).message).toMatch(message)
})
