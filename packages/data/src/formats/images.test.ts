import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import { dataSchema, outlineSamples, readSamples } from '../formats.ts'
import { testFolder } from '../testing/folder.ts'
import { pngOf } from '../testing/png.ts'
import { readData, readTold } from '../testing/read.ts'

/** A picture of 2 × 3 grey pixels. */
const grey = (first: number) => pngOf(Uint8Array.of(first, 50, 100, 150, 200, 255), [2, 3])
let dark: Uint8Array
let light: Uint8Array
let jpeg: Uint8Array
beforeAll(async () => {
  dark = await grey(0)
  light = await grey(250)
  const rgb = { width: 8, height: 8, channels: 3, background: { r: 200, g: 10, b: 60 } } as const
  jpeg = await sharp({ create: rgb }).jpeg({ quality: 100 }).toBuffer()
})

async function read(files: Record<string, Uint8Array | string>, fields: object = {}) {
  using folder = testFolder(files)
  return await readData(folder.base, { kind: 'images', train: '.', scale: 'none', ...fields })
}

test('a folder for each class, by class and name', async () => {
  const samples = await read(
    { 'a/2.png': dark, 'a/1.png': light, 'b/1.PNG': light, 'b/2.png': dark },
    { testShare: 0.25 },
  )
  expect(samples).toMatchObject({ shape: [2, 3], inputs: [], targets: 'classes', outputs: ['a', 'b'] })
  const firsts = [samples.train, samples.test].flatMap(({ inputs, count }) =>
    Array.from({ length: count }, (_, row) => inputs[row * 6]),
  )
  expect([samples.train.count, samples.test.count, firsts.sort()]).toEqual([3, 1, [0, 0, 250, 250]])
})

test('an outline is the same without the pictures', async () => {
  using folder = testFolder({ 'a/2.png': dark, 'a/1.png': light, 'b/1.png': light })
  const spec = dataSchema().parse({ kind: 'images', train: '.' })
  const whole = await readSamples(spec, folder)
  const none = new Float32Array(0)
  expect(await outlineSamples(spec, folder)).toEqual({
    ...whole,
    train: { ...whole.train, inputs: none },
    test: { ...whole.test, inputs: none },
  })
})

test('classes that are numbers are in the order of numbers, or in the order that one gives', async () => {
  const files = { '10/1.png': dark, '9/1.png': light }
  expect((await read(files, { test: '.' })).outputs).toEqual(['9', '10'])
  const { train, outputs } = await read(files, { test: '.', classes: ['10', '9', '8'] })
  expect([outputs, [...train.inputs.subarray(0, 2)]]).toEqual([
    ['10', '9', '8'],
    [0, 50],
  ])
})

test('JPEG, colours, other sizes', async () => {
  const files = { 'a/1.jpg': jpeg, 'a/2.png': light, 'b/1.jpeg': jpeg }
  const samples = await read(files, { test: '.', colour: true, size: [4, 5] })
  expect([samples.shape, samples.train.count]).toEqual([[4, 5, 3], 3])
  const [red, green, blue] = samples.train.inputs
  expect([red! > 190, green! < 25, Math.abs(blue! - 60) < 10]).toEqual([true, true, true])
  const grey = await read(files, { test: '.', size: [4, 5] })
  expect([grey.shape, grey.train.inputs.length]).toEqual([[4, 5], 60])
})

test('what is transparent is white; 16 bits become 8; a palette is looked up', async () => {
  const clear = await sharp(Buffer.from([9, 9, 9, 0, 9, 9, 9, 255]), { raw: { width: 2, height: 1, channels: 4 } })
    .png()
    .toBuffer()
  const deep = await sharp(Buffer.from([77, 88]), { raw: { width: 2, height: 1, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer()
  const palette = await sharp(Buffer.from([0, 0, 0, 255, 255, 255]), { raw: { width: 2, height: 1, channels: 3 } })
    .png({ palette: true })
    .toBuffer()
  const { train } = await read({ 'a/1.png': clear, 'b/1.png': deep, 'c/1.png': palette }, { test: '.' })
  expect([...train.inputs]).toEqual([255, 9, 77, 88, 0, 255])
})

test.each<[string, () => Record<string, Uint8Array | string>, object, RegExp]>([
  [
    'other sizes',
    () => ({ 'a/1.png': dark, 'b/1.jpg': jpeg }),
    {},
    /b\/1\.jpg: 8 × 8 pixels, where the first picture has 2 × 3; say size/,
  ],
  ['a picture cut off', () => ({ 'a/1.png': dark, 'b/1.png': dark.subarray(0, 60) }), {}, /b\/1\.png: it is broken/],
  ['no picture', () => ({ 'a/1.png': dark, 'b/1.png': 'hello' }), {}, /b\/1\.png: it is no PNG and no JPEG/],
  [
    'SVG',
    () => ({ 'a/1.png': dark, 'b/1.png': '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
    {},
    /it is no PNG and no JPEG/,
  ],
  ['an empty picture', () => ({ 'a/1.png': dark, 'b/1.png': '' }), {}, /b\/1\.png: it is no PNG/],
  ['60,000 × 60,000 pixels', () => ({ 'a/1.png': dark, 'b/1.png': huge() }), {}, /b\/1\.png: .*pixel/],
  ['no folders', () => ({ '1.png': dark }), {}, /there is no folder in it; make one for each class/],
  ['folders without pictures', () => ({ 'a/x.txt': 'x' }), {}, /its folders have no \.png/],
  ['one class', () => ({ 'a/1.png': dark, 'a/2.png': light }), {}, /all labels are "a"/],
  [
    'a folder that is no class',
    () => ({ 'a/1.png': dark, 'c/2.png': light }),
    { classes: ['a', 'b'] },
    /c\/2\.png: its folder "c" is no class; they are a, b/,
  ],
  ['no such folder', () => ({}), { train: 'x' }, /x: there is no such folder/],
])('%s: an error with its place and remedy', async (_, files, fields, message) => {
  const error = await read(files(), { test: 'train' in fields ? undefined : '.', ...fields }).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DataError)
  expect((error as Error).message).toMatch(message)
})

test('who is told gets every broken picture, and the others', async () => {
  using folder = testFolder({ 'a/1.png': dark, 'a/2.png': 'x', 'a/notes.txt': '', 'b/1.png': light, 'b/2.png': 'y' })
  const { samples, faults, notes } = await readTold(folder.base, { kind: 'images', train: '.', test: '.' })
  expect([samples.train.count, samples.test.count]).toEqual([2, 2])
  expect(faults.map((fault) => fault.split(':')[0])).toEqual(['a/2.png', 'b/2.png', 'a/2.png', 'b/2.png'])
  expect(notes[0]).toMatch(/1 files are neither \.png nor \.jpg/)
})

/** The header of a picture, with a size that no memory holds. */
function huge(): Uint8Array {
  const bytes = Buffer.from(dark)
  bytes.writeUInt32BE(60_000, 16)
  bytes.writeUInt32BE(60_000, 20)
  return bytes
}
