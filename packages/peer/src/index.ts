export { Driver, type DriverEvent, type DriverOptions, type Offer } from './driver.ts'
export { createKeys, type Identity, identityOfSeed } from './keys.ts'
export { FileStorage } from './operator/file-storage.ts'
export { digestOfGenesis, type Genesis, genesisSchema, rosterOf } from './operator/genesis.ts'
export {
  checkFree,
  createIdentity,
  type Home,
  readGenesis,
  readHome,
  type Settings,
  writeHome,
} from './operator/home.ts'
export { type Operator, type OperatorOptions, startOperator } from './operator/operator.ts'
export { PeerError, type PeerErrorCode } from './operator/peer-error.ts'
export type { PerformerOptions, Trainer, WorkEvent } from './performer.ts'
export type { Storage } from './storage.ts'
