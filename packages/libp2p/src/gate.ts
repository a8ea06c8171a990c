import type { ConnectionGater, MultiaddrConnection, PeerId, StreamMessageEvent } from '@libp2p/interface'
import { CODE_P2P, type Multiaddr } from '@multiformats/multiaddr'

/** Two, because two peers that dial each other at once end up with one connection each way. */
export const mostConnectionsPerPeer = 2

/** Decides who may connect, before libp2p spends on them, and counts the bytes of those who did. */
export class Gate {
  readonly bytes = { sent: 0, received: 0 }
  readonly #roster: ReadonlySet<string>
  readonly #connectionsTo: (peer: string) => number
  readonly #onRefused: (peer: string) => void
  readonly #onCrowded: (peer: string) => void
  readonly #cutOff = new Set<string>()
  #links: ((peer: string) => boolean) | undefined

  constructor(
    roster: ReadonlySet<string>,
    options: {
      connectionsTo: (peer: string) => number
      onRefused: (peer: string) => void
      /** A peer that has all its connections calls once more. */
      onCrowded: (peer: string) => void
    },
  ) {
    this.#roster = roster
    this.#connectionsTo = options.connectionsTo
    this.#onRefused = options.onRefused
    this.#onCrowded = options.onCrowded
  }

  setLinks(allowed: ((peer: string) => boolean) | undefined): void {
    this.#links = allowed
  }

  inRoster(peer: string): boolean {
    return this.#roster.has(peer)
  }

  /** For ever: it is proven to lie. */
  cutOff(peer: string): void {
    this.#cutOff.add(peer)
  }

  isCutOff(peer: string): boolean {
    return this.#cutOff.has(peer)
  }

  allows(peer: string): boolean {
    return this.#roster.has(peer) && !this.#cutOff.has(peer) && this.#links?.(peer) !== false
  }

  gater(): ConnectionGater {
    const denied = (peer: string | undefined): boolean => {
      if (peer === undefined || this.allows(peer)) return false
      this.#onRefused(peer)
      return true
    }
    const full = (peer: PeerId): boolean => {
      if (this.#connectionsTo(peer.toString()) < mostConnectionsPerPeer) return false
      this.#onCrowded(peer.toString())
      return true
    }
    return {
      denyDialPeer: (peer) => denied(peer.toString()),
      denyDialMultiaddr: (address) => denied(peerIn(address)),
      // Over memory the address names the peer already; over TCP nobody is known before the handshake.
      denyInboundConnection: (connection) => denied(peerIn(connection.remoteAddr)),
      denyOutboundConnection: (peer) => denied(peer.toString()),
      denyInboundEncryptedConnection: (peer) => denied(peer.toString()) || full(peer),
      denyOutboundEncryptedConnection: (peer) => denied(peer.toString()),
      denyInboundUpgradedConnection: (peer, connection) =>
        denied(peer.toString()) || full(peer) || this.#count(connection),
      denyOutboundUpgradedConnection: (peer, connection) => denied(peer.toString()) || this.#count(connection),
    }
  }

  /** From here on, because a listener added earlier would take the handshake's bytes from the handshake. */
  #count(connection: MultiaddrConnection): false {
    const send = connection.send.bind(connection)
    connection.send = (data) => {
      this.bytes.sent += data.byteLength
      return send(data)
    }
    connection.addEventListener('message', (event: StreamMessageEvent) => {
      this.bytes.received += event.data.byteLength
    })
    // Answers to pings and window updates pile up here when the other side sends but never reads.
    connection.maxWriteBufferLength = mostConnectionBufferBytes
    return false
  }
}

const mostConnectionBufferBytes = 16 * 1024 * 1024

function peerIn(address: Multiaddr): string | undefined {
  return address.getComponents().findLast((component) => component.code === CODE_P2P)?.value
}
