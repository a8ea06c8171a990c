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
  /** Told of each seed before it is checked: whoever waits may have a turn, or throw to end it. */
  readonly onSeed?: (seed: number) => Promise<void>
}

/**
 * Whether a task can be learnt with every seed, before any engine is started: that the model fits the data, and that there
 * is a batch for every peer.
 *
 * @throws TrainingError as opening the task would: `ERR_MODEL_INVALID`, `ERR_DATA_MISSING`, `ERR_DATA_INVALID`,
 *   `ERR_PARTITION_TOO_SMALL`
 */
export async function checkTask({ task, learning, peers, seeds, onSeed }: TaskCheck): Promise<void> {
  const plans = planModel(task.model)
  const { labels, ...format } = await labelledOf(task)
  checkShapes(plans, format)
  for (const seed of seeds) {
    await onSeed?.(seed)
    partition(labels, peers, task.partition, seed, learning.batchSize)
  }
}

/** The labels of a task's training samples, without its pictures where these would have to be drawn. */
async function labelledOf(task: TaskSpec): Promise<Pick<Dataset, 'shape' | 'classes'> & { labels: Uint8Array }> {
  if (task.dataset === 'digits') return { ...digitsFormat, labels: digitLabels('train', task.trainSamples) }
  const { shape, classes, train } = await loadDataset(task)
  return { shape, classes, labels: train.labels }
}
