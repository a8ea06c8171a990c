export { Allowance, answersToOne, chargeOfAsk, uselessFromOne } from './allowance.ts'
export { type BenchParts, benchOf } from './bench.ts'
export { bytesOf } from './bytes.ts'
export { canonical } from './canonical.ts'
export {
  Charter,
  checkedRule,
  checkRuleOfTrust,
  type Era,
  FoundedCharter,
  faultOfRowUpdates,
  type Terms,
} from './charter.ts'
export { composePeer, type PeerParts } from './compose.ts'
export { averagedOf, distanceBetween, moved } from './distances.ts'
export { Driver, type DriverEvent, type DriverOptions } from './driver.ts'
export type { AttentionEvent, OperatorEvent, Trouble, Waiting } from './events/attention.ts'
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
export { Arrivals, type LossyExchange } from './exchange/arrivals.ts'
export {
  chunkedHeadBytes,
  decodeChunkedHead,
  faultOfChunks,
  listBytes,
  lostAtOnce,
  mostInChunk,
} from './exchange/chunked-payload.ts'
export { ChunkedVectors } from './exchange/chunked-vectors.ts'
export { type Ask, chunkBytes, Search } from './fetching/search.ts'
export { Speeds } from './fetching/speeds.ts'
export { fewCopies, meshDegree } from './mesh.ts'
export { mostEnvelopeBytes, mostPeers, tooManyPeers } from './most-peers.ts'
export {
  goesOn,
  nextModel,
  nextModelOfHoles,
  nextModelOfRows,
  noRows,
  scaleBy,
  scaledArrived,
  scaledRows,
  withstanding,
} from './next-model.ts'
export { addTo, OwnVectors } from './own-vectors.ts'
export type { WorkEvent } from './performer-options.ts'
export {
  type Carrier,
  type Clock,
  executedOf,
  keyOf,
  type Listener,
  notFinite,
  type Part,
  type Pausing,
  type Payloads,
  type Pull,
  promised,
  type Receiving,
  type Room,
  type Store,
  type Trainer,
  type Training,
  type Vector,
  type Vectors,
  type Wanted,
  type WorkOf,
} from './ports.ts'
export { decodeBody, decodeHead, encodeSparse, headBytes, heldRows, mostBytesOf } from './sparse/payload.ts'
export { SparseVectors } from './sparse/sparse-vectors.ts'
export { leastStepMs } from './step-time.ts'
export { giveTurn, untilAborted } from './until-aborted.ts'
export { modelsKept } from './update-store.ts'
export { MomentumInMemory, type MomentumMemory, momentaKept, newestBefore, withMomentum } from './worker-momentum.ts'
