import { basename } from 'node:path'
import { DataError, type DataSpec, formats, originOf, outlineSamples, readSamples, type Samples } from '@hearsay/data'
import { initialParameters, tensorsOf } from '../layers/plan.ts'
import { backdoorSuccess } from '../measures/backdoor.ts'
import { outputMeasures } from '../measures/judge.ts'
import { overBound } from '../measures/over-bound.ts'
import { partition } from '../task/partitions/partitions.ts'
import { noSamples } from '../task/reading.ts'
import type { Task, TaskSpec } from '../task/task.ts'
import { TrainingError, type TrainingErrorCode } from '../task/training-error.ts'
import { isOwn, readAgreed } from './agreed.ts'
import { limited } from './limit.ts'
import { layersFor, planFor } from './model.ts'
import { readingOf } from './reading.ts'
import { type SamplesSpec, samplesFields } from './schema.ts'
import { checkTargets, dataOf, lossOf } from './targets.ts'
import { createTrainer, fitOf } from './trainer.ts'

const numbers = [...outputMeasures.numbers, overBound]
const flags = [...outputMeasures.flags, overBound]
const classes = [...outputMeasures.classes, backdoorSuccess, overBound]
/** Of classes and of flags there are some of one name. */
const measures = [...new Map([...flags, ...numbers, ...classes].map((measure) => [measure.name, measure])).values()]

/** Samples of one's own, from files. */
export const samples: Task<SamplesSpec, Samples, Samples> = {
  name: 'samples',
  summary: 'data of your own, from files: classes, numbers or flags',
  options: {},
  impliedBy: 'data',
  fields: samplesFields,
  at: placedAt,
  describe: ({ data, model }) => `${titleOf(data)}, ${typeof model === 'string' ? model : nameOf(model)}`,
  measures,
  measured: (spec) => ({ classes, numbers, flags })[lossOf(spec).member.targets],
  source: ({ data, loss, trainSamples, testSamples }) => [data, loss, trainSamples, testSamples],
  load: (spec, context) => taken(spec, context, readSamples),
  outline: (spec, context) => taken(spec, context, outlineSamples),
  divide: ({ train, groups }, { spec, peers, seed, least }) =>
    partition(
      {
        count: train.count,
        labels: train.targets.kind === 'classes' ? train.targets.labels : undefined,
        groups: groups.length > 0 ? train.group : undefined,
      },
      peers,
      spec.partition,
      seed,
      least,
    ),
  origin: ({ data }) => originOf(data),
  contents: ({ train: { targets }, outputs }) => {
    if (targets.kind === 'classes') return { kind: 'classes', names: outputs, labels: targets.labels }
    if (targets.kind === 'flags' || outputs.length > 1) return undefined
    return { kind: 'numbers', name: outputs[0]!, values: targets.values }
  },
  tensors: (spec, outline) => tensorsOf(planFor(spec, fitOf(outline, spec))),
  architecture: (spec, outline) => ({ layers: layersFor(spec, fitOf(outline, spec)) }),
  initial: (spec, outline, seed) => initialParameters(planFor(spec, fitOf(outline, spec)), seed),
  trainer: createTrainer,
  crashVariance: () => true,
  reading: (spec, outline) => readingOf({ ...spec, data: dataOf(spec) }, outline),
  recall: async (spec, reading) => ({
    spec: { ...spec, targetScale: reading.targetScale ?? 'none' },
    data: noSamples(reading),
  }),
}

/** With the fields by which its format is read from there. */
function placedAt(given: TaskSpec, path: string): TaskSpec {
  const data = given.data as DataSpec | undefined
  return { ...given, data: { ...data, ...formats.get(String(data?.kind))?.at?.(path, data ?? {}) } }
}

/** What is wrong with data is an error of training, as whoever waits for training knows them. */
async function taken(
  given: SamplesSpec,
  { base, ...more }: { base: string; turn?: () => Promise<void> },
  read: typeof readSamples,
): Promise<Samples> {
  const spec = { ...given, data: dataOf(given) }
  const context = { base, ...(more.turn && { turn: more.turn }) }
  try {
    const found = await (isOwn(spec) ? readAgreed(spec, context, read) : read(spec.data, context))
    checkTargets(found, lossOf(spec))
    return limited(found, spec)
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    throw new TrainingError(error.code satisfies TrainingErrorCode, error.message, { cause: error })
  }
}

function nameOf(model: Readonly<Record<string, unknown>>): string {
  return String(model.name ?? Object.keys(model)[0])
}

/** What data are called: their name, their file or folder, their format. */
function titleOf({ kind, name, train, folder }: DataSpec): string {
  // A data set with options is a map of one name.
  const known = typeof name === 'object' && name !== null ? Object.keys(name)[0] : name
  const path = [known, train, folder].find((each) => typeof each === 'string')
  return path === undefined ? kind : basename(path as string)
}
