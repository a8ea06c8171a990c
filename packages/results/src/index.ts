export { type Citation, citationOf } from './citation.ts'
export { finishedRun } from './finished-run.ts'
export { createRunFolder, type Finishing, nameOfRun, planRunFolder, type RunFolder, reopenRunFolder } from './folder.ts'
export { type HeatMapTable, heatMapOf } from './heat-map.ts'
export {
  eventFiles,
  forgetJob,
  JobFolder,
  type JobResult,
  type JobRound,
  type JobsOfRun,
  type JobUnderWay,
  jobFiles,
  jobName,
  jobPath,
  jobsUnderWay,
  modelPath,
  readJob,
  removeJobs,
  tookMs,
} from './job-folder.ts'
export { pointLatest } from './latest.ts'
export { CellLedgers, type LedgersOf } from './ledgers.ts'
export type { LoggedRun, RunLog } from './logged-run.ts'
export { mlflow } from './logs/mlflow.ts'
export { tensorboard } from './logs/tensorboard.ts'
export { trackio } from './logs/trackio.ts'
export { describeRun, type Manifest, type Outcome } from './manifest.ts'
export { renderMatrices } from './matrix.ts'
export { renderPrice } from './price.ts'
export { renderPublished } from './published-table.ts'
export type { RoundRow } from './rounds.ts'
export { RunError } from './run-error.ts'
export { summarise } from './summarise.ts'
export { renderTable } from './table.ts'
export { toJson, writeWhole, writing } from './write-whole.ts'
