import { join } from 'node:path'
import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import type { Part, Samples } from '../format/samples.ts'
import type { NamedSet } from './named-set.ts'
import { readRows } from './number-rows.ts'
import { unzip } from './unpack.ts'

const archive = 'UCI HAR Dataset.zip'
const activities = ['walking', 'walking upstairs', 'walking downstairs', 'sitting', 'standing', 'lying']
const people = Array.from({ length: 30 }, (_, index) => String(index + 1))
const parts = ['train', 'test'] as const
const signalNames = ['body_acc', 'body_gyro', 'total_acc'].flatMap((kind) =>
  ['x', 'y', 'z'].map((axis) => `${kind}_${axis}`),
)
const [featureCount, stepCount] = [561, 128]
const mostBytes = 80_000_000

const signalFile = (signal: string, part: string): string => `${part}/Inertial Signals/${signal}_${part}.txt`
const files = parts.flatMap((part) => [
  ...['X', 'y', 'subject'].map((name) => `${part}/${name}_${part}.txt`),
  ...signalNames.map((signal) => signalFile(signal, part)),
])

/** Size and digest as in UCI's own archive of 2012, see aicenter/GenerativeAD.jl and docs/decisions/0041. */
export const har: NamedSet<'har'> = {
  name: 'har',
  summary: '10,299 windows of 2.56 s of a smartphone worn by 30 people, who are its groups; 6 activities',
  options: {
    inputs: {
      kind: 'choice',
      values: ['features', 'series'],
      summary: '561 features of a window, or its 128 steps of 9 sensors',
      default: 'features',
    },
  },
  source:
    'Anguita, Ghio, Oneto, Parra, Reyes-Ortiz: A Public Domain Dataset for Human Activity Recognition Using Smartphones, ESANN (2013), doi:10.24432/C54S4K',
  licence: 'CC BY 4.0 (its README forbids commercial use)',
  mirrors: ['https://archive.ics.uci.edu/ml/machine-learning-databases/00240/'],
  pinned: [
    {
      name: archive,
      sizeBytes: 60_999_314,
      sha256: '2045e435c955214b38145fb5fa00776c72814f01b203fec405152dac7d5bfeb0',
    },
  ],
  prepared: files,
  prepare: (folder) =>
    unzip(folder, {
      archive: archive,
      members: new Map(files.map((name) => [`UCI HAR Dataset/${name}`, name])),
      bytesMost: mostBytes,
    }),
  gives: 'samples',
  read: (folder, { inputs }, context) => readBoth(folder, inputs === 'series' ? series : features, context),
  outline: (folder, { inputs }, context) =>
    readBoth(folder, { ...(inputs === 'series' ? series : features), read: async () => undefined }, context),
}

interface Inputs {
  readonly shape: readonly number[]
  /** Undefined when they are left out. */
  read(folder: string, part: string, context: DataContext): Promise<{ values: Float32Array; count: number } | undefined>
}

const features: Inputs = {
  shape: [featureCount],
  read: (folder, part, context) => readRows(join(folder, `${part}/X_${part}.txt`), featureCount, context),
}

const series: Inputs = {
  shape: [stepCount, signalNames.length],
  async read(folder, part, context) {
    const signals: { values: Float32Array; count: number }[] = []
    for (const signal of signalNames)
      signals.push(await readRows(join(folder, signalFile(signal, part)), stepCount, context))
    const count = Math.min(...signals.map((each) => each.count))
    const values = new Float32Array(count * stepCount * signalNames.length)
    for (const [channel, signal] of signals.entries())
      for (let at = 0; at < count * stepCount; at++) values[at * signalNames.length + channel] = signal.values[at]!
    return { values, count }
  },
}

async function readBoth(folder: string, inputs: Inputs, context: DataContext): Promise<Samples> {
  const [train, test] = [
    await readPart(folder, 'train', inputs, context),
    await readPart(folder, 'test', inputs, context),
  ]
  return { shape: inputs.shape, inputs: [], targets: 'classes', outputs: activities, groups: people, train, test }
}

async function readPart(folder: string, part: string, inputs: Inputs, context: DataContext): Promise<Part> {
  const labels = await readIndices(join(folder, `${part}/y_${part}.txt`), activities.length, context)
  const group = await readIndices(join(folder, `${part}/subject_${part}.txt`), people.length, context)
  const read = await inputs.read(folder, part, context)
  const count = labels.length
  if (group.length !== count || (read !== undefined && read.count !== count))
    throw badData(
      join(folder, part),
      'its files have not as many rows as each other; get it again: hearsay data fetch har',
    )
  return { inputs: read?.values ?? new Float32Array(), targets: { kind: 'classes', labels }, group, count }
}

/** A column of whole numbers from 1 to `most`, as indices. */
async function readIndices(file: string, most: number, context: DataContext): Promise<Int32Array> {
  const { values } = await readRows(file, 1, context)
  return Int32Array.from(values, (value, row) => {
    if (Number.isInteger(value) && value >= 1 && value <= most) return value - 1
    throw badData(`${file}:${row + 1}`, `${value}, where 1 to ${most} is due; get it again: hearsay data fetch har`)
  })
}
