import { type Kind, Registry } from '@hearsay/catalogue'
import { optionSchemas } from '@hearsay/catalogue/schema'
import { z } from 'zod'
import { savedSamples } from './autodiff/saved-samples.ts'
import { external } from './external/external.ts'
import { pictures } from './pictures/pictures.ts'
import { ratings } from './ratings/ratings.ts'
import { type Measure, measureFault } from './task/measure.ts'
import type { Task, TaskSpec } from './task/task.ts'
import { TrainingError } from './task/training-error.ts'

const taskKind: Kind<'task'> = {
  word: 'task',
  nouns: ['task', 'tasks'],
  functions: ['describe', 'source', 'load', 'outline', 'divide', 'tensors', 'initial', 'trainer'],
  beside: ['kind'],
  fault: ({ measures }) => measureFault(measures),
  error: (code, message) => new TrainingError(code, message),
}

/** What a specification without a kind means. */
const usual: Task = pictures

/** Kinds of tasks by name. */
export const tasks = new Registry<Task, 'task'>(taskKind, {
  pictures: usual,
  samples: savedSamples as unknown as Task,
  ratings: ratings as Task,
  external,
})

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
  const schema = z.discriminatedUnion('kind', [first!, ...others]).describe('what is learnt, and who has which data')
  return z.preprocess(withKind, schema) as unknown as z.ZodType<TaskSpec, TaskSpec>
}

/** With the kind that is meant where none is said: that of the task of which a field stands there as a map. */
export function withKind(given: unknown): unknown {
  if (!isMap(given) || given.kind !== undefined || given.module !== undefined) return given
  const meant = [...tasks.values()].find(({ impliedBy }) => impliedBy !== undefined && isMap(given[impliedBy]))
  return meant === undefined ? given : { kind: meant.name, ...given }
}

/**
 * What stands under `task` where it may name a module: with the kind that this brings. Gives a text that says what is wrong.
 *
 * @param brought gives the names of the tasks of a module, which was loaded, by its path as it stands there
 */
export function withModule(
  given: unknown,
  brought: (module: string) => readonly string[],
): string | { readonly task: unknown } {
  if (!isMap(given) || typeof given.module !== 'string') return { task: given }
  const { module, kind, ...others } = given
  const names = brought(module)
  const [only, other] = names
  if (only === undefined) return `${module}: exports no list called tasks: export const tasks = [defineTask({ … })]`
  if (kind === undefined && other !== undefined)
    return `${module}: brings the tasks ${names.join(', ')}: say by kind which is meant`
  if (kind !== undefined && !names.includes(kind as string))
    return `${module}: brings ${names.join(', ')}, and kind is ${String(kind)}: leave kind out, or correct it`
  return { task: { ...others, kind: kind ?? only } }
}

/** What stands for the place of data of which each peer has its own. */
const elsewhere = 'own'

/** What may stand under `task` in a genesis: where each peer has data of its own, their place is not said. */
export function agreedTaskSchema(): z.ZodType<TaskSpec> {
  const placed = (given: unknown) => (isMap(given) && ownsData(given) ? withDataAt(given, elsewhere) : given)
  return z.preprocess(placed, taskSchema())
}

/** What stands under `task` of a peer whose data are at this absolute path. It is not checked yet. */
export function withDataAt(given: TaskSpec, path: string): TaskSpec {
  const task = withKind(given) as TaskSpec
  const { at } = (task.kind === undefined ? usual : tasks.get(task.kind)) ?? {}
  return at?.(task, path) ?? { ...task, data: path }
}

/** Whether each peer of such a task has data of its own. It need not be checked yet. */
export function ownsData({ partition }: TaskSpec): boolean {
  return isMap(partition) && partition.kind === 'own'
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const startSchema = z
  .string()
  .min(1)
  .optional()
  .describe(
    'a file of safetensors that everybody starts from, such as `hearsay export` writes, in place of a model that is drawn',
  )

function schemaOf(task: Task) {
  const kind = z.literal(task.name).describe(task.summary)
  const fields = { ...optionSchemas(task.name, task.options), ...task.fields?.(), start: startSchema }
  return z.strictObject({ kind: task === usual ? kind.optional() : kind, ...fields }).describe(task.summary)
}
