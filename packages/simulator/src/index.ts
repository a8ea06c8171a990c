export type { CellResult } from './cell-result.ts'
export {
  asksAboutContraction,
  type ContractionCell,
  type ContractionOptions,
  type ContractionSummary,
  contractionJsonSchema,
  contractionProtocols,
  loadContraction,
  runContraction,
  shrinking,
} from './contraction/index.ts'
export type { Progress } from './progress.ts'
export { type Replay, type ReplayedCell, replayRun } from './replay.ts'
export { eventFiles, renderTable, type Summary, worstIn } from './results/index.ts'
export { RunError } from './results/run-error.ts'
export { type CellOptions, runCell } from './run-cell.ts'
export { type RunOptions, type RunResult, runScenario } from './run-scenario.ts'
export {
  type LoadedScenario,
  loadExtension,
  loadScenario,
  REGISTRIES,
  ScenarioError,
  scenarioJsonSchema,
  type Topology,
} from './scenario/index.ts'
