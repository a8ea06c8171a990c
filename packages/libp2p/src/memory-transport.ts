import type { Connection, MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface'
import { type MemoryTransportComponents, memory } from '@libp2p/memory'
import { peerIdFromString } from '@libp2p/peer-id'
import { CODE_P2P, type Multiaddr } from '@multiformats/multiaddr'

// One yamux frame of the initial window goes through in one piece.
const mostMessageBytes = 1024 * 1024

/**
 * libp2p's memory transport without encryption. Both ends live in one process and the transport itself writes the true
 * peer ids into the addresses, so a handshake would prove nothing, and encryption is most of what a payload costs.
 */
export function memoryTransport(): (components: MemoryTransportComponents) => Transport {
  return (components) => {
    const transport = memory({ maxMessageSize: mostMessageBytes })(components)
    const dial = transport.dial.bind(transport)
    const createListener = transport.createListener.bind(transport)
    return Object.assign(transport, {
      dial: (...[address, options]: Parameters<Transport['dial']>): Promise<Connection> =>
        dial(address, { ...options, upgrader: withoutEncryption(options.upgrader, peerIn(address)) }),
      createListener: (...[options]: Parameters<Transport['createListener']>) =>
        createListener({ ...options, upgrader: withoutEncryption(options.upgrader) }),
    })
  }
}

function peerIn(address: Multiaddr): string | undefined {
  return address.getComponents().findLast((component) => component.code === CODE_P2P)?.value
}

function withoutEncryption(upgrader: Upgrader, expected?: string): Upgrader {
  const plain = (connection: MultiaddrConnection) => {
    const id = peerIn(connection.remoteAddr)
    if (id === undefined) throw new Error('the memory transport gave an address without a peer id')
    if (expected !== undefined && id !== expected) throw new Error(`dialled ${expected}, found ${id}`)
    return { skipEncryption: true as const, skipProtection: true, remotePeer: peerIdFromString(id) }
  }
  return {
    upgradeInbound: async (connection, options) =>
      upgrader.upgradeInbound(connection, { ...options, ...plain(connection) }),
    upgradeOutbound: async (connection, options) =>
      upgrader.upgradeOutbound(connection, { ...options, ...plain(connection) }),
    createInboundAbortSignal: (signal) => upgrader.createInboundAbortSignal(signal),
    getConnectionEncrypters: () => upgrader.getConnectionEncrypters(),
    getStreamMuxers: () => upgrader.getStreamMuxers(),
  }
}
