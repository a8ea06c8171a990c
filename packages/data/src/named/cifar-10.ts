import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import type { Samples } from '../format/samples.ts'
import { fileSize } from '../reading/files.ts'
import { samplesOfPairs } from '../reading/pairs.ts'
import type { NamedSet } from './named-set.ts'
import { untar } from './unpack.ts'

const archive = 'cifar-10-binary.tar.gz'
const classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']
const trainBatches = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`)
const testBatches = ['test_batch.bin']
const [side, channels] = [32, 3]
const plane = side * side
/** A byte for the label, then the red plane, the green and the blue one, row by row. */
const record = 1 + channels * plane
const mostBatchBytes = 10_000 * record

/** Size and digest as in TensorFlow Datasets, `url_checksums/cifar10.txt`. */
export const cifar10: NamedSet<'cifar-10'> = {
  name: 'cifar-10',
  summary: '60,000 photographs, 32 × 32 pixels in colour, 10 classes',
  options: {},
  source: 'Krizhevsky: Learning Multiple Layers of Features from Tiny Images, University of Toronto (2009)',
  licence: 'none told; a citation is asked for',
  mirrors: [
    'https://www.cs.toronto.edu/~kriz/',
    'https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/gluon/dataset/cifar10/',
    'https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/',
  ],
  pinned: [
    {
      name: archive,
      sizeBytes: 170_052_171,
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    },
  ],
  prepared: [...trainBatches, ...testBatches],
  prepare: (folder) =>
    untar(folder, {
      archive: archive,
      members: new Map([...trainBatches, ...testBatches].map((name) => [`cifar-10-batches-bin/${name}`, name])),
      bytesMost: mostBatchBytes,
    }),
  gives: 'samples',
  async read(folder, _options, context): Promise<Samples> {
    const pair = async (names: readonly string[]) => {
      const batches: Uint8Array[] = []
      for (const name of names) batches.push(await readBatch(join(folder, name), context))
      return pairOf(join(folder, names[0]!), batches)
    }
    return samplesOfPairs(
      await pair(trainBatches),
      await pair(testBatches),
      { classes: classes, scale: 'pixels' },
      context,
    )
  },
}

async function readBatch(file: string, { turn, signal }: DataContext): Promise<Uint8Array> {
  const size = await fileSize(file)
  if (size % record !== 0 || size === 0 || size > mostBatchBytes)
    throw badData(
      file,
      `${size} bytes are not 1 to 10,000 records of ${record}; get it again: hearsay data fetch cifar-10`,
    )
  signal?.throwIfAborted()
  await turn?.()
  return readFile(file)
}

/** Pixels by row, column, colour, as images have them elsewhere. */
function pairOf(file: string, batches: readonly Uint8Array[]) {
  const count = batches.reduce((sum, { length }) => sum + length / record, 0)
  const pixels = new Uint8Array(count * channels * plane)
  const labels = new Uint8Array(count)
  let sample = 0
  for (const batch of batches)
    for (let start = 0; start < batch.length; start += record, sample++) {
      labels[sample] = batch[start]!
      const to = sample * channels * plane
      for (let at = 0; at < plane; at++)
        for (let channel = 0; channel < channels; channel++)
          pixels[to + at * channels + channel] = batch[start + 1 + channel * plane + at]!
    }
  return {
    inputs: { file, shape: [count, side, side, channels], values: pixels },
    labels: { file, shape: [count], values: labels },
  }
}
