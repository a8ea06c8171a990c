/** What failures of a network's neurons and synapses do, at worst and on average. */
export { type ActivationName, activations } from './activations.ts'
export {
  type Bound,
  type BoundName,
  boundNames,
  boundOf,
  type FaultName,
  faultNames,
  faultsOf,
  sizesOf,
} from './bounds.ts'
export { type Copies, copiesFor, halfErrs } from './copies.ts'
export { drawnMoments, gradientMoments, type Moments, removalMoments } from './crash-moments.ts'
export { denseNetworkOf } from './dense-network.ts'
export { synapseBound } from './error-bound.ts'
export { type DenseLayer, type DenseNetwork, type Failures, gradientOf, runAfter, runNetwork } from './network.ts'
export { safeShare } from './safe-share.ts'
export { type Tolerance, toleranceOf, weakestOf } from './tolerated.ts'
