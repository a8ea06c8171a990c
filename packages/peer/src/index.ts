export { Allowance, answersToOne, chargeOfAsk } from './allowance.ts'
export { Driver, type DriverEvent, type DriverOptions, type Offer } from './driver.ts'
export { type Ask, announcedSources, chunkBytes, Search, signersInTurn } from './fetching/search.ts'
export { Speeds } from './fetching/speeds.ts'
export { createKeys, type Identity, identityOfSeed } from './keys.ts'
export { encodeEvidenceFile, evidenceFileName } from './ledger/evidence-file.ts'
export { findLedgers, type LedgerPlace, placeNames } from './ledger/find-ledgers.ts'
export { investigate, type Verdict } from './ledger/investigate.ts'
export { type EvidenceReport, type LedgerReport, verifyEvidenceFile, verifyLedger } from './ledger/verify-ledger.ts'
export { mostPeers, tooManyPeers } from './most-peers.ts'
export { maxEnvelopeBytes, meshDegree } from './network/index.ts'
export { nextModel } from './next-model.ts'
export { FileStorage } from './operator/file-storage.ts'
export { appendWhole, frame } from './operator/files.ts'
export { canonical, digestOfGenesis, type Genesis, genesisSchema, rosterOf, warningsOf } from './operator/genesis.ts'
export {
  checkFree,
  createIdentity,
  type Home,
  readGenesis,
  readHome,
  type Settings,
  unwriteHome,
  writeHome,
} from './operator/home.ts'
export { mostOpenFiles, tooFewOpenFiles } from './operator/open-files.ts'
export { type Operator, type OperatorEvent, type OperatorOptions, startOperator } from './operator/operator.ts'
export { PeerError, type PeerErrorCode } from './operator/peer-error.ts'
export type { PerformerOptions, Trainer, WorkEvent } from './performer.ts'
export { leastStepMs } from './step-time.ts'
export type { Storage } from './storage.ts'
