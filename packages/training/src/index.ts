export { checkTask, type TaskCheck } from './check-task.ts'
export { type ContractCheck, type ContractOptions, checkContract } from './contract.ts'
export { type EngineName, engineNames } from './engines/engine.ts'
export { type Holdings, holdingsOf } from './holdings.ts'
export { losses } from './losses/losses.ts'
export { hitRate } from './measures/hit-rate.ts'
export { judge, ofTwoClasses, outputMeasures } from './measures/judge.ts'
export { ndcg } from './measures/ndcg.ts'
export type { OutputMeasure } from './measures/output-measure.ts'
export type { Ranking, RankingMeasure } from './measures/ranking.ts'
export {
  type OpenOptions,
  type RecalledModel,
  startTrainingPool,
  type TrainingEngine,
  type TrainingPool,
  type TrainingTask,
} from './pool.ts'
export { type SteadyTraining, type SteadyTrainingOptions, startSteadyTraining } from './steady-training.ts'
export { TrainingError, type TrainingErrorCode } from './task/training-error.ts'
