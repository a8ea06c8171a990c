import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DataError, readIdx } from '@hearsay/data'
import { TrainingError } from '../../task/training-error.ts'
import type { Dataset, Samples } from './dataset.ts'

const side = 28
const classes = 10

/** Reads the four files of MNIST, `.gz` or not, from a folder; throws `data-missing` or `bad-data`. */
export async function readMnist(folder: string): Promise<Dataset> {
  return {
    shape: [side, side],
    classes,
    train: await readSamples(folder, 'train'),
    test: await readSamples(folder, 't10k'),
  }
}

async function readSamples(folder: string, prefix: string): Promise<Samples> {
  const images = await read(folder, `${prefix}-images-idx3-ubyte`)
  const labels = await read(folder, `${prefix}-labels-idx1-ubyte`)
  const [count, ...shape] = images.shape
  if (shape.length !== 2 || shape.some((length) => length !== side)) {
    throw invalid(images.file, `pictures are ${shape.join(' × ')} pixels, expected ${side} × ${side}`)
  }
  if (labels.shape.length !== 1 || count !== labels.shape[0]) {
    throw invalid(images.file, `${count} pictures, but ${labels.shape.join(' × ')} labels in ${labels.file}`)
  }
  if (count === 0) throw invalid(images.file, 'no pictures')
  const wrong = labels.values.findIndex((label) => label >= classes)
  if (wrong >= 0) throw invalid(labels.file, `label ${wrong} is ${labels.values[wrong]}, expected 0 to ${classes - 1}`)
  return { images: images.values, labels: labels.values }
}

async function read(folder: string, name: string) {
  try {
    const { values, ...rest } = await readIdx(await find(folder, name), { base: folder })
    if (!(values instanceof Uint8Array)) throw invalid(rest.file, 'its numbers are no bytes')
    return { ...rest, values }
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    throw new TrainingError('bad-data', error.message, { cause: error })
  }
}

async function find(folder: string, name: string): Promise<string> {
  for (const path of [join(folder, name), join(folder, `${name}.gz`)])
    if ((await stat(path).catch(() => undefined))?.isFile()) return path
  const remedy = 'get them with: hearsay data fetch mnist, and this folder as --to'
  throw new TrainingError('data-missing', `neither ${name} nor ${name}.gz is in ${folder}; ${remedy}`)
}

function invalid(path: string, problem: string): TrainingError {
  return new TrainingError('bad-data', `${path}: ${problem}; get the file again`)
}
