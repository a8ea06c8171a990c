import { type GossipSubComponents, gossipsub } from '@chainsafe/libp2p-gossipsub'
import { type Identify, identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2p } from 'libp2p'
import { debugLogger } from './debug-logger.ts'
import { type Doorkeeper, guarded, upgradeTimeoutMs } from './doorkeeper.ts'
import { type Gate, mostConnectionsPerPeer } from './gate.ts'
import { type GossipInside, gossipOptions } from './gossip.ts'
import { keyOfSeed } from './identity.ts'
import { memoryTransport } from './memory-transport.ts'
import { type NetworkOptions, type NetworkTiming, weightsOf } from './options.ts'
import { quietLogger } from './quiet-logger.ts'

export type Node = Libp2p<{ identify: Identify; pubsub: GossipInside }>

/** The names under which one network's peers talk; the genesis digest in them keeps networks apart. */
export function protocolNames(network: string) {
  const name = (what: string): string => `/hearsay/${network}/${what}/1`
  return {
    topic: name('envelopes'),
    direct: name('direct'),
    ask: name('ask'),
    payload: name('payload'),
    chunk: name('chunk'),
    addresses: name('addresses'),
  }
}

const mostStreamWindowBytes = 1024 * 1024
const negotiationTimeoutMs = 3000
/** Libp2p as one network's peers set it up; it listens from its `start` on. */
export async function createNode(
  options: NetworkOptions,
  timing: NetworkTiming,
  { gate, doorkeeper }: { gate: Gate; doorkeeper: Doorkeeper },
): Promise<Node> {
  const { transport } = options
  const memory = transport.kind === 'memory'
  const peers = Math.max(8, options.roster.length)
  const privateKey = await keyOfSeed(options.privateKey)
  const listen = memory ? [`/memory/${transport.address ?? privateKey.publicKey.toString()}`] : [...transport.listen]
  const gossip = gossipsub(
    gossipOptions(protocolNames(options.network).topic, timing, {
      weights: weightsOf(options),
      degree: options.gossip?.degree,
    }),
  )
  return createLibp2p({
    start: false,
    privateKey,
    addresses: { listen },
    transports: [memory ? memoryTransport() : guarded(tcp(), doorkeeper)],
    connectionEncrypters: memory ? [] : [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: 32,
        maxOutboundStreams: 32,
        enableKeepAlive: !memory,
        streamOptions: { maxStreamWindowSize: mostStreamWindowBytes },
      }),
    ],
    connectionGater: gate.gater(),
    connectionManager: {
      maxConnections: mostConnectionsPerPeer * peers + 16,
      // Libp2p has places for those who come in that all share, and turns away 15 of 20 peers that start together on one
      // address. Who gets in is the doorkeeper's to say, and the gate's.
      allow: ['/ip4/0.0.0.0/ipcidr/0', '/ip6/::/ipcidr/0'],
      inboundUpgradeTimeout: upgradeTimeoutMs,
      maxParallelDials: peers,
      outboundStreamProtocolNegotiationTimeout: negotiationTimeoutMs,
      inboundStreamProtocolNegotiationTimeout: negotiationTimeoutMs,
      // Links redials, and knows which links are cut.
      reconnectRetries: 0,
    },
    connectionMonitor: { enabled: !memory },
    logger: options.debug === undefined ? quietLogger : debugLogger(options.debug),
    services: {
      identify: identify(),
      pubsub: (components: GossipSubComponents) => gossip(components) as GossipInside,
    },
  })
}
