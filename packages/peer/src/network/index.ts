export { dialFailure } from './dial-failure.ts'
export { type Hello, type Introduction, strangeness, wireVersion } from './hello.ts'
export { createNetworkHost } from './host.ts'
export { isPeerId, keyOfSeed, peerIdOfPublicKey, peerIdOfSeed, publicKeyOfPeerId, unusableId } from './identity.ts'
export { memoryTransport } from './memory-transport.ts'
export { NetworkError, type NetworkErrorCode } from './network-error.ts'
export { protocolNames } from './node.ts'
export {
  type DiscoveryOptions,
  defaultTiming,
  type FetchOptions,
  type NetworkEvent,
  type NetworkHandlers,
  type NetworkHost,
  type NetworkLimits,
  type NetworkOptions,
  type NetworkStats,
  type NetworkTiming,
  type Verdict,
} from './options.ts'
