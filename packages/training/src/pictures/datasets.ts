import { type Kind, type Options, Registry } from '@hearsay/catalogue'
import { TrainingError } from '../task/training-error.ts'
import type { DataRequest, DataSource, Dataset, Format, Samples } from './datasets/dataset.ts'
import * as shipped from './datasets/shipped.ts'

const datasetKind: Kind<'dataset'> = {
  word: 'dataset',
  nouns: ['data set', 'data sets'],
  functions: ['load'],
  beside: [],
  error: (code, message) => new TrainingError(code, message),
}

/** All data sets of pictures by name. */
export const datasets = new Registry<DataSource, 'dataset'>(datasetKind, shipped)

/** One of them: its name, or its name with its options. */
export type DatasetChoice = string | { readonly [name: string]: Options }

/** Draws or reads it. Throws TrainingError as it does, and `bad-dataset` when a user's own gives something else. */
export async function loadDataset(choice: DatasetChoice, request: DataRequest): Promise<Dataset> {
  const { member, options } = datasets.choose(choice)
  const dataset = await member.load(request, options)
  if (datasets.ships(member) || [dataset.train, dataset.test].every((set) => isOf(set, dataset))) return dataset
  const due = 'samples with a byte for each pixel of each picture, and a label below classes'
  throw new TrainingError('bad-dataset', `Data set "${member.name}" must give ${due}.`)
}

function isOf({ images, labels }: Samples, { shape: [height, width], classes }: Format): boolean {
  const bytes = images instanceof Uint8Array && labels instanceof Uint8Array && labels.length > 0
  return bytes && images.length === labels.length * height * width && labels.every((label) => label < classes)
}
