import { type Dataset, loadDataset } from './dataset.ts'
import { digitLabels, digitsFormat } from './digits.ts'
import { planModel } from './model.ts'
import { partition } from './partition.ts'
import type { LearningSpec, TaskSpec } from './schema.ts'
import { checkShapes } from './trainer.ts'

export interface TaskCheck {
  readonly task: TaskSpec
  readonly learning: LearningSpec
  readonly peers: number
  /** Of the runs that are to be made. */
  readonly seeds: readonly number[]
  /** Awaited now and then, so that others have a turn, with the seed that is checked; it may throw to end it. */
  readonly turn?: (seed?: number) => Promise<void>
}

/**
 * Whether a task can be learnt with every seed, before any engine is started: that the model fits the data, and that there
 * is a batch for every peer.
 *
 * @throws TrainingError as opening the task would: `ERR_MODEL_INVALID`, `ERR_DATA_MISSING`, `ERR_DATA_INVALID`,
 *   `ERR_PARTITION_TOO_SMALL`
 */
export async function checkTask({ task, learning, peers, seeds, turn = async () => {} }: TaskCheck): Promise<void> {
  const plans = planModel(task.model)
  const { labels, ...format } = await labelledOf(task, turn)
  checkShapes(plans, format)
  for (const seed of seeds) {
    await turn(seed)
    partition(labels, peers, task.partition, seed, learning.batchSize)
  }
}

/** The labels of a task's training samples, without its pictures where these would have to be drawn. */
async function labelledOf(
  task: TaskSpec,
  turn: () => Promise<void>,
): Promise<Pick<Dataset, 'shape' | 'classes'> & { labels: Uint8Array }> {
  if (task.dataset === 'digits') return { ...digitsFormat, labels: await digitLabels('train', task.trainSamples, turn) }
  const { shape, classes, train } = await loadDataset(task)
  return { shape, classes, labels: train.labels }
}
