import { resolve } from 'node:path'
import { startFrom } from './files/model-file.ts'
import { checkedRows, refuseCrashVariance, sharesOf } from './task/checked.ts'
import type { LearningSpec } from './task/learning.ts'
import type { TaskSpec } from './task/task.ts'
import type { RowShape } from './task/update.ts'
import { taskOf } from './tasks.ts'

export interface TaskCheck {
  readonly task: TaskSpec
  readonly learning: LearningSpec
  readonly peers: number
  /** As of `OpenOptions`. */
  readonly holders?: number | undefined
  /** The folder that relative paths of the task stand against; the working folder when left out. */
  readonly base?: string
  /** Of the runs that are to be made. */
  readonly seeds: readonly number[]
  /** Awaited now and then, so that others have a turn, with the seed that is checked; it may throw to end it. */
  readonly turn?: (seed?: number) => Promise<void>
}

/**
 * Whether a task can be learnt with every seed, before any engine is started: that the model fits the data, and that there
 * is a batch for every peer. Gives the rows that its parameters are, if it declares any.
 *
 * @throws TrainingError as opening the task would: `bad-model`, `data-missing`, `bad-data`,
 *   `partition-too-small`
 */
export async function checkTask({
  task,
  learning,
  peers,
  holders,
  base = '',
  seeds,
  turn = async () => {},
}: TaskCheck): Promise<RowShape | undefined> {
  const kind = taskOf(task)
  const outline = await kind.outline(task, { base: resolve(base), turn })
  refuseCrashVariance(kind, outline, learning)
  const tensors = kind.tensors(task, outline)
  if (typeof task.start === 'string') startFrom(resolve(base, task.start), tensors)
  const length = tensors.reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0)
  const rows = checkedRows(kind, kind.rows?.(task, outline), length)
  for (const seed of seeds) {
    await turn(seed)
    sharesOf(kind, outline, { spec: task, peers, holders, seed, least: learning.batchSize })
  }
  return rows
}
