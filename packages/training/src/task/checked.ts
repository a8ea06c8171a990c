/** What a task gives is looked at where it comes in: it may be a user's own. */
import { allFinite } from './finite.ts'
import type { LearningSpec } from './learning.ts'
import type { DivideOptions, NamedTensor, Share, Task, TaskSpec, Trained } from './task.ts'
import { TrainingError } from './training-error.ts'
import { faultOfRows, isSparse, numbersOf, type RowShape, sparseOf, type Update } from './update.ts'

/**
 * Of the peers the first `holders` divide the data, all of them unless given, and each of the rest has what one of these has, in turn.
 * Throws TrainingError `partition-too-small` when a peer has less than one batch, `bad-task` when one has no share.
 */
export function sharesOf(
  task: Task,
  outline: unknown,
  { holders, ...options }: DivideOptions<TaskSpec> & { readonly holders?: number | undefined },
): Share[] {
  const { peers } = options
  const dividing = holders ?? peers
  const own = task.divide(outline, { ...options, peers: dividing })
  if (own.length !== dividing)
    throw new TrainingError('bad-task', `task ${task.name}: ${own.length} shares for ${dividing} peers`)
  const shares = Array.from({ length: peers }, (_, peer) => own[peer % dividing]!)
  const least = Math.min(...shares.map(({ length }) => length))
  if (least >= options.least) return shares
  const problem = `task ${task.name}: a peer has ${least} samples, less than one batch of ${options.least}`
  throw new TrainingError('partition-too-small', `${problem}; take more data or fewer peers, or lower batchSize`)
}

/** Throws TrainingError `bad-task` where failing neurons are to be learnt with, and the task would learn as if nobody had said so. */
export function refuseCrashVariance(task: Task, outline: unknown, { crashVariance }: LearningSpec): void {
  if (crashVariance === undefined || task.crashVariance?.(outline)) return
  throw new TrainingError(
    'bad-task',
    `learning.crashVariance: task ${task.name} does not learn with it, as of its model no neurons are known; leave it out, or take a model that is a list of layers`,
  )
}

/** The first model. Throws TrainingError `bad-model` unless it is finite, and the tensors are all of it, in order. */
export function checkedModel(task: Task, tensors: readonly NamedTensor[], initial: Float32Array): Float32Array {
  const wrong = (what: string): never => {
    throw new TrainingError('bad-model', `task ${task.name}: ${what}`)
  }
  let length = 0
  for (const { name, shape, offset } of tensors) {
    if (offset !== length) wrong(`the tensor ${name} begins at ${offset}, the one before it ends at ${length}`)
    length += shape.reduce((size, side) => size * side, 1)
  }
  if (new Set(tensors.map(({ name }) => name)).size < tensors.length) wrong('two tensors have one name')
  if (!(initial instanceof Float32Array) || initial.length !== length || length === 0)
    wrong(`its tensors have ${length} numbers, its first model ${initial?.length}`)
  if (!initial.every(Number.isFinite)) wrong('its first model is not finite')
  return initial
}

/** The rows of a model of so many numbers, if its task declares any. Throws TrainingError `bad-model` when they do not fit. */
export function checkedRows(task: Task, declared: { readonly width: number } | undefined, length: number) {
  if (declared === undefined) return undefined
  const { width } = declared
  if (Number.isInteger(width) && width >= 1 && length % width === 0) return { count: length / width, width }
  throw new TrainingError('bad-model', `task ${task.name}: ${length} parameters are no rows of ${width}`)
}

/**
 * An update that is not finite is none. With `rows` it comes to those that it speaks about, which of a vector are those that
 * are not zero. Throws TrainingError `training-failed` unless there is one, of this length or of these rows.
 */
export function finiteUpdate(task: Task, trained: Trained<Update>, length: number, rows?: RowShape): Trained<Update> {
  const { update, loss, diverged, workMs } = trained
  const told = workMs === undefined ? {} : { workMs }
  const wrong = (what: string): never => {
    throw new TrainingError('training-failed', `task ${task.name}: its update ${what}`)
  }
  const whole = update instanceof Float32Array
  if (whole ? update.length !== length : rows === undefined) wrong(`is no vector of ${length} numbers`)
  if (!whole) {
    const fault = faultOfRows(update, rows!)
    if (fault !== undefined) wrong(`of rows is wrong: ${fault}`)
  }
  const finite = allFinite(numbersOf(update))
  const made = finite ? update : new Float32Array(length)
  const spoken = rows === undefined || isSparse(made) ? made : sparseOf(made, rows)
  return { update: spoken, loss, diverged: diverged || !finite, ...told }
}
