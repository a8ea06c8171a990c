/** What a task is made of: the port, and what its kinds have in common. */
export { descend, type GradientOf, sampleOrder } from './descent.ts'
export { type LearningSpec, rateAt } from './learning.ts'
export type { Evaluation, Measure } from './measure.ts'
export { normal, stream } from './random.ts'
export type {
  DivideOptions,
  ForUser,
  Items,
  LoadContext,
  NamedTensor,
  OutlineContext,
  PoisonSpec,
  Share,
  Task,
  TaskSpec,
  Trained,
  Trainer,
  TrainerOptions,
} from './task.ts'
export { TrainingError, type TrainingErrorCode } from './training-error.ts'
export type { SparseUpdate, Update } from './update.ts'
