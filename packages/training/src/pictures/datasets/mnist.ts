import { shuffle } from '@hearsay/catalogue/random'
import { stream } from '../../task/random.ts'
import { TrainingError } from '../../task/training-error.ts'
import type { DataSource, Samples } from './dataset.ts'
import { readMnist } from './idx.ts'

const usualTestSamples = 2_000

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
      test: choose(test, testSamples ?? Math.min(usualTestSamples, test.labels.length), 'test'),
    }
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
