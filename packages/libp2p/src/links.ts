import type { Connection } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import { type Gate, mostConnectionsPerPeer } from './gate.ts'
import { NetworkError } from './network-error.ts'
import type { NetworkEvent, NetworkTiming } from './options.ts'

interface Wanted {
  /** Those that were given here, and those that others told. */
  readonly addresses: Map<string, Multiaddr>
  learnt: readonly Multiaddr[]
  readonly connected: PromiseWithResolvers<void>
  failures: number
  dialling: boolean
  timer: NodeJS.Timeout | undefined
}

/** What gossip thinks of a peer; the streams are watched here, because gossip does not notice all that happens to them. */
export interface GossipView {
  /** True when gossip has the peer, an outbound stream to it, and its subscription to our topic. */
  knows(peer: string): boolean
}

export interface LinksOptions {
  readonly libp2p: Libp2p
  readonly gate: Gate
  readonly gossip: GossipView
  readonly timing: NetworkTiming
  readonly onNeighbour: (peer: string, connected: boolean) => void
  /** The peer is dialled at this address, or came from it. */
  readonly onAddress: (peer: string, address: Multiaddr) => void
  readonly log: (event: NetworkEvent) => void
}

/**
 * Which peers we are connected to: keeps dialling those that are wanted, tells neighbours (connected, and gossip flows
 * both ways) from the rest, and hangs up on a connection over which gossip died, so that it is dialled afresh.
 */
export class Links {
  healed = 0
  readonly #options: LinksOptions
  readonly #wanted = new Map<string, Wanted>()
  /** Taken out of the wanted peers, whatever others tell of them. */
  readonly #left = new Set<string>()
  readonly #neighbours = new Set<string>()
  /** Connected peers without gossip: since when, in ms of the process clock, and when they are looked at again. */
  readonly #unmeshed = new Map<string, { sinceMs: number; waitMs: number; timer: NodeJS.Timeout | undefined }>()
  #running = false

  constructor(options: LinksOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = true
    this.#options.libp2p.addEventListener('connection:open', this.#onOpen)
    this.#options.libp2p.addEventListener('connection:close', this.#onClose)
    for (const peer of this.#wanted.keys()) this.#dial(peer)
  }

  stop(): void {
    this.#running = false
    this.#options.libp2p.removeEventListener('connection:open', this.#onOpen)
    this.#options.libp2p.removeEventListener('connection:close', this.#onClose)
    for (const peer of [...this.#wanted.keys()]) this.#unwant(peer, new NetworkError('stopped', 'the host was stopped'))
    for (const peer of this.neighbours()) this.#setNeighbour(peer, false)
    for (const peer of [...this.#unmeshed.keys()]) this.#forget(peer)
  }

  neighbours(): string[] {
    return [...this.#neighbours].sort()
  }

  want(address: string, peer: string | undefined): Promise<void> {
    const { id, target } = parse(address, peer)
    if (!this.#options.gate.inRoster(id)) {
      throw new NetworkError('not-in-roster', `${id} is not in the roster; only its peers may be dialled`)
    }
    if (this.#options.gate.isCutOff(id)) throw proven(id)
    this.#left.delete(id)
    const wanted = this.#want(id)
    wanted.addresses.set(target.toString(), target)
    this.#options.onAddress(id, target)
    this.#dial(id)
    return wanted.connected.promise
  }

  /** What others tell of where a peer can be reached, without its id, in place of what they told before; dialled after so long. */
  learn(peer: string, addresses: readonly Multiaddr[], delayMs: number): void {
    if (this.#left.has(peer) || !this.#options.gate.inRoster(peer)) return
    const known = this.#wanted.get(peer)
    if (known === undefined && addresses.length === 0) return
    const wanted = known ?? this.#want(peer)
    wanted.learnt = addresses.map((address) => address.encapsulate(`/p2p/${peer}`))
    for (const address of wanted.learnt) this.#options.onAddress(peer, address)
    wanted.failures = 0
    if (this.#running && this.#connections(peer).length === 0 && !wanted.dialling) {
      clearTimeout(wanted.timer)
      wanted.timer = setTimeout(() => this.#dial(peer), delayMs)
    }
  }

  /** The addresses that were given here. */
  given(): Multiaddr[] {
    return [...this.#wanted.values()].flatMap(({ addresses }) => [...addresses.values()])
  }

  #want(peer: string): Wanted {
    const known = this.#wanted.get(peer)
    if (known !== undefined) return known
    const wanted: Wanted = {
      addresses: new Map(),
      learnt: [],
      connected: Promise.withResolvers(),
      failures: 0,
      dialling: false,
      timer: undefined,
    }
    // Nobody has to wait for it.
    wanted.connected.promise.catch(() => {})
    this.#wanted.set(peer, wanted)
    return wanted
  }

  async unwant(peer: string): Promise<void> {
    this.#left.add(peer)
    this.#unwant(peer, new NetworkError('disconnected', `${peer} was taken out of the wanted peers`))
    await this.#options.libp2p.hangUp(peerIdFromString(peer))
  }

  /** Hangs up on a peer that the gate cut off, and dials it no more. */
  cutOff(peer: string): void {
    this.#left.add(peer)
    this.#unwant(peer, proven(peer))
    for (const connection of this.#connections(peer)) connection.abort(proven(peer))
  }

  /** Links changed: cut what is no longer allowed, and dial at once what is allowed again. */
  linksChanged(): void {
    for (const connection of this.#options.libp2p.getConnections()) {
      if (!this.#options.gate.allows(connection.remotePeer.toString())) connection.abort(new Error('the link was cut'))
    }
    for (const [peer, wanted] of this.#wanted) {
      wanted.failures = 0
      this.#dial(peer)
    }
  }

  /** Once per heartbeat: finds what no event tells, above all gossip streams closed by an error inside gossip. */
  evaluateAll(nowMs: number): void {
    for (const peer of new Set(this.#options.libp2p.getPeers().map(String))) {
      this.evaluate(peer)
      const unmeshed = this.#unmeshed.get(peer)
      if (unmeshed === undefined || nowMs - unmeshed.sinceMs < this.#options.timing.gossipGraceMs) continue
      this.healed++
      this.#forget(peer)
      this.#options.log({ kind: 'half-dead', peer })
      for (const connection of this.#connections(peer)) connection.abort(new Error('gossip over this connection died'))
    }
  }

  evaluate(peer: string): void {
    if (!this.#running) return
    const connections = this.#connections(peer)
    const alive = connections.length > 0 && this.#options.gossip.knows(peer) && flowsBothWays(connections)
    if (alive || connections.length === 0) this.#forget(peer)
    else this.#lookAgain(peer)
    this.#setNeighbour(peer, alive)
  }

  /** No event tells that gossip opened its stream, so a fresh connection is looked at again, ever less often. */
  #lookAgain(peer: string): void {
    const unmeshed = this.#unmeshed.get(peer) ?? { sinceMs: performance.now(), waitMs: firstLookMs, timer: undefined }
    this.#unmeshed.set(peer, unmeshed)
    clearTimeout(unmeshed.timer)
    unmeshed.timer = setTimeout(() => this.evaluate(peer), unmeshed.waitMs)
    unmeshed.waitMs = Math.min(2 * unmeshed.waitMs, this.#options.timing.heartbeatMs)
  }

  #forget(peer: string): void {
    clearTimeout(this.#unmeshed.get(peer)?.timer)
    this.#unmeshed.delete(peer)
  }

  #setNeighbour(peer: string, alive: boolean): void {
    if (alive === this.#neighbours.has(peer)) return
    const wanted = this.#wanted.get(peer)
    // Not when the connection opens: the other side may open and close it again and again.
    if (alive && wanted !== undefined) {
      wanted.failures = 0
      wanted.connected.resolve()
    }
    if (alive) this.#neighbours.add(peer)
    else this.#neighbours.delete(peer)
    this.#options.onNeighbour(peer, alive)
  }

  #connections(peer: string): Connection[] {
    return this.#options.libp2p.getConnections(peerIdFromString(peer)).filter((each) => each.status === 'open')
  }

  readonly #onOpen = (event: CustomEvent<Connection>): void => {
    const peer = event.detail.remotePeer.toString()
    this.#options.onAddress(peer, event.detail.remoteAddr)
    // The gate counts before the upgrade; connections that were upgraded together are only seen here.
    if (this.#connections(peer).filter((each) => each.id !== event.detail.id).length >= mostConnectionsPerPeer) {
      event.detail.abort(new Error('too many connections of one peer'))
      return
    }
    const wanted = this.#wanted.get(peer)
    clearTimeout(wanted?.timer)
    this.evaluate(peer)
  }

  readonly #onClose = (event: CustomEvent<Connection>): void => {
    const peer = event.detail.remotePeer.toString()
    this.evaluate(peer)
    const wanted = this.#wanted.get(peer)
    if (wanted === undefined || this.#connections(peer).length > 0) return
    const { open, close = Date.now() } = event.detail.timeline
    if (close - open < atOnceMs) this.#options.log({ kind: 'hung-up', peer })
    this.#redial(peer, wanted)
  }

  #dial(peer: string): void {
    const wanted = this.#wanted.get(peer)
    if (wanted === undefined || wanted.dialling || !this.#running) return
    clearTimeout(wanted.timer)
    if (this.#neighbours.has(peer)) wanted.connected.resolve()
    if (this.#connections(peer).length > 0 || !this.#options.gate.allows(peer)) return
    wanted.dialling = true
    this.#options.libp2p
      .dial([...wanted.addresses.values(), ...wanted.learnt])
      .catch((error: unknown) => {
        this.#options.log({
          kind: 'dial-failed',
          peer,
          error,
          addresses: [...wanted.addresses.values(), ...wanted.learnt].join(' '),
          reason: error instanceof Error ? error.message : String(error),
        })
      })
      .then(() => {
        wanted.dialling = false
        if (this.#connections(peer).length === 0) this.#redial(peer, wanted)
      })
  }

  #redial(peer: string, wanted: Wanted): void {
    if (!this.#running || this.#wanted.get(peer) !== wanted) return
    const { redialMs, redialCeilingMs } = this.#options.timing
    // What others told may be a lie, or long out of date.
    const ceilingMs = wanted.addresses.size > 0 ? redialCeilingMs : learntCeilings * redialCeilingMs
    clearTimeout(wanted.timer)
    wanted.timer = setTimeout(() => this.#dial(peer), Math.min(redialMs * 2 ** wanted.failures, ceilingMs))
    wanted.failures++
  }

  #unwant(peer: string, reason: NetworkError): void {
    const wanted = this.#wanted.get(peer)
    if (wanted === undefined) return
    this.#wanted.delete(peer)
    clearTimeout(wanted.timer)
    wanted.connected.reject(reason)
  }
}

const firstLookMs = 5
/** A connection that is closed so soon was closed by whoever was called. */
const atOnceMs = 1000
const learntCeilings = 6

function proven(peer: string): NetworkError {
  return new NetworkError('cut-off', `${peer} was cut off: there is evidence against it`)
}

/** Gossip does not notice when the other side closes its stream in good order, nor all errors on its own. */
function flowsBothWays(connections: readonly Connection[]): boolean {
  let sends = false
  let receives = false
  for (const stream of connections.flatMap((connection) => connection.streams)) {
    if (stream.status !== 'open' || !stream.protocol.startsWith('/meshsub/')) continue
    if (stream.direction === 'outbound') sends ||= stream.writeStatus === 'writable'
    else receives ||= stream.remoteWriteStatus === 'writable' && stream.writeStatus === 'writable'
  }
  return sends && receives
}

function parse(address: string, peer: string | undefined): { id: string; target: Multiaddr } {
  let target: Multiaddr
  try {
    target = multiaddr(address)
  } catch (error) {
    throw new NetworkError('bad-address', `'${address}' is not a multiaddr such as /ip4/127.0.0.1/tcp/4001/p2p/12D3…`, {
      cause: error,
    })
  }
  const inAddress = target.getComponents().findLast((component) => component.name === 'p2p')?.value
  const id = inAddress ?? peer
  if (id === undefined || (peer !== undefined && id !== peer)) {
    throw new NetworkError(
      'bad-address',
      `'${address}' must say whose it is: end it with /p2p/ and ${peer ?? 'the peer id'}`,
    )
  }
  return { id, target: inAddress === undefined ? target.encapsulate(`/p2p/${id}`) : target }
}
