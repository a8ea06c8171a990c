/** Softmax regression by n workers and one server whose links lose chunks of gradients: what the table of lossy-table.ts is made of. */
import { join } from 'node:path'
import {
  AggregationError,
  aggregateHoles,
  arriving,
  chunkCount,
  type Fill,
  filled,
  type RuleSpec,
} from '@hearsay/aggregation'
import { namedStream } from '@hearsay/catalogue/random'
import { readIdx } from '@hearsay/data'

const pixels = 784
const classes = 10
export const parameters = (pixels + 1) * classes

/** Pixels that are not 0, of sample i from starts[i] on: where they are, and what, 0 to 1. */
export interface Samples {
  readonly starts: Uint32Array
  readonly places: Uint16Array
  readonly values: Float64Array
  readonly labels: Uint8Array
}

/** Those of MNIST, from its gzipped IDX files. */
export async function readDigits(folder: string, prefix: 'train' | 't10k'): Promise<Samples> {
  const read = async (name: string) =>
    (await readIdx(join(folder, `${prefix}-${name}-ubyte.gz`), { base: folder })).values as Uint8Array
  const [images, labels] = [await read('images-idx3'), await read('labels-idx1')]
  const starts = new Uint32Array(labels.length + 1)
  const [places, values] = [new Uint16Array(images.length), new Float64Array(images.length)]
  let inked = 0
  for (let at = 0; at < images.length; at++) {
    if (at % pixels === 0) starts[at / pixels] = inked
    if (images[at] === 0) continue
    places[inked] = at % pixels
    values[inked++] = images[at]! / 255
  }
  starts[labels.length] = inked
  return { starts, places, values, labels }
}

export interface Run {
  readonly rule: RuleSpec
  readonly fill: Fill
  readonly rate: number
  /** Of the workers, from the first, so many have links that lose. */
  readonly lossy: number
  readonly workers: number
  readonly steps: number
  readonly seed: number
  readonly train: Samples
  readonly test: Samples
}

const batch = 100
const learningRate = 0.5
/** Coordinates in a chunk: 32 chunks of an update. */
const size = 250
const chunks = { length: parameters, size }

/** Accuracy on the test samples after the last step; NaN once the model is no longer finite. */
export function learn({ rule, fill, rate, lossy, workers, steps, seed, train, test }: Run): number {
  const model = new Float64Array(parameters)
  const draws = Array.from({ length: workers }, (_, worker) => namedStream('batches', seed, worker))
  let last: (Float32Array | undefined)[] = Array(workers).fill(undefined)
  for (let step = 0; step < steps; step++) {
    const arrived = draws.map((draw, worker) => {
      const chosen = Array.from({ length: batch }, () => draw.below(train.labels.length))
      const vector = gradient(model, train, chosen)
      const { uniform } = namedStream('loss', seed, step, worker)
      return { vector, present: arriving(worker < lossy ? rate : 0, chunkCount(chunks), uniform) }
    })
    const draw = namedStream('fill', seed, step).below(2 ** 32)
    let moved: Float32Array
    try {
      moved = aggregateHoles(rule, arrived, { fill, size }, { draw, last })
    } catch (error) {
      if (error instanceof AggregationError && error.code === 'too-many-non-finite') return Number.NaN
      throw error
    }
    if (fill === 'last') last = arrived.map((each, i) => filled(each, { chunks, fill, last: last[i] }))
    for (let i = 0; i < parameters; i++) model[i]! -= learningRate * moved[i]!
    if (!model.every(Number.isFinite)) return Number.NaN
  }
  return accuracy(model, test)
}

/** Mean over the batch of the gradient of cross-entropy. */
function gradient(model: Float64Array, samples: Samples, chosen: readonly number[]): Float32Array {
  const sum = new Float64Array(parameters)
  const errors = new Float64Array(classes)
  for (const sample of chosen) {
    score(model, samples, sample, errors)
    const most = Math.max(...errors)
    let total = 0
    for (let label = 0; label < classes; label++) total += errors[label] = Math.exp(errors[label]! - most)
    for (let label = 0; label < classes; label++)
      errors[label] = (errors[label]! / total - (label === samples.labels[sample] ? 1 : 0)) / chosen.length
    const { starts, places, values } = samples
    for (let at = starts[sample]!; at < starts[sample + 1]!; at++) {
      const from = places[at]! * classes
      const value = values[at]!
      for (let label = 0; label < classes; label++) sum[from + label]! += value * errors[label]!
    }
    for (let label = 0; label < classes; label++) sum[pixels * classes + label]! += errors[label]!
  }
  return Float32Array.from(sum)
}

function score(model: Float64Array, { starts, places, values }: Samples, sample: number, scores: Float64Array): void {
  for (let label = 0; label < classes; label++) scores[label] = model[pixels * classes + label]!
  for (let at = starts[sample]!; at < starts[sample + 1]!; at++) {
    const from = places[at]! * classes
    const value = values[at]!
    for (let label = 0; label < classes; label++) scores[label]! += value * model[from + label]!
  }
}

function accuracy(model: Float64Array, samples: Samples): number {
  const scores = new Float64Array(classes)
  let right = 0
  for (const [sample, label] of samples.labels.entries()) {
    score(model, samples, sample, scores)
    if (scores.indexOf(Math.max(...scores)) === label) right++
  }
  return right / samples.labels.length
}
