import { type Kind, Registry } from '@hearsay/catalogue'
import { optionSchemas } from '@hearsay/catalogue/schema'
import { z } from 'zod'
import { pictures } from './pictures/pictures.ts'
import type { Measure } from './task/measure.ts'
import type { Task, TaskSpec } from './task/task.ts'
import { TrainingError } from './task/training-error.ts'

const TASK: Kind<'task'> = {
  word: 'task',
  nouns: ['task', 'tasks'],
  functions: ['describe', 'source', 'load', 'outline', 'divide', 'tensors', 'initial', 'trainer'],
  beside: ['kind'],
  fault: ({ measures }) => faultOf(measures),
  error: (code, message) => new TrainingError(code, message),
}

/** What a specification without a kind means. */
const usual: Task = pictures

/** Kinds of tasks by name. */
export const tasks = new Registry<Task, 'task'>(TASK, { pictures: usual })

/** The kind of a specification that `taskSchema` has passed. */
export function taskOf({ kind }: TaskSpec): Task {
  return kind === undefined ? usual : tasks.find(kind)
}

/** What evaluations of such a task give, in the order of columns. */
export function measuresOf(spec: TaskSpec): readonly Measure[] {
  const task = taskOf(spec)
  return task.measured?.(spec) ?? task.measures
}

/** What a task is judged by first: what one line has room for. */
export function headlineOf(spec: TaskSpec): Measure {
  return measuresOf(spec)[0]!
}

/** What may stand under `task` in a scenario or a genesis, by what is known now. */
export function taskSchema(): z.ZodType<TaskSpec, TaskSpec> {
  const [first, ...others] = [...tasks.values()].map(schemaOf)
  const schema = others.length === 0 ? first! : z.discriminatedUnion('kind', [first!, ...others])
  return schema as unknown as z.ZodType<TaskSpec, TaskSpec>
}

function schemaOf(task: Task) {
  const kind = z.literal(task.name).describe(task.summary)
  const fields = { ...optionSchemas(task.name, task.options), ...task.fields?.() }
  return z.strictObject({ kind: task === usual ? kind.optional() : kind, ...fields }).describe(task.summary)
}

const MEASURE_NAME = /^[a-z][A-Za-z0-9]*$/
/** What is measured of any task, and columns of its rounds: no measure of a task may be called so. */
export const TAKEN_NAMES: readonly string[] = [
  ...['cell', 'label', 'seed', 'round', 'rounds', 'peer', 'peers', 'malicious', 'tolerated', 'excess', 'baseline'],
  ...['disagreement', 'distance', 'liveness', 'ended', 'forked', 'evidence', 'bytes', 'timeMs', 'diverged'],
  ...['bytesSent', 'bytesReceived', 'trainingMs', 'exchangeMs', 'agreementMs', 'aggregationMs'],
]

/** What is wrong with measures of untyped origin, if anything is. */
function faultOf(measures: unknown): string | undefined {
  if (!Array.isArray(measures) || measures.length === 0) return 'it has no measures'
  const wrong = (measures as Measure[]).find(
    ({ name, summary, better, unit, digits }) =>
      !MEASURE_NAME.test(name) ||
      typeof summary !== 'string' ||
      !['higher', 'lower'].includes(better) ||
      typeof unit !== 'string' ||
      !Number.isInteger(digits),
  )
  if (wrong !== undefined)
    return `its measure ${wrong.name} needs a name in letters and digits, summary, better, unit and digits`
  const taken = (measures as Measure[]).find(({ name }) => TAKEN_NAMES.includes(name))
  if (taken !== undefined) return `no measure may be called ${taken.name}: that is measured of any task`
  const names = new Set((measures as Measure[]).map(({ name }) => name))
  return names.size < measures.length ? 'it has two measures of one name' : undefined
}
