/** What failures of a network's neurons and synapses do, at worst and on average. */
export {
  type Bound,
  type BoundName,
  boundNames,
  boundOf,
  type FaultName,
  faultsOf,
  maxWeightOf,
  synapseBoundOf,
  synapseFaultsOf,
} from './bounds.ts'
export { calibrated } from './calibrate.ts'
export { type Consequences, consequencesOf, precisionOf } from './consequences.ts'
export { type Copies, copiesFor } from './copies.ts'
export { drawnMoments, gradientMoments, type Moments, removalMoments } from './crash-moments.ts'
export { countsOf, type Injected, type Injection, inject } from './inject.ts'
export {
  gradientOf,
  type Layer,
  layersWithNeurons,
  layersWithSynapses,
  type Network,
  neuronsOf,
  runAfter,
  runNetwork,
} from './network.ts'
export { networkOf } from './network-of.ts'
export { safeShare } from './safe-share.ts'
export { type Tolerance, toleranceOf, weakestOf } from './tolerated.ts'
export { topOf } from './top.ts'
