import { shuffle } from '@hearsay/catalogue/random'
import { stream } from '../task/random.ts'
import { TrainingError } from '../task/training-error.ts'
import { digitsDataset } from './digits.ts'
import { readMnist } from './idx.ts'
import type { Dataset, Samples } from './samples.ts'
import type { PicturesSpec } from './schema.ts'

const mnistTestSamples = 2_000

/** Draws or reads the data set of a task. */
export async function loadDataset(task: PicturesSpec): Promise<Dataset> {
  if (task.dataset === 'digits') return digitsDataset(task.trainSamples, task.testSamples)
  if (task.data === undefined) {
    const remedy =
      'give the folder of its IDX files as task.data (--data DIR; of a peer, data in its peer.yaml), or get them: hearsay data fetch mnist'
    throw new TrainingError('ERR_DATA_MISSING', `data set mnist: ${remedy}`)
  }
  const mnist = await readMnist(task.data)
  const testSamples = task.testSamples ?? Math.min(mnistTestSamples, mnist.test.labels.length)
  return {
    ...mnist,
    train: choose(mnist.train, task.trainSamples, 'train'),
    test: choose(mnist.test, testSamples, 'test'),
  }
}

/** The same `count` random samples in every run: files are often sorted in some way. */
function choose(samples: Samples, count: number | undefined, set: 'train' | 'test'): Samples {
  const available = samples.labels.length
  if (count === undefined || count === available) return samples
  if (count > available) {
    const problem = `task.${set}Samples is ${count}, but the files hold ${available} samples`
    throw new TrainingError('ERR_DATA_INVALID', `${problem}; lower it or leave it out`)
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
