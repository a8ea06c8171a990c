/** Discovery between the hosts of libp2p. */
import { CODE_P2P, multiaddr } from '@multiformats/multiaddr'
import { AddressBook } from './address-book.ts'
import { Discovery } from './discovery.ts'
import { type OpenStream, SendLanes } from './lanes.ts'
import type { Links } from './links.ts'
import type { Node } from './node.ts'
import type { NetworkEvent, NetworkOptions } from './options.ts'
import { reachOf } from './reach.ts'
import type { Turns } from './turns.ts'

const refreshMs = 60_000

export function createDiscovery(
  { roster, network, transport }: NetworkOptions,
  { keys, announce, onRecords, ...options }: NonNullable<NetworkOptions['discovery']>,
  host: {
    readonly libp2p: Node
    readonly links: Links
    readonly open: OpenStream
    readonly turns: Turns
    readonly secondMs: number
    readonly weights: () => readonly number[]
    readonly log: (event: NetworkEvent) => void
  },
): Discovery {
  const { libp2p, links, open, turns, secondMs, weights, log } = host
  const self = libp2p.peerId.toString()
  const sends = new SendLanes(open, (peer, reason) => log({ kind: 'send-dropped', peer, reason }))
  const announced = announce?.map((address) => multiaddr(address))
  const listen = transport.kind === 'tcp' ? transport.listen.map((address) => multiaddr(address)) : []
  return new Discovery({
    roster,
    weights,
    self,
    turns,
    book: new AddressBook({ self: roster.indexOf(self), network, keys }),
    addresses: () => announced ?? libp2p.getMultiaddrs().map((address) => address.decapsulateCode(CODE_P2P)),
    // Who listens on all addresses listens on its own machine too, and may be alone there.
    places: () => [
      ...listen,
      ...links.given(),
      ...libp2p.getConnections().map(({ remoteAddr }) => remoteAddr),
      ...libp2p.getMultiaddrs().filter((address) => transport.kind === 'memory' || reachOf(address) !== 'machine'),
    ],
    neighbours: () => links.neighbours(),
    send: (peer, record) => sends.send(peer, record),
    learn: (peer, addresses, delayMs) => links.learn(peer, addresses, delayMs),
    fault: (peer, reason) => log({ kind: 'bad-addresses', peer, reason }),
    changed: (records) => onRecords?.(records),
    refreshMs: options.refreshMs ?? refreshMs,
    secondMs,
  })
}
