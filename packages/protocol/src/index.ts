export {
  type AgreementSpec,
  agreementOf,
  agreements,
  endOf,
  fewestUpdates,
  idleSettings,
  timingOf,
} from './agreement/agreements.ts'
export { asynchronous } from './agreement/asynchronous/asynchronous.ts'
export {
  type Candidate,
  Judge,
  type JudgeOptions,
  type JudgeState,
  type Pair,
  type Sample,
  type Verdict,
} from './agreement/asynchronous/judge.ts'
export { type OrderedOptions, ordered } from './agreement/asynchronous/ordered.ts'
export type { Asynchronous, Filters } from './agreement/asynchronous/settings.ts'
export { average } from './agreement/averaging/average.ts'
export { averaging } from './agreement/averaging/averaging.ts'
export { type Contraction, contractionOf } from './agreement/averaging/contraction.ts'
export { type Averaging, type AveragingMethod, type AveragingMode, lastStage } from './agreement/averaging/settings.ts'
export { CommonSubset } from './agreement/exact/common-subset.ts'
export { exact, exactBy } from './agreement/exact/exact.ts'
export { mostChunks } from './agreement/exact/offers.ts'
export { type Archive, Chain } from './chain/chain.ts'
export {
  type Certificate,
  type Checkpoint,
  checkpointToSign,
  decodeCertificate,
  decodeCheckpoint,
  decodeLink,
  encodeCertificate,
  encodeCheckpoint,
  type Link,
  openCertificate,
} from './chain/checkpoint.ts'
export { type Ended, endedBy } from './chain/ended.ts'
export { type Changes, changesAtFirst, Eras, eraDelay, quorumsAfter } from './chain/eras.ts'
export { type Evidence, equivocation, fork, verifyEvidence } from './chain/evidence.ts'
export { Forensics, type Fork } from './chain/forensics.ts'
export { LedgerCheck } from './chain/ledger-check.ts'
export { hearsVouches, quorumsOf, type Standing } from './chain/standing.ts'
export { backTo } from './pauses/back.ts'
export { mayPause, type PauseRecord, recordAtFirst, takenIn } from './pauses/record.ts'
export { inHalves } from './roster/halves.ts'
export type { Position } from './roster/position.ts'
export { mostLiars, mostThatMayLie, mostTolerated, Quorums, Tally } from './roster/quorums.ts'
export type { Agreement, AgreementKind, AgreementRound, Entry, Shell } from './shell/agreement.ts'
export type { AgreementOptions, Kept, Timing } from './shell/agreement-options.ts'
export { type AgreementFault, genesisOptions, type NamedAgreement } from './shell/named.ts'
export { Peer, type PeerOptions } from './shell/peer.ts'
export type { Awaits, Progress } from './shell/progress.ts'
export type {
  Audience,
  AverageBy,
  Counted,
  Event,
  Fault,
  Message,
  Opened,
  Output,
  Participant,
  Result,
  Step,
  Work,
} from './shell/step.ts'
export type { Memory } from './shell/vigil.ts'
export { type Ears, type Twin, twins, wrap } from './shell/wrap.ts'
export { encodeAnswer, encodeAsk } from './words/ask.ts'
export { type Digest, digestBytes, digestOf, digestOfVector, fromHex, sha256, toHex } from './words/digest.ts'
export { openEnvelope, sealEnvelopes } from './words/envelope.ts'
export type { Averaged, Contribution, Member } from './words/member.ts'
export {
  createNetwork,
  type Keys,
  type Limits,
  leastAskBytes,
  limitsOf,
  type Network,
  type TrustTerms,
} from './words/network.ts'
export {
  type Bench,
  encodeModelRound,
  modelBytes,
  modelRoundOf,
  type Order,
  type Ordered,
  type OrderedRound,
  type Ordering,
} from './words/order.ts'
export { isPause, type PausePolicy, type PauseTerms, pauseBytes, pausedDigest, pausePolicies } from './words/pauses.ts'
export { contentOf, mostPhasesAhead, type Statement, slotOf } from './words/statements.ts'
export { announcedOf, fullWeight, memberOf, mostStanding, type Said, saidIn, type Vouch } from './words/vouches.ts'
export type { Claim, Envelope } from './words/words.ts'
