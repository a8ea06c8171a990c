export { Driver, type DriverEvent, type DriverOptions, type Offer, type Storage, type Trainer } from './driver.ts'
export { createKeys, type Identity, identityOfSeed } from './keys.ts'
