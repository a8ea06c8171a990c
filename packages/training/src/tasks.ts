import { z } from 'zod'
import { pictures } from './pictures/pictures.ts'
import type { Measure } from './task/measure.ts'
import type { PoisonSchema, Task, TaskSpec } from './task/task.ts'

/** What a specification without a kind means. */
const usual: Task = pictures
const registered = new Map<string, Task>([usual].map((task) => [task.name, task]))

/** Kinds of tasks, those that ship and those that users registered, by name. */
export const tasks: ReadonlyMap<string, Task> = registered

/** Makes a kind of task known for the life of the process; once more is no matter. Throws Error saying what it lacks. */
export function registerTask(task: Task): void {
  const fault = faultOf(task)
  if (fault !== undefined) throw new Error(`No task: ${fault}.`)
  if ((registered.get(task.name) ?? task) !== task)
    throw new Error(`There is a task "${task.name}" already: give yours another name.`)
  const taken = poisonSchemas().filter((schema) => !task.poisons.includes(schema))
  const twice = task.poisons.find((own) => taken.some((other) => kindOf(other) === kindOf(own)))
  if (twice !== undefined) throw new Error(`There is a poison "${kindOf(twice)}" already: give yours another name.`)
  registered.set(task.name, task)
}

/** The kind of a specification that `taskSchema` has passed. */
export function taskOf({ kind }: TaskSpec): Task {
  const task = kind === undefined ? usual : registered.get(kind)
  if (task === undefined) throw new RangeError(`no kind of task is called ${kind}`)
  return task
}

/** What a task is judged by first: what one line has room for. */
export function headlineOf(spec: TaskSpec): Measure {
  return taskOf(spec).measures[0]!
}

/** What may stand under `task` in a scenario or a genesis, by what is registered now. */
export function taskSchema(): z.ZodType<TaskSpec, TaskSpec> {
  const [first, ...others] = [...registered.values()].map(schemaOf)
  const schema = others.length === 0 ? first! : z.discriminatedUnion('kind', [first!, ...others])
  return schema as unknown as z.ZodType<TaskSpec, TaskSpec>
}

/** Of all kinds, each once. */
export function poisonSchemas(): PoisonSchema[] {
  return [...new Set([...registered.values()].flatMap(({ poisons }) => poisons))]
}

export function kindOf(poison: PoisonSchema): string {
  return poison.shape.kind.value
}

function schemaOf(task: Task) {
  const kind = z.literal(task.name).describe(task.summary)
  return z.strictObject({ kind: task === usual ? kind.optional() : kind, ...task.fields }).describe(task.summary)
}

const named = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const measured = /^[a-z][A-Za-z0-9]*$/
const functions = ['describe', 'source', 'load', 'outline', 'divide', 'tensors', 'initial', 'trainer'] as const

/** What keeps something that an extension brings from being a task. */
function faultOf(task: Task): string | undefined {
  if (typeof task !== 'object' || task === null) return 'it is no object'
  if (typeof task.name !== 'string' || !named.test(task.name))
    return 'its name must be lower-case words joined by hyphens'
  if (typeof task.summary !== 'string' || task.summary === '') return `${task.name} has no summary`
  if (typeof task.fields !== 'object' || task.fields === null || 'kind' in task.fields)
    return `${task.name} has no fields, or one called kind`
  const missing = functions.find((name) => typeof task[name] !== 'function')
  if (missing !== undefined) return `${task.name} has no function ${missing}`
  if (!Array.isArray(task.poisons)) return `${task.name} has no list of poisons`
  if (!Array.isArray(task.measures) || task.measures.length === 0) return `${task.name} has no measures`
  const wrong = task.measures.find(
    ({ name, summary, better, unit, digits }) =>
      !measured.test(name) ||
      typeof summary !== 'string' ||
      !['higher', 'lower'].includes(better) ||
      typeof unit !== 'string' ||
      !Number.isInteger(digits),
  )
  if (wrong !== undefined)
    return `the measure ${wrong.name} of ${task.name} needs a name in letters and digits, summary, better, unit and digits`
  const names = new Set(task.measures.map(({ name }) => name))
  return names.size < task.measures.length ? `${task.name} has two measures of one name` : undefined
}
