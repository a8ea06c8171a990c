import { expect, test } from 'vitest'
import { dataSchema, readInputs, readSamples } from '../formats.ts'
import { encodeIdx } from '../testing/encode-idx.ts'
import { encodeNpyOf } from '../testing/encode-npy.ts'
import { testFolder } from '../testing/folder.ts'
import { pngOf } from '../testing/png.ts'

/** How samples were understood, as a model keeps it. */
async function likeOf(base: string, data: object) {
  const spec = dataSchema().parse(data)
  const samples = await readSamples(spec, { base })
  return { samples, like: { data: { ...spec, ...samples.agreed }, shape: samples.shape } }
}

const rows = Array.from(
  { length: 40 },
  (_, row) => `${row},${row % 2 === 0 ? 'cook' : 'smith'},${row % 3 === 0 ? 'no' : 'yes'}`,
)

test('rows of a table are read by the columns, categories and scales of training, whatever else it has', async () => {
  using folder = testFolder()
  folder.write('train.csv', `age,job,buys\n${rows.join('\n')}\n`)
  const { samples, like } = await likeOf(folder.base, { kind: 'table', train: 'train.csv', label: 'buys' })
  folder.write('new.csv', `job;who;age\r\nsmith;"a\nb";${1}\r\ncook;b;0\r\n`)
  const given = { ...like, data: { ...like.data, separator: ';' } }
  const found = await readInputs('new.csv', given, { base: folder.base })
  expect([found.count, found.called, found.names]).toEqual([2, 'line', [2, 4]])
  const [first, second] = [found.values.subarray(0, 3), found.values.subarray(3)]
  expect([...first.subarray(1), ...second.subarray(1)]).toEqual([0, 1, 1, 0])
  const { mean, deviation } = samples.scaling!
  expect(first[0]).toBeCloseTo((1 - mean[0]!) / deviation[0]!)
  // A table with labels, and rows that were learnt, come to the same bits.
  const all = await readInputs('train.csv', like, { base: folder.base })
  expect(all.count).toBe(40)
  expect([...all.values]).toEqual(expect.arrayContaining([...samples.train.inputs.subarray(0, 3)]))
})

test('what is missing or was never learnt is told with its line', async () => {
  using folder = testFolder()
  folder.write('train.csv', `age,job,buys\n${rows.join('\n')}\n`)
  const { like } = await likeOf(folder.base, { kind: 'table', train: 'train.csv', label: 'buys' })
  const read = async (text: string, unseen = false) => {
    folder.write('new.csv', text)
    return readInputs('new.csv', like, { base: folder.base, unseen })
  }
  await expect(read('job\ncook\n')).rejects.toThrow(/new\.csv: column "age": there is none/)
  await expect(read('age,job\n3,cook\n4,priest\n')).rejects.toThrow(
    /new\.csv:3: column "job": "priest" is no category that was learnt; they are cook, smith/,
  )
  expect([...(await read('age,job\n4,priest\n', true)).values.subarray(1)]).toEqual([0, 0])
  await expect(read('age,job\n,cook\n')).rejects.toThrow(/new\.csv:2: column "age": it has no value; put one there\.$/)
  await expect(read('age,job\nold,cook\n')).rejects.toThrow(
    /new\.csv:2: column "age": "old" is no finite number; mend it\.$/,
  )
  await expect(read('age,job\n')).rejects.toThrow(/there is no row after the names of columns/)
  await expect(readInputs('none.csv', like, { base: folder.base })).rejects.toThrow(/none\.csv: there is no such file/)
  folder.write('x.npy', encodeNpyOf('|u1', [1, 3], Uint8Array.of(1, 2, 3)))
  await expect(readInputs('x.npy', like, { base: folder.base })).rejects.toThrow(/format table.*give a table/)
  const odd = { ...like, data: { ...like.data, scale: 'some' } }
  await expect(readInputs('new.csv', odd, { base: folder.base })).rejects.toThrow(/what the model says of its data/)
})

test('the same pictures in .npy, .npz, IDX and PNG come to the same inputs', async () => {
  using folder = testFolder()
  const pixels = Uint8Array.from({ length: 2 * 3 * 4 }, (_, at) => 10 * at)
  const like = { data: { kind: 'idx', scale: 'pixels' }, shape: [3, 4] }
  folder.write('x.npy', encodeNpyOf('|u1', [2, 3, 4, 1], pixels))
  folder.write('x-ubyte', encodeIdx([2, 3, 4], pixels))
  for (const at of [0, 1]) folder.write(`p/${at}.png`, await pngOf(pixels.subarray(12 * at, 12 * at + 12), [3, 4]))
  folder.write('large.png', await pngOf(new Uint8Array(48).fill(255), [6, 8]))
  const notes: string[] = []
  const teller = { fault: () => {}, note: (text: string) => void notes.push(text) }
  const read = (path: string) => readInputs(path, like, { base: folder.base, teller })
  const [npy, idx, png] = [await read('x.npy'), await read('x-ubyte'), await read('p')]
  expect(npy.values).toEqual(idx.values)
  expect(npy.values).toEqual(png.values)
  expect([npy.names, png.called, png.names]).toEqual([[1, 2], 'file', ['0.png', '1.png']])
  expect((await read('large.png')).values[0]).toBeCloseTo((1 - 0.13) / 0.3)
  expect(notes).toEqual(['1 of 1 pictures were resized to 3 × 4'])
  folder.write('one.npy', encodeNpyOf('|u1', [3, 4], pixels.subarray(0, 12)))
  expect((await read('one.npy')).count).toBe(1)
  folder.write('other.npy', encodeNpyOf('|u1', [2, 4, 3], pixels))
  await expect(read('other.npy')).rejects.toThrow(/an array of \[2,4,3\], and the model takes samples of \[3,4\]/)
  folder.write('new.csv', 'a\n1\n')
  await expect(read('new.csv')).rejects.toThrow(/format idx, and takes other files/)
})
