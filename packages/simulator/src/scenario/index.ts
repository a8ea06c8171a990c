export {
  type AdversaryGroup,
  type LyingGroup,
  lyingGroups,
  maliciousCount,
  maliciousPeers,
  poisonOf,
} from './adversaries.ts'
export type { AggregationSpec } from './aggregation.ts'
export { endOfRounds } from './agreement.ts'
export type { Cell } from './cells.ts'
export { type Expectation, judge, type Narrowest, narrowest, type Verdict } from './expectations.ts'
export { type Extension, loadExtension, placeIn } from './extensions.ts'
export { scenarioJsonSchema } from './json-schema.ts'
export { type LoadedScenario, type LoadOptions, loadScenario } from './load.ts'
export type { Partition } from './network.ts'
export { partitionGroups, partitionsOf, reachOf } from './partition.ts'
export { REGISTRIES } from './registries.ts'
export { type Problem, ScenarioError } from './scenario-error.ts'
export type { HeatMap, Panel, Parameters } from './schema.ts'
export type { Topology } from './topologies/topology.ts'
export { type Connection, connections } from './topology.ts'
export type { Crash, VirtualSpec } from './virtual.ts'
