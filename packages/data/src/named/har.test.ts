import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dataSchema, outlineSamples, readSamples } from '../formats.ts'
import { har } from './har.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'hearsay-har-'))
})
afterEach(() => rm(base, { recursive: true }))

/** As numpy.savetxt writes them, and the archive does. */
const rows = (count: number, width: number, value: (row: number, column: number) => number) =>
  Array.from(
    { length: count },
    (_, row) => `  ${Array.from({ length: width }, (_, column) => value(row, column).toExponential(7)).join(' ')}\n`,
  ).join('')

/** The archive as it is had, but of three and two windows, and what is made of it. */
async function prepare(different: Record<string, string> = {}): Promise<void> {
  const files: Record<string, string> = {}
  for (const [part, count] of [
    ['train', 3],
    ['test', 2],
  ] as const) {
    files[`${part}/X_${part}.txt`] = rows(count, 561, (row, column) => row - column / 1_000)
    files[`${part}/y_${part}.txt`] = ['5\n', '1\n', '6\n'].slice(0, count).join('')
    files[`${part}/subject_${part}.txt`] = part === 'train' ? '1\n1\n30\n' : '2\n4\n'
    const signals = ['body_acc', 'body_gyro', 'total_acc'].flatMap((kind) =>
      ['x', 'y', 'z'].map((axis) => `${kind}_${axis}`),
    )
    for (const [channel, signal] of signals.entries())
      files[`${part}/Inertial Signals/${signal}_${part}.txt`] = rows(
        count,
        128,
        (row, step) => row + channel / 10 + step,
      )
  }
  const named = Object.entries({ ...files, ...different }).map(([name, words]) => [
    `UCI HAR Dataset/${name}`,
    strToU8(words),
  ])
  await writeFile(join(base, 'UCI HAR Dataset.zip'), zipSync(Object.fromEntries(named)))
  await har.prepare!(base)
}

const spec = (name: unknown) => dataSchema().parse({ kind: 'named', name, folder: '.' })

test('features by person', async () => {
  await prepare()
  const { shape, outputs, groups, train, test: held } = await readSamples(spec('har'), { base })
  expect([shape, outputs[0], groups.length, train.count, held.count]).toEqual([[561], 'walking', 30, 3, 2])
  expect(train.targets).toEqual({ kind: 'classes', labels: Int32Array.of(4, 0, 5) })
  expect([train.group, held.group]).toEqual([Int32Array.of(0, 0, 29), Int32Array.of(1, 3)])
  expect(train.inputs[561 + 3]).toBe(Math.fround(1 - 0.003))
})

test('the series of nine sensors, steps by sensors', async () => {
  await prepare()
  const { shape, train } = await readSamples(spec({ har: { inputs: 'series' } }), { base })
  expect(shape).toEqual([128, 9])
  expect(train.inputs).toHaveLength(3 * 128 * 9)
  // Window 2, step 7, sensor 4.
  expect(train.inputs[(2 * 128 + 7) * 9 + 4]).toBe(Math.fround(9.4))
})

test('an outline has everything but inputs', async () => {
  await prepare()
  const [outline, whole] = [await outlineSamples(spec('har'), { base }), await readSamples(spec('har'), { base })]
  expect(outline.train.inputs).toHaveLength(0)
  expect({ ...outline, train: { ...outline.train, inputs: whole.train.inputs }, test: whole.test }).toEqual(whole)
})

test.each([
  ['a label that is none', { 'train/y_train.txt': '5\n7\n6\n' }, /y_train\.txt:2: 7, where 1 to 6 is due/],
  ['half a person', { 'test/subject_test.txt': '1\n1.5\n' }, /subject_test\.txt:2: 1\.5, where 1 to 30/],
  ['a missing row', { 'train/subject_train.txt': '1\n1\n' }, /not as many rows as each other/],
  ['a short row', { 'test/X_test.txt': '1 2\n' }, /X_test\.txt:1: 2 numbers, where 561 are due/],
  ['no number', { 'test/y_test.txt': '1\nx\n' }, /y_test\.txt:2: "x" is no number/],
  ['nothing but spaces', { 'test/y_test.txt': ' \n' }, /y_test\.txt: it has no rows/],
  ['a line without an end', { 'test/y_test.txt': ' '.repeat(3_000_000) }, /y_test\.txt:1: it is longer than/],
])('refuses %s', async (_, different, words) => {
  await prepare(different)
  await expect(readSamples(spec('har'), { base })).rejects.toMatchObject({
    code: 'bad-data',
    message: expect.stringMatching(words),
  })
})
