export type { Agreement, AgreementKind, AgreementRound, Entry, Shell } from './agreement/agreement.ts'
export { type AgreementSpec, agreementOf, agreements, timingOf } from './agreement/agreements.ts'
export { type AverageBy, average } from './agreement/averaging/average.ts'
export { averaging } from './agreement/averaging/averaging.ts'
export { type Contraction, contractionOf } from './agreement/averaging/contraction.ts'
export type { Averaging, AveragingMethod, AveragingMode } from './agreement/averaging/settings.ts'
export { CommonSubset } from './agreement/exact/common-subset.ts'
export { exact } from './agreement/exact/exact.ts'
export { type AgreementFault, genesisOptions, type NamedAgreement } from './agreement/named.ts'
export { encodeAsk } from './ask.ts'
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
} from './chain/checkpoint.ts'
export { type Evidence, equivocation, fork, verifyEvidence } from './chain/evidence.ts'
export { Forensics, type Fork } from './chain/forensics.ts'
export { LedgerCheck } from './chain/ledger-check.ts'
export { type Digest, digestBytes, digestOf, digestOfVector, fromHex, sha256, toHex } from './digest.ts'
export { type Ended, endedBy } from './ended.ts'
export { type Claim, type Envelope, openEnvelope, sealEnvelopes } from './envelope.ts'
export type { Member } from './member.ts'
export { createNetwork, type Keys, type Limits, leastAskBytes, limitsOf, type Network } from './network.ts'
export { Peer } from './peer.ts'
export type { Kept, PeerOptions, Timing } from './peer-options.ts'
export type { Phase, Progress } from './progress.ts'
export { mostLiars, mostTolerated, Quorums, Tally } from './quorums.ts'
export { contentOf, maxPhasesAhead, type Statement, slotOf } from './statements.ts'
export type { Audience, Event, Fault, Message, Opened, Output, Participant, Result, Step, Work } from './step.ts'
export type { Memory } from './vigil.ts'
export { type Ears, type Twin, twins, wrap } from './wrap.ts'
