export {
  describeBehaviour,
  holdersOf,
  type LyingGroup,
  liarShare,
  lyingGroups,
  maliciousCount,
  maliciousPeers,
  poisonOf,
} from './adversaries.ts'
export { type AggregationSpec, ruleOf } from './aggregation.ts'
export { agreementSchema, checkAgreement, describeAgreement, endOfRounds } from './agreement.ts'
export type { Cell } from './cells.ts'
export type { LossSpec } from './exchange.ts'
export { type Expectation, judge, narrowest, type Verdict } from './expectations.ts'
export { type Extension, filesOf, loadExtension, type OwnFile, placeIn } from './extensions.ts'
export { findingsOf } from './issues.ts'
export { type JsonSchema, parametersJsonSchema, scenarioJsonSchema } from './json-schema.ts'
export { textSchema } from './line.ts'
export { type LoadedScenario, loadScenario } from './load.ts'
export { locator } from './locate.ts'
export { isHarm, isOfRounds, isShare, measuredAt, measureOf, measurePaths } from './measure-paths.ts'
export type { Partition } from './network.ts'
export { cellsOf, isAgainstRounds, isHeatMap, isOfParameter, lineOf, placeOf, placeOnLine } from './panels.ts'
export { getPath, parsePath } from './parameter-path.ts'
export { partitionGroups, partitionsOf, reachOf } from './partition.ts'
export { faultOfConditions, pausesOf } from './pauses.ts'
export { compared, type Published } from './published.ts'
export { allRegistries } from './registries.ts'
export { type Problem, ScenarioError } from './scenario-error.ts'
export { type HeatMap, type LinesPlot, nameSchema, type Parameters } from './schema.ts'
export { parseSource } from './source.ts'
export { median, spreadOf, worstIn } from './spread.ts'
export { type SeedMeasures, type Spread, type Summary, type SummaryCell, summarySchema } from './summary.ts'
export { describeValue } from './sweep.ts'
export type { Topology } from './topologies/topology.ts'
export { connections } from './topology.ts'
export { methodOf } from './trust.ts'
export type { Crash, VirtualSpec } from './virtual.ts'
export { standingAtFirst, wishesOf } from './vouching.ts'
export { warningsOf } from './warnings.ts'
