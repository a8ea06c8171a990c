import { shuffle } from '@hearsay/catalogue/random'
import { stream } from '../../task/random.ts'
import { TrainingError } from '../../task/training-error.ts'
import type { DataSource, Samples } from './dataset.ts'
import { readMnist } from './idx.ts'

const TEST_SAMPLES = 2_000

/** Handwritten digits, 28 × 28 pixels (LeCun, Cortes, Burges), from a folder of their files. */
export const mnist: DataSource<'mnist'> = {
  name: 'mnist',
  summary:
    'read from `data`, IDX files, gzipped or not; all training and 2000 test samples when the task says no numbers',
  folder: true,
  options: {},
  async load({ data, trainSamples, testSamples }) {
    if (data === undefined) {
      const remedy =
        'give the folder of its IDX files as task.data (--data DIR; of a peer, data in its peer.yaml), or get them: hearsay data fetch mnist'
      throw new TrainingError('data-missing', `data set mnist: ${remedy}`)
    }
    const { train, test, ...format } = await readMnist(data)
    return {
      ...format,
      train: choose(train, trainSamples, 'train'),
      test: choose(test, testSamples ?? Math.min(TEST_SAMPLES, test.labels.length), 'test'),
    }
  },
  files: {
    mirrors: ['https://storage.googleapis.com/cvdf-datasets/mnist/', 'https://ossci-datasets.s3.amazonaws.com/mnist/'],
    pinned: [
      {
        name: 'train-images-idx3-ubyte.gz',
        sizeBytes: 9_912_422,
        sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      },
      {
        name: 'train-labels-idx1-ubyte.gz',
        sizeBytes: 28_881,
        sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      },
      {
        name: 't10k-images-idx3-ubyte.gz',
        sizeBytes: 1_648_877,
        sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
      },
      {
        name: 't10k-labels-idx1-ubyte.gz',
        sizeBytes: 4_542,
        sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      },
    ],
  },
}

/** The same `count` random samples in every run: files are often sorted in some way. */
function choose(samples: Samples, count: number | undefined, set: 'train' | 'test'): Samples {
  const available = samples.labels.length
  if (count === undefined || count === available) return samples
  if (count > available) {
    const problem = `task.${set}Samples is ${count}, but the files hold ${available} samples`
    throw new TrainingError('bad-data', `${problem}; lower it or leave it out`)
  }
  const order = shuffle(
    Int32Array.from({ length: available }, (_, index) => index),
    stream('data set', set).integer,
  ).subarray(0, count)
  const size = samples.images.length / available
  const images = new Uint8Array(count * size)
  for (const [to, from] of order.entries())
    images.set(samples.images.subarray(from * size, (from + 1) * size), to * size)
  return { images, labels: Uint8Array.from(order, (from) => samples.labels[from]!) }
}
