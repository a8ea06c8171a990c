import { duplicatesOf } from './check/duplicates.ts'
import {
  type GroupsReport,
  groupsOf,
  type InputsReport,
  inputsOf,
  type OutputReport,
  outputsOf,
} from './check/summaries.ts'
import { DataError } from './format/data-error.ts'
import type { DataContext, DataSpec, Teller } from './format/format.ts'
import type { Ratings } from './format/ratings.ts'
import type { Samples } from './format/samples.ts'
import { formats } from './formats.ts'

/** What was understood of data, and what is wrong with them. */
export interface Report {
  readonly kind: string
  /** Without samples when nothing could be read. */
  readonly samples?: SamplesReport
  readonly ratings?: RatingsReport
  /** As it may be, and worth knowing. */
  readonly notes: readonly string[]
  /** The first of them, each with its place and remedy. */
  readonly faults: readonly string[]
  readonly faultCount: number
  /** What the specification would have to say so that files of other peers are understood in the same way. */
  readonly agreed: Readonly<Record<string, unknown>>
}

export interface SamplesReport {
  readonly train: number
  readonly test: number
  readonly shape: readonly number[]
  readonly inputs: InputsReport
  readonly targets: Samples['targets']
  readonly outputs: readonly OutputReport[]
  readonly groups?: GroupsReport
}

export interface RatingsReport {
  readonly train: number
  readonly test: number
  readonly users: number
  readonly items: number
  readonly least: number
  readonly greatest: number
}

const faultsShown = 100

/** Reads all of it and says what there is to say. Throws nothing but what ends it from outside. */
export async function checkData(spec: DataSpec, context: Omit<DataContext, 'teller'>): Promise<Report> {
  const faults: string[] = []
  let faultCount = 0
  const notes: string[] = []
  const teller: Teller = {
    fault: ({ message }) => {
      faultCount++
      if (faults.length < faultsShown) faults.push(message)
    },
    note: (text) => void notes.push(text),
  }
  const told = (agreed = {}) => ({ kind: spec.kind, notes, faults, faultCount, agreed })
  try {
    const format = formats.find(spec.kind)
    const found = await format.read(spec, { ...context, teller })
    if (format.gives(spec) === 'ratings') return { ...told(), ratings: ofRatings(found as Ratings) }
    const samples = found as Samples
    notes.push(...notesOf(samples))
    return { ...told(samples.agreed), samples: ofSamples(samples) }
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    teller.fault(error)
    return told()
  }
}

function ofSamples(samples: Samples): SamplesReport {
  const { train, test, shape, targets, groups } = samples
  return {
    train: train.count,
    test: test.count,
    shape,
    inputs: inputsOf(samples),
    targets,
    outputs: outputsOf(samples),
    ...(groups.length === 0 ? {} : { groups: groupsOf(samples) }),
  }
}

function notesOf(samples: Samples): string[] {
  const { train, test, targets, outputs } = samples
  const notes: string[] = []
  if (targets === 'classes')
    for (const { name, train: inTrain, test: inTest } of outputsOf(samples)) {
      if (inTest === 0) notes.push(`class "${name}": no test row has it, so that nothing tells how well it is learnt`)
      if (inTrain === 0) notes.push(`class "${name}": no training row has it, so that it is never learnt`)
    }
  const { within, across } = duplicatesOf(samples)
  if (within > 0) notes.push(`${within} of ${train.count} training rows are the same as one before`)
  if (across > 0) notes.push(`${across} of ${test.count} test rows are training rows too, so that tests flatter`)
  const { constant } = inputsOf(samples)
  if (constant.length > 0) {
    const called = constant.slice(0, 10).map((index) => samples.inputs[index] ?? String(index))
    const more = constant.length > called.length ? ', …' : ''
    notes.push(`${constant.length} inputs are the same in all training rows: ${called.join(', ')}${more}`)
  }
  if (outputs.length > 1 && targets === 'flags' && outputsOf(samples).some((output) => output.train === 0))
    notes.push('a flag is 0 in all training rows')
  return notes
}

function ofRatings({ users, items, train, test }: Ratings): RatingsReport {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (const { rating } of [train, test])
    for (const value of rating) {
      least = Math.min(least, value)
      greatest = Math.max(greatest, value)
    }
  return {
    train: train.rating.length,
    test: test.rating.length,
    users: users.length,
    items: items.length,
    least,
    greatest,
  }
}
