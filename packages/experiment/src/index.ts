export type { CellResult } from './cell-result.ts'
export { contractionProtocols, type ProtocolName } from './contraction/protocols.ts'
export { type ContractionOptions, runContraction } from './contraction/run-contraction.ts'
export { contractionJsonSchema, loadContraction } from './contraction/scenario.ts'
export { type ContractionCell, type ContractionSummary, shrinking } from './contraction/verdict.ts'
export { lying } from './lying.ts'
export type { RunPlan } from './plan-estimate.ts'
export { type PlanOptions, planRun } from './plan-run.ts'
export type { Progress } from './progress.ts'
export { type Replay, type ReplayedCell, replayRun } from './replay.ts'
export { manifestOf, summaryOf } from './resume.ts'
export { type CellOptions, runCell } from './run-cell.ts'
export { type RunOptions, type RunResult, runScenario } from './run-scenario.ts'
export { collectSweep, forgetFailed } from './sweep/collect-sweep.ts'
export { doJob } from './sweep/do-job.ts'
export { planSweep } from './sweep/plan-sweep.ts'
export {
  type Demands,
  inRanges,
  type Place,
  recordSubmitted,
  type Submitted,
  submissionName,
  submittedBefore,
  type ToSubmit,
} from './sweep/submission.ts'
export { cancel, planSubmission, submit } from './sweep/submit-sweep.ts'
export { type JobState, type SweepStatus, sweepStatus, toBeDone } from './sweep/sweep-status.ts'
