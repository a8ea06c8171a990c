export { checkTask, type TaskCheck } from './check-task.ts'
export type { EngineName } from './engine.ts'
export { type FetchOptions, type FetchProgress, fetchDataset } from './fetch-dataset.ts'
export { initialModel, parameterCount } from './model.ts'
export {
  type OpenOptions,
  startTrainingPool,
  type TrainingEngine,
  type TrainingPool,
  type TrainingTask,
} from './pool.ts'
export {
  type BackdoorInput,
  type LayerSpec,
  type LearningInput,
  type LearningSpec,
  layerSchema,
  learningSchema,
  type ModelName,
  type ModelSpec,
  modelNames,
  modelSchema,
  type PartitionSpec,
  type PoisonInput,
  type PoisonSpec,
  partitionSchema,
  poisonSchema,
  type ScheduleSpec,
  scheduleSchema,
  type TaskInput,
  type TaskSpec,
  taskSchema,
} from './schema.ts'
export { type SteadyTraining, type SteadyTrainingOptions, startSteadyTraining } from './steady-training.ts'
export { TrainingError, type TrainingErrorCode } from './training-error.ts'
