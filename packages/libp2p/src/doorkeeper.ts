/**
 * Who may stand at the door: connections that came in and have not shown yet whose they are. Anybody can open them, so
 * there are few places, and those who hold them without a word must not keep peers out. libp2p shares all places among
 * everybody and refuses the newcomer; here
 *
 * - an address has so many places of its own, and all addresses from which no peer is known have so many together;
 * - the newcomer is let in, and another gives way: of the address that has most, the one that has said least, and of those
 *   the oldest. An honest peer speaks at once, and its handshake takes a few times the way to it;
 * - addresses of peers, from which they came or at which they are dialled, have their places whatever others do;
 * - who is not through in time is gone (`upgradeTimeoutMs`).
 */
import type { MultiaddrConnection, StreamMessageEvent, Transport, Upgrader } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** A handshake takes some four times the way there and back. */
export const upgradeTimeoutMs = 3000
const leastPerAddress = 16
/** For each of the addresses that no peer has. Each costs a descriptor and some ten kB. */
const strangersPlaces = 256
/** A peer has few addresses, and comes by a new one now and then. */
const addressesOfOne = 8

interface Visitor {
  readonly connection: MultiaddrConnection
  saidBytes: number
}

export class Doorkeeper {
  readonly #perAddress: number
  /** In the order in which they came, by place. */
  readonly #visitors = new Map<string, Set<Visitor>>()
  /** By peer, the newest last. */
  readonly #known = new Map<string, Set<string>>()

  constructor(options: { perAddress: number }) {
    this.#perAddress = Math.max(leastPerAddress, options.perAddress)
  }

  /** The peer comes from this address, or is dialled there. */
  know(peer: string, address: Multiaddr): void {
    const place = placeOf(address)
    if (place === undefined) return
    const places = this.#known.get(peer) ?? new Set()
    this.#known.set(peer, places)
    places.delete(place)
    places.add(place)
    for (const oldest of places) if (places.size > addressesOfOne) places.delete(oldest)
  }

  /** Of how many connections it is not known yet whose they are. */
  get waiting(): number {
    return [...this.#visitors.values()].reduce((sum, { size }) => sum + size, 0)
  }

  /** Lets the connection in, for whom another may have to go; the result is to be called when it is through, or gone. */
  admit(connection: MultiaddrConnection): () => void {
    const place = placeOf(connection.remoteAddr) ?? ''
    const group = this.#visitors.get(place) ?? new Set()
    if (group.size >= this.#perAddress) dismiss(group)
    else if (!this.#isKnown(place)) this.#makeRoom()
    const visitor = { connection, saidBytes: 0 }
    group.add(visitor)
    this.#visitors.set(place, group)
    countSaid(visitor)
    return () => {
      group.delete(visitor)
      if (group.size === 0 && this.#visitors.get(place) === group) this.#visitors.delete(place)
    }
  }

  /** Of the strangers, one of the address that has most gives way when there are too many. */
  #makeRoom(): void {
    const strangers = [...this.#visitors].filter(([place]) => !this.#isKnown(place)).map(([, group]) => group)
    if (strangers.reduce((sum, { size }) => sum + size, 0) < strangersPlaces) return
    dismiss(strangers.reduce((a, b) => (b.size > a.size ? b : a)))
  }

  #isKnown(place: string): boolean {
    return [...this.#known.values()].some((places) => places.has(place))
  }
}

/** Whoever said least, and of those the oldest. */
function dismiss(group: Set<Visitor>): void {
  const [first, ...others] = group
  if (first === undefined) return
  const least = others.reduce((a, b) => (b.saidBytes < a.saidBytes ? b : a), first)
  group.delete(least)
  least.connection.abort(new Error('others wait at the door'))
}

/** Its interface does not tell what a connection has received before somebody reads it. */
function countSaid(visitor: Visitor): void {
  const inside = visitor.connection as unknown as { onData(bytes: StreamMessageEvent['data']): void }
  const onData = inside.onData.bind(inside)
  inside.onData = (bytes) => {
    visitor.saidBytes += bytes.byteLength
    onData(bytes)
  }
}

function placeOf(address: Multiaddr): string | undefined {
  const host = address.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6')
  return host?.name === 'ip6' ? networkOf(host.value ?? '') : host?.value
}

/** Who has one address of IPv6 mostly has all that begin with the same 64 bits. */
function networkOf(ip6: string): string {
  if (ip6.startsWith('::ffff:')) return ip6
  const [head = '', tail] = ip6.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  return [...first, ...Array(Math.max(0, 8 - first.length - last.length)).fill('0'), ...last].slice(0, 4).join(':')
}

/** The transport, with the doorkeeper before what it does with those who come in. */
export function guarded<C>(create: (components: C) => Transport, doorkeeper: Doorkeeper): (components: C) => Transport {
  return (components) => {
    const transport = create(components)
    const createListener = transport.createListener.bind(transport)
    return Object.assign(transport, {
      createListener: (...[options]: Parameters<Transport['createListener']>) =>
        createListener({ ...options, upgrader: atTheDoor(options.upgrader, doorkeeper) }),
    })
  }
}

function atTheDoor(upgrader: Upgrader, doorkeeper: Doorkeeper): Upgrader {
  return {
    upgradeInbound: async (connection, options) => {
      const leave = doorkeeper.admit(connection)
      try {
        return await upgrader.upgradeInbound(connection, options)
      } finally {
        leave()
      }
    },
    upgradeOutbound: (connection, options) => upgrader.upgradeOutbound(connection, options),
    createInboundAbortSignal: (signal) => upgrader.createInboundAbortSignal(signal),
    getConnectionEncrypters: () => upgrader.getConnectionEncrypters(),
    getStreamMuxers: () => upgrader.getStreamMuxers(),
  }
}
