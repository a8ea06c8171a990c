import { shuffle } from '@hearsay/catalogue/random'
import type { Part, Samples } from '@hearsay/data'
import { sizeOf } from '../layers/plan.ts'
import { stream } from '../task/random.ts'
import { rowsOf } from '../task/rows-of.ts'
import { TrainingError } from '../task/training-error.ts'
import type { SamplesSpec } from './schema.ts'

/** As many samples as the task says, the same ones in every run. Throws TrainingError `bad-data` when there are not so many. */
export function limited(samples: Samples, { trainSamples, testSamples }: SamplesSpec): Samples {
  const size = sizeOf(samples.shape)
  return {
    ...samples,
    train: chosen(samples.train, trainSamples, { set: 'train', size }),
    test: chosen(samples.test, testSamples, { set: 'test', size }),
  }
}

function chosen(part: Part, most: number | undefined, { set, size }: { set: 'train' | 'test'; size: number }): Part {
  if (most === undefined || most === part.count) return part
  if (most > part.count) {
    const problem = `task.${set}Samples is ${most}, and there are ${part.count}`
    throw new TrainingError('bad-data', `${problem}; lower it or leave it out`)
  }
  const all = Int32Array.from({ length: part.count }, (_, index) => index)
  const order = shuffle(all, stream('data set', set).integer).subarray(0, most)
  return {
    count: most,
    // An outline has no inputs.
    inputs: part.inputs.length === 0 ? part.inputs : rowsOf(part.inputs, order, size),
    targets: targetsAt(part, order),
    ...(part.group && { group: rowsOf(part.group, order, 1) }),
  }
}

function targetsAt({ targets, count }: Part, order: Int32Array): Part['targets'] {
  if (targets.kind === 'classes') return { kind: 'classes', labels: rowsOf(targets.labels, order, 1) }
  const width = targets.values.length / count
  if (targets.kind === 'numbers') return { kind: 'numbers', values: rowsOf(targets.values, order, width) }
  return { kind: 'flags', values: rowsOf(targets.values, order, width) }
}
