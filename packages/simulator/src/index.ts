export type { Progress } from './progress.ts'
export { renderTable, type Summary } from './results/index.ts'
export { type RunOptions, type RunResult, runScenario } from './run-scenario.ts'
export { loadScenario, ScenarioError, scenarioJsonSchema } from './scenario/index.ts'
