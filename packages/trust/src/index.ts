export type { TrustMethod } from './methods/method.ts'
export { type TrustSpec, trustMethods, trustOf } from './methods.ts'
export { type Comparison, scoresOf, unbounded } from './scores/bradley-terry.ts'
export {
  type Collective,
  type CollectiveOptions,
  collective,
  collectiveOfScores,
  type Judge,
} from './scores/collective.ts'
export { type MehestanOptions, mehestan, type Rater } from './scores/mehestan.ts'
export {
  type Resilience,
  resilientDeviation,
  resilientMean,
  resilientMedian,
  resilientQuantile,
  type Voter,
} from './scores/resilient.ts'
export type { Scaling } from './scores/scaled.ts'
export type { Score, Scores } from './scores/score.ts'
export { qualification, restriction, type Share, separation } from './swiper.ts'
export { sybilVouches } from './sybils.ts'
export { votingRights } from './voting-rights.ts'
export { TrustError, type TrustErrorCode } from './vouches/trust-error.ts'
export { mostPeers, mostVouches, type Vouch, Vouches, type VouchFault, vouchFaults } from './vouches/vouches.ts'
export { greatestWeight, wholeWeights } from './whole-weights.ts'
