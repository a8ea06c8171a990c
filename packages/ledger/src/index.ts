export { encodeEvidenceFile, evidenceFileName, readEvidenceFile } from './evidence-file.ts'
export {
  appendWhole,
  endsInZeros,
  frame,
  framesIn,
  framesOf,
  makeFolder,
  placeFile,
  readAll,
  replaceFile,
  syncFolder,
  writeAll,
} from './files.ts'
export { findLedgers, type LedgerPlace, networkOf, placeNames } from './find-ledgers.ts'
export {
  agreementOptions,
  charterOf,
  digestsOfFields,
  extensionsSchema,
  foundedCharterOf,
  type Genesis,
  type GenesisExtension,
  type GenesisInput,
  genesisSchema,
  type LearningSchemas,
  rosterOf,
  ruleOf,
  sortedTrust,
  warningsOf,
} from './genesis.ts'
export { chunksOf } from './genesis-exchange.ts'
export { investigate, type Verdict } from './investigate.ts'
export { type CountedRound, lastRounds } from './last-rounds.ts'
export { PeerError, type PeerErrorCode, storageFailed } from './peer-error.ts'
export { trustTermsOf, type WrittenTrust } from './trust-terms.ts'
export { type EvidenceReport, type LedgerReport, verifyEvidenceFile, verifyLedger } from './verify-ledger.ts'
