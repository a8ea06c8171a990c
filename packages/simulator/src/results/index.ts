export { median, spreadOf, worstIn } from '../scenario/spread.ts'
export { type SeedMeasures, type Summary, type SummaryCell, summarySchema } from '../scenario/summary.ts'
export { createRunFolder, type RunFolder, type RunFolderOptions } from './folder.ts'
export {
  eventFiles,
  JobFolder,
  type JobHead,
  type JobResult,
  type JobsOfRun,
  jobFiles,
  jobName,
  jobPath,
  readJob,
} from './job-folder.ts'
export { CellLedgers, type LedgersOf } from './ledgers.ts'
export type { Manifest, Outcome } from './manifest.ts'
export type { RoundRow } from './rounds.ts'
export { summarise } from './summarise.ts'
export { renderTable, type TableOptions } from './table.ts'
