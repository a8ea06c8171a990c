// Whatever a file holds, a reader gives samples or a DataError, and comes to an end.

import fc from 'fast-check'
import { zipSync } from 'fflate'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import type { Samples } from '../format/samples.ts'
import { dataSchema, readRatings, readSamples } from '../formats.ts'
import { encodeIdx } from '../testing/encode-idx.ts'
import { encodeFloats, encodeNpyOf } from '../testing/encode-npy.ts'
import { testFolder } from '../testing/folder.ts'
import { pngOf } from '../testing/png.ts'

const csv = 'a,b,who,label\n1,x,p,no\n2.5,"y, ""z""",q,yes\n?,x,p,no\n-3e2,x,q,yes\n'
const numbers = encodeFloats([4, 2], [1, 2, 3, 4, 5, 6, 7, 8])
const labels = encodeNpyOf('|u1', [4], Uint8Array.of(0, 1, 1, 0))
const npz = zipSync({ 'x.npy': new Uint8Array(numbers), 'y.npy': new Uint8Array(labels) })
const parquet = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'a', data: [1, 2, null, 4], type: 'INT32' },
      { name: 'b', data: ['x', 'y', 'x', 'y'], type: 'STRING' },
      { name: 'label', data: ['no', 'yes', 'no', 'yes'], type: 'STRING' },
    ],
  }),
)
const table = { kind: 'table', label: 'label' }

/** By name: a good file, what else is in its folder, how it is read, and how often. */
const cases: readonly (readonly [string, string, Uint8Array, Record<string, Uint8Array>, object, number])[] = [
  ['CSV', 'a.csv', Buffer.from(csv), {}, { ...table, train: 'a.csv', group: 'who', missing: 'mean' }, 100],
  [
    'spaces',
    'a.txt',
    Buffer.from('a b label\n1 x no\n 2   x yes\n3 y no\n'),
    {},
    { ...table, train: 'a.txt', separator: 'space' },
    100,
  ],
  ['Parquet', 'a.parquet', parquet, {}, { ...table, train: 'a.parquet', missing: 'drop' }, 10],
  [
    'IDX',
    'x',
    encodeIdx(
      [4, 2],
      Uint8Array.from({ length: 8 }, (_, i) => i),
    ),
    { y: encodeIdx([4], Uint8Array.of(0, 1, 1, 0)) },
    { kind: 'idx', train: { inputs: 'x', labels: 'y' } },
    60,
  ],
  ['.npy', 'x.npy', numbers, { 'y.npy': labels }, { kind: 'arrays', train: { inputs: 'x.npy', labels: 'y.npy' } }, 60],
  ['.npz', 'a.npz', npz, {}, { kind: 'arrays', file: 'a.npz' }, 60],
  [
    'PNG',
    'b/1.png',
    await pngOf(Uint8Array.of(1, 2, 3, 4), [2, 2]),
    { 'a/1.png': await pngOf(Uint8Array.of(1, 2, 3, 4), [2, 2]) },
    { kind: 'images', train: '.' },
    100,
  ],
  [
    'ratings',
    'r.csv',
    Buffer.from('user,item,rating\n1,2,3\n2,2,4\n1,3,5\n'),
    {},
    { kind: 'ratings', train: 'r.csv' },
    60,
  ],
]

/** Bytes changed, taken away, or said twice. */
function damaged(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat({ max: good.length - 1 })
  const changed = fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }).map((changes) => {
    const bytes = Uint8Array.from(good)
    for (const [at, byte] of changes) bytes[at] = byte
    return bytes
  })
  const cut = place.map((at) => good.slice(0, at))
  const twice = fc.tuple(place, place).map(([from, to]) => Buffer.concat([good.subarray(0, from), good.subarray(to)]))
  return fc.oneof({ weight: 4, arbitrary: changed }, cut, twice, fc.uint8Array({ maxLength: 300 }))
}

/** What a trainer relies on. */
function checkSamples({ shape, outputs, train, test: held }: Samples): void {
  const width = shape.reduce((product, length) => product * length, 1)
  for (const { inputs, targets, count } of [train, held]) {
    expect(count).toBeGreaterThan(0)
    expect(inputs.length).toBe(count * width)
    expect(inputs.every(Number.isFinite)).toBe(true)
    if (targets.kind === 'classes') {
      expect(targets.labels.length).toBe(count)
      expect(targets.labels.every((label) => label >= 0 && label < outputs.length)).toBe(true)
    } else expect(targets.values.length).toBe(count * outputs.length)
  }
}

test.each(cases)('%s', async (_, name, good, others, data, numRuns) => {
  using folder = testFolder({ ...others, [name]: good })
  const spec = dataSchema().parse(data)
  const read = (): Promise<object> => (spec.kind === 'ratings' ? readRatings(spec, folder) : readSamples(spec, folder))
  await read()
  await fc.assert(
    fc.asyncProperty(damaged(good), async (bytes) => {
      folder.write(name, bytes)
      const outcome = await read().catch((error: unknown) => error)
      if (!(outcome instanceof Error)) {
        if (spec.kind !== 'ratings') checkSamples(outcome as Samples)
        return
      }
      expect(outcome).toBeInstanceOf(DataError)
      expect(outcome.message).not.toContain('\n')
    }),
    { numRuns },
  )
})
