/** What a scenario or a genesis may say of training, without what trains. */

export type { Loss, TargetKind } from './losses/loss.ts'
export type { DataSource } from './pictures/datasets/dataset.ts'
export type { Model } from './pictures/models/model.ts'
export type { PicturesPoison } from './pictures/poisons/poison.ts'
export { isPoisonOf, poisons } from './pictures/poisons.ts'
export type { PicturesSpec } from './pictures/schema.ts'
export type { RatingsPoison } from './ratings/poisons/poison.ts'
export { registries } from './registries.ts'
export { idleMomentum, type LearningInput, type LearningSpec, learningSchema } from './task/learning.ts'
export { type Evaluation, type Measure, takenNames, tellMeasure, worstOf, worstValue } from './task/measure.ts'
export type { Partition } from './task/partitions/partition.ts'
export type { SamplesPoison } from './task/samples-poison.ts'
export type { ForUser, Items, Poison, PoisonSpec, Task, TaskSpec } from './task/task.ts'
export {
  agreedTaskSchema,
  headlineOf,
  measuresOf,
  ownsData,
  taskOf,
  taskSchema,
  tasks,
  withDataAt,
  withKind,
  withModule,
} from './tasks.ts'
