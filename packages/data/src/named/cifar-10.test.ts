import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dataSchema, readSamples } from '../formats.ts'
import { tarGz } from '../testing/tar-gz.ts'
import { cifar10 } from './cifar-10.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'hearsay-cifar-'))
})
afterEach(() => rm(base, { recursive: true }))

const record = 3_073
/** A batch of pictures whose red, green and blue pixels are label, 100 and the column. */
const batch = (labels: readonly number[]) =>
  Uint8Array.from({ length: labels.length * record }, (_, at) => {
    const [label, within] = [labels[Math.floor(at / record)]!, (at % record) - 1]
    return within < 1_024 ? label : within < 2_048 ? 100 : within % 32
  })

/** The archive as it is had, but small, and what is made of it. */
async function prepare(different: Record<string, Uint8Array> = {}): Promise<void> {
  const batches = [1, 2, 3, 4, 5].map((number) => [`data_batch_${number}.bin`, batch([number, 9])] as const)
  const files = { ...Object.fromEntries(batches), 'test_batch.bin': batch([0, 1, 2]), ...different }
  const named = Object.entries(files).map(([name, content]) => [`cifar-10-batches-bin/${name}`, content])
  await writeFile(join(base, 'cifar-10-binary.tar.gz'), await tarGz(Object.fromEntries(named)))
  await cifar10.prepare!(base)
}

const read = () => readSamples(dataSchema().parse({ kind: 'named', name: 'cifar-10', folder: '.' }), { base })

test('the binary batches are read, colours last, as images have them', async () => {
  await prepare()
  const { shape, outputs, train, test: held, origin } = await read()
  expect([shape, outputs[3], train.count, held.count]).toEqual([[32, 32, 3], 'cat', 10, 3])
  expect(train.targets).toEqual({ kind: 'classes', labels: Int32Array.of(1, 9, 2, 9, 3, 9, 4, 9, 5, 9) })
  const pixel = (value: number) => Math.fround((value / 255 - 0.13) / 0.3)
  // The picture of label 2, row 1, column 5.
  expect([...train.inputs.slice(2 * 3_072 + (32 + 5) * 3, 2 * 3_072 + (32 + 6) * 3)]).toEqual([2, 100, 5].map(pixel))
  expect(origin?.source).toMatch(/Krizhevsky/)
})

test('a batch of another size and a label that is none are refused', async () => {
  await prepare({ 'data_batch_2.bin': batch([1]).subarray(1) })
  await expect(read()).rejects.toThrow(/data_batch_2\.bin: 3072 bytes are not .*hearsay data fetch cifar-10/)
  await prepare({ 'test_batch.bin': batch([10]) })
  await expect(read()).rejects.toThrow(/test_batch\.bin: row 1: its label 10 is no class/)
})

test('what is not there is told with the command that gets it', async () => {
  await expect(read()).rejects.toMatchObject({
    code: 'data-missing',
    message: expect.stringMatching(/the data set cifar-10 is not there; get it: hearsay data fetch cifar-10 --to /),
  })
})
