export { Allowance, answersToOne, chargeOfAsk } from './allowance.ts'
export { canonical } from './canonical.ts'
export { Charter, checkedRule, type Era } from './charter.ts'
export { composePeer, type PeerParts } from './compose.ts'
export { Driver, type DriverEvent, type DriverOptions } from './driver.ts'
export type { OperatorEvent } from './events/attention.ts'
export { type Names, tellEvent } from './events/tell.ts'
export {
  type EventKind,
  type EventOf,
  eventsJsonSchema,
  eventsVersion,
  type Line,
  lineSchema,
  type PeerEvent,
  type PeerName,
} from './events/vocabulary.ts'
export { type Ask, chunkBytes, Search } from './fetching/search.ts'
export { Speeds } from './fetching/speeds.ts'
export { encodeEvidenceFile, evidenceFileName } from './ledger/evidence-file.ts'
export { appendWhole, frame } from './ledger/files.ts'
export { findLedgers, type LedgerPlace, placeNames } from './ledger/find-ledgers.ts'
export { digestOfGenesis, type Genesis, genesisSchema, rosterOf, warningsOf } from './ledger/genesis.ts'
export { investigate, type Verdict } from './ledger/investigate.ts'
export { PeerError, type PeerErrorCode } from './ledger/peer-error.ts'
export { type EvidenceReport, type LedgerReport, verifyEvidenceFile, verifyLedger } from './ledger/verify-ledger.ts'
export { type Libp2pCarrier, machineClock } from './libp2p-carrier.ts'
export { createLibp2pPeer, type Libp2pPeer, type Libp2pPeerOptions } from './libp2p-peer.ts'
export { meshDegree } from './mesh.ts'
export { maxEnvelopeBytes, mostPeers, tooManyPeers } from './most-peers.ts'
export { createKeys, type Identity, identityOfSeed } from './network/keys.ts'
export { nextModel } from './next-model.ts'
export { FileStorage } from './operator/file-storage.ts'
export {
  checkFree,
  createIdentity,
  type Home,
  placeIn,
  readGenesis,
  readHome,
  type Settings,
  unwriteHome,
  writeHome,
} from './operator/home.ts'
export { mostOpenFiles, tooFewOpenFiles } from './operator/open-files.ts'
export { type Operator, type OperatorOptions, startOperator } from './operator/operator.ts'
export { addTo, bytesOf } from './own-vectors.ts'
export type { WorkEvent } from './performer.ts'
export {
  type Carrier,
  type Clock,
  keyOf,
  type Listener,
  type Payloads,
  type Pull,
  promised,
  type Room,
  type Store,
  type Trainer,
  type Training,
  type Vector,
  type Vectors,
} from './ports.ts'
export { leastStepMs } from './step-time.ts'
export { giveTurn, untilAborted } from './until-aborted.ts'
