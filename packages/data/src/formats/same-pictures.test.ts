import { namedStream } from '@hearsay/catalogue/random'
import { expect, test } from 'vitest'
import { encodeIdx } from '../testing/encode-idx.ts'
import { encodeNpyOf } from '../testing/encode-npy.ts'
import { testFolder } from '../testing/folder.ts'
import { pngOf } from '../testing/png.ts'
import { readData } from '../testing/read.ts'

const [height, width] = [5, 4] as const
const random = namedStream('pictures', 1)

/** Pictures of three classes, by class, as a folder of them has them. */
function drawn(count: number) {
  const labels = Uint8Array.from({ length: count }, (_, index) => Math.floor((3 * index) / count))
  const pixels = Uint8Array.from({ length: count * height * width }, () => random.integer(256))
  return {
    labels,
    pixels,
    of: (index: number) => pixels.subarray(index * height * width, (index + 1) * height * width),
  }
}

test('a folder of pictures, IDX, .npy and CSV of the same bytes give the same bits, whatever the scale', async () => {
  using folder = testFolder()
  const parts = { train: drawn(12), test: drawn(6) }
  for (const [part, { labels, pixels, of }] of Object.entries(parts)) {
    const count = labels.length
    for (const [index, label] of labels.entries())
      folder.write(`${part}/${label}/${String(index).padStart(3, '0')}.png`, await pngOf(of(index), [height, width]))
    const prefix = part === 'train' ? 'train' : 't10k'
    folder.write(`${prefix}-images-idx3-ubyte`, encodeIdx([count, height, width], pixels))
    folder.write(`${prefix}-labels-idx1-ubyte`, encodeIdx([count], labels))
    folder.write(`${part}-x.npy`, encodeNpyOf('|u1', [count, height, width], pixels))
    folder.write(`${part}-y.npy`, encodeNpyOf('|u1', [count], labels))
    const names = Array.from({ length: height * width }, (_, index) => `pixel${index}`)
    const lines = Array.from(labels, (label, index) => [label, ...of(index)].join(','))
    folder.write(`${part}.csv`, [['label', ...names].join(','), ...lines, ''].join('\n'))
  }
  const files = (part: string) => ({ inputs: `${part}-x.npy`, labels: `${part}-y.npy` })
  for (const scale of ['none', 'unit', 'pixels', 'standard', { shift: 33.3, factor: 0.01 }]) {
    const idx = await readData(folder.base, { kind: 'idx', folder: '.', scale })
    const arrays = await readData(folder.base, { kind: 'arrays', train: files('train'), test: files('test'), scale })
    const images = await readData(folder.base, { kind: 'images', train: 'train', test: 'test', scale })
    const table = await readData(folder.base, {
      ...{ kind: 'table', train: 'train.csv', test: 'test.csv', label: 'label', shape: [height, width], scale },
    })
    expect([idx.train.count, idx.test.count, idx.shape, idx.outputs]).toEqual([12, 6, [height, width], ['0', '1', '2']])
    expect(arrays).toEqual(idx)
    const { agreed: _, ...same } = idx
    for (const others of [images, { ...table, inputs: [] }]) {
      const { agreed: __, ...found } = others
      expect(found).toEqual(same)
    }
  }
})
