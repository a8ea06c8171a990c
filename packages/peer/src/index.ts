export { Driver, type DriverEvent, type DriverOptions, type Offer } from './driver.ts'
export { createKeys, type Identity, identityOfSeed } from './keys.ts'
export type { PerformerOptions, Trainer, WorkEvent } from './performer.ts'
export type { Storage } from './storage.ts'
