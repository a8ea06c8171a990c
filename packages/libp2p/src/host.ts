import { randomBytes } from 'node:crypto'
import { Allowance, answersToOne, chargeOfAsk, uselessFromOne } from '@hearsay/peer'
import type { Connection, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { ConnectionPace } from './connection-pace.ts'
import type { Discovery } from './discovery.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { Gate, mostConnectionsPerPeer } from './gate.ts'
import { EnvelopeGate, meshOf } from './gossip.ts'
import { paceGossip } from './gossip-reading.ts'
import { Greetings } from './greetings.ts'
import { helloProtocol } from './hello.ts'
import { createDiscovery } from './host-discovery.ts'
import { openerOf, RequestLanes, SendLanes } from './lanes.ts'
import { Links } from './links.ts'
import { NetworkError } from './network-error.ts'
import { createNode, type Node, protocolNames } from './node.ts'
import { ChunkStreams, chunkStreams } from './once.ts'
import {
  checkOptions,
  defaultTiming,
  type FetchOptions,
  mostNeighboursThatLie,
  type NetworkEvent,
  type NetworkHost,
  type NetworkOptions,
  type NetworkStats,
  type NetworkTiming,
  type ReceiveOptions,
  weightsOf,
} from './options.ts'
import { leastChargeBytes, leastChargeOfChunkBytes, servedToOne, servePayloads } from './payload-serving.ts'
import { chunkBytes, PayloadFetcher } from './payloads.ts'
import { isFrameError, readFrames, serveRequests, whileOpen } from './streams.ts'
import { Turns } from './turns.ts'

const limits = { maxInboundStreams: 2, maxOutboundStreams: 2 }
const closeTimeoutMs = 200

/**
 * A libp2p host for one peer: envelopes by gossip, payloads pulled by digest, missing envelopes asked from neighbours.
 * It connects roster peers only. Listens from `start` on.
 */
export async function createNetworkHost(options: NetworkOptions): Promise<NetworkHost> {
  checkOptions(options)
  const timing: NetworkTiming = { ...defaultTiming, ...options.timing }
  const log = options.log ?? (() => {})
  const gate = new Gate(new Set(options.roster), {
    connectionsTo: (peer) => libp2p.getConnections(peerIdFromString(peer)).length,
    onRefused: (peer) => log({ kind: 'refused', peer }),
    onCrowded: (peer) => host.onCrowded(peer),
  })
  const doorkeeper = new Doorkeeper({ perAddress: mostConnectionsPerPeer * options.roster.length })
  const libp2p = await createNode(options, timing, { gate, doorkeeper })
  const host = new Libp2pHost(options, timing, log, { gate, doorkeeper, libp2p })
  return host
}

class Libp2pHost implements NetworkHost {
  readonly id: string
  readonly #options: NetworkOptions
  readonly #timing: NetworkTiming
  readonly #log: (event: NetworkEvent) => void
  readonly #gate: Gate
  readonly #libp2p: Node
  readonly #names: ReturnType<typeof protocolNames>
  readonly #envelopes: EnvelopeGate
  readonly #links: Links
  readonly #asks: RequestLanes
  readonly #payloads: RequestLanes
  readonly #chunks: ChunkStreams
  readonly #sends: SendLanes
  readonly #fetcher: PayloadFetcher
  readonly #serving: Allowance
  readonly #answering = new Allowance(answersToOne)
  readonly #discovery: Discovery | undefined
  readonly #useless = new Allowance(uselessFromOne)
  readonly #turns = new Turns()
  readonly #stopped = new AbortController()
  #greetings: Greetings | undefined
  #served = 0
  #weights: readonly number[]

  constructor(
    options: NetworkOptions,
    timing: NetworkTiming,
    log: (event: NetworkEvent) => void,
    { gate, doorkeeper, libp2p }: { gate: Gate; doorkeeper: Doorkeeper; libp2p: Node },
  ) {
    this.id = libp2p.peerId.toString()
    this.#options = options
    this.#weights = weightsOf(options)
    this.#timing = timing
    this.#log = log
    this.#gate = gate
    this.#libp2p = libp2p
    this.#names = protocolNames(options.network)
    this.#envelopes = new EnvelopeGate(
      options.handlers.envelope,
      options.limits,
      (error, peer) => log({ kind: 'handler-threw', handler: 'envelope', peer, error }),
      (peer) => log({ kind: 'too-large', peer, what: 'an envelope' }),
    )
    this.#asks = new RequestLanes(this.#opener(this.#names.ask), options.limits.answerBytes)
    this.#payloads = new RequestLanes(this.#opener(this.#names.payload), chunkBytes)
    this.#chunks = new ChunkStreams(this.#opener(this.#names.chunk))
    this.#sends = new SendLanes(this.#opener(this.#names.direct), (peer, reason) =>
      log({ kind: 'send-dropped', peer, reason }),
    )
    this.#fetcher = new PayloadFetcher({
      withStream: (peer, signal, use) => this.#payloads.withStream(peer, signal, use),
      payloadBytes: options.limits.payloadBytes,
      chunkDeadlineMs: timing.chunkDeadlineMs,
      weightOf: (peer) => this.#weights[options.roster.indexOf(peer)] ?? 1,
      log,
    })
    this.#serving = new Allowance(servedToOne(options.roster.length, options.limits.payloadBytes))
    this.#links = new Links({
      libp2p,
      gate,
      timing,
      log,
      gossip: { knows: (peer) => this.#gossipKnows(peer) },
      onNeighbour: (peer, connected) => this.#onNeighbour(peer, connected),
      onAddress: (peer, address) => doorkeeper.know(peer, address),
    })
    this.#discovery =
      options.discovery &&
      createDiscovery(options, options.discovery, {
        libp2p,
        log,
        links: this.#links,
        open: this.#opener(this.#names.addresses),
        turns: this.#turns,
        secondMs: timing.redialCeilingMs,
        weights: () => this.#weights,
      })
  }

  get bytes(): { readonly sent: number; readonly received: number } {
    return this.#gate.bytes
  }

  async start(): Promise<void> {
    if (this.#stopped.signal.aborted)
      throw new NetworkError('stopped', 'a stopped host does not start again; create another')
    const { pubsub } = this.#libp2p.services
    await this.#libp2p.handle(this.#names.direct, this.#onDirect, limits)
    await this.#libp2p.handle(this.#names.ask, this.#onAsk, limits)
    await this.#libp2p.handle(this.#names.payload, this.#serves(leastChargeBytes), limits)
    await this.#libp2p.handle(this.#names.chunk, this.#serves(leastChargeOfChunkBytes), chunkStreams)
    const liars = (): number => mostNeighboursThatLie(this.#weights)
    paceGossip(pubsub, { turns: this.#turns, liars, stopped: this.#stopped.signal })
    pubsub.topicValidators.set(this.#names.topic, this.#envelopes.validator())
    pubsub.addEventListener('subscription-change', (event) => this.#links.evaluate(event.detail.peerId.toString()))
    pubsub.addEventListener('gossipsub:heartbeat', () => {
      this.#links.evaluateAll(performance.now())
      this.#fitMesh()
    })
    if (this.#options.transport.kind === 'tcp') {
      const pace = new ConnectionPace({ turns: this.#turns, liars })
      this.#libp2p.addEventListener('connection:open', ({ detail }) => pace.connection(detail))
    }
    const { hello } = this.#options
    if (hello !== undefined) {
      this.#greetings = new Greetings({
        introduction: hello,
        instance: randomBytes(8).toString('hex'),
        connectionsTo: (peer) => this.#libp2p.getConnections(peerIdFromString(peer)),
        log: this.#log,
      })
      await this.#libp2p.handle(helloProtocol, this.#greetings.onHello, limits)
      this.#libp2p.addEventListener('connection:open', ({ detail }) => void this.#greetings?.greet(detail))
    }
    const discovery = this.#discovery
    if (discovery !== undefined) {
      const serve = (stream: Stream, connection: Connection) =>
        discovery.serve(stream, connection, this.#stopped.signal)
      await this.#libp2p.handle(this.#names.addresses, serve, limits)
      this.#libp2p.addEventListener('self:peer:update', () => discovery.moved())
    }
    await this.#libp2p.start()
    pubsub.subscribe(this.#names.topic)
    this.#links.start()
    discovery?.start(this.#options.discovery?.known ?? [])
  }

  /** A peer with all its connections calls once more. */
  onCrowded(peer: string): void {
    void this.#greetings?.onCrowded(peer)
  }

  async stop(): Promise<void> {
    if (this.#stopped.signal.aborted) return
    this.#stopped.abort(new NetworkError('stopped', 'the host was stopped'))
    this.#discovery?.stop()
    this.#links.stop()
    // libp2p's own stop waits half a second for connections that the other side is closing too.
    await Promise.all(
      this.#libp2p
        .getConnections()
        .map((connection) =>
          connection
            .close({ signal: AbortSignal.timeout(closeTimeoutMs) })
            .catch((error: Error) => connection.abort(error)),
        ),
    )
    await this.#libp2p.stop()
  }

  addresses(): string[] {
    return this.#libp2p.getMultiaddrs().map(String)
  }

  neighbours(): string[] {
    return this.#links.neighbours()
  }

  async connect(address: string, peer?: string): Promise<void> {
    this.#stopped.signal.throwIfAborted()
    await this.#links.want(address, peer)
  }

  async disconnect(peer: string): Promise<void> {
    await this.#links.unwant(peer)
  }

  cutOff(peer: string): void {
    this.#gate.cutOff(peer)
    this.#links.cutOff(peer)
  }

  weigh(weights: readonly number[]): void {
    this.#weights = weights
    this.#fetcher.reweigh()
    this.#discovery?.reweigh()
    this.#fitMesh()
  }

  publish(envelope: Uint8Array): void {
    this.#checkEnvelope(envelope)
    this.#relay(envelope)
  }

  send(to: string, envelope: Uint8Array): void {
    this.#checkEnvelope(envelope)
    this.#sends.send(to, envelope)
  }

  async ask(to: string, request: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    const { askBytes } = this.#options.limits
    if (request.byteLength > askBytes) {
      throw new NetworkError('ask-too-large', `a question of ${request.byteLength} bytes; the limit is ${askBytes}`)
    }
    const either = signal === undefined ? this.#stopped.signal : AbortSignal.any([signal, this.#stopped.signal])
    try {
      const answer = await this.#asks.withStream(to, either, (stream) =>
        stream.request(request, this.#timing.askDeadlineMs, either),
      )
      return new Uint8Array(answer.subarray())
    } catch (error) {
      if (isFrameError(error)) this.#log({ kind: 'too-large', peer: to, what: 'an answer' })
      const reason = error instanceof Error ? error.message : String(error)
      throw new NetworkError('ask-failed', `${to} did not answer: ${reason}`, { cause: error })
    }
  }

  fetch(options: FetchOptions): Promise<void> {
    return this.#fetcher.fetch({ ...options, signal: AbortSignal.any([options.signal, this.#stopped.signal]) })
  }

  readonly receive = (peer: string, reception: ReceiveOptions): void => void this.#chunks.receive(peer, reception)

  setLinks(allowed: ((peer: string) => boolean) | undefined): void {
    this.#gate.setLinks(allowed)
    this.#links.linksChanged()
  }

  stats(): NetworkStats {
    const { pubsub } = this.#libp2p.services
    const peers = this.#libp2p.getPeers().map(String).sort()
    return {
      connections: this.#libp2p.getConnections().length,
      neighbours: this.#links.neighbours().length,
      mesh: pubsub.getMeshPeers(this.#names.topic).length,
      envelopes: { ...this.#envelopes.counts },
      payloads: { ...this.#fetcher.counts, served: this.#served, inFlightBytes: this.#fetcher.inFlightBytes },
      healed: this.#links.healed,
      scores: Object.fromEntries(peers.map((peer) => [peer, pubsub.getScore(peer)])),
    }
  }

  #opener(protocol: string) {
    return openerOf((peer) => this.#libp2p.getConnections(peerIdFromString(peer)), protocol)
  }

  #checkEnvelope(envelope: Uint8Array): void {
    const { envelopeBytes } = this.#options.limits
    if (envelope.byteLength > envelopeBytes) {
      throw new NetworkError(
        'envelope-too-large',
        `an envelope of ${envelope.byteLength} bytes; the limit is ${envelopeBytes}: announce larger things and let them be fetched`,
      )
    }
  }

  #relay(envelope: Uint8Array): void {
    this.#libp2p.services.pubsub
      .publish(this.#names.topic, envelope)
      .catch((error: unknown) => this.#log({ kind: 'publish-failed', error }))
  }

  #gossipKnows(peer: string): boolean {
    const { pubsub } = this.#libp2p.services
    return (
      pubsub.streamsOutbound.has(peer) &&
      pubsub.getSubscribers(this.#names.topic).some((each) => each.toString() === peer)
    )
  }

  /** The mesh has as many members as the connections ask for. */
  #fitMesh(): void {
    const [weights, told] = [this.#weights, this.#options.gossip?.degree]
    const neighbours = this.#links.neighbours().length
    Object.assign(this.#libp2p.services.pubsub.opts, meshOf({ weights, neighbours, told }))
  }

  #onNeighbour(peer: string, connected: boolean): void {
    if (!connected) {
      this.#asks.drop(peer)
      this.#payloads.drop(peer)
    }
    if (connected) this.#discovery?.met(peer)
    this.#log({ kind: 'neighbour', peer, connected })
    this.#options.handlers.neighbour(peer, connected)
  }

  readonly #onDirect = async (stream: Stream, connection: Connection): Promise<void> => {
    const from = connection.remotePeer.toString()
    const open = whileOpen(stream, this.#stopped.signal)
    const fault = await readFrames(stream, this.#options.limits.envelopeBytes, async (envelope) => {
      await this.#turns.next(from)
      if ((await this.#envelopes.judge(envelope, from, 'direct')) === 'accept') this.#relay(envelope)
      else await this.#useless.turn(from, 1, open)
    })
    if (fault === 'too-large') this.#log({ kind: 'too-large', peer: from, what: 'an envelope' })
  }

  readonly #onAsk = (stream: Stream, connection: Connection): Promise<void> => {
    const from = connection.remotePeer.toString()
    const { leastAskBytes, askBytes, answerBytes } = this.#options.limits
    const open = whileOpen(stream, this.#stopped.signal)
    return serveRequests(stream, {
      mostRequestBytes: askBytes,
      deadlineMs: this.#timing.askDeadlineMs,
      turn: () => this.#turns.next(from),
      respond: async (request) => {
        // Who asks too often is answered late, and never at once with nothing: that it would ask again for.
        const none = request.byteLength < leastAskBytes
        if (none) this.#log({ kind: 'too-short', peer: from, what: 'a question' })
        await this.#answering.turn(from, none ? answersToOne.burst : chargeOfAsk(request.byteLength), open)
        if (none) throw new NetworkError('bad-frame', `a question of ${request.byteLength} bytes`)
        const answer =
          this.#guard('ask', from, () => this.#options.handlers.ask(new Uint8Array(request), from)) ?? nothing
        if (answer.byteLength <= answerBytes) return answer
        this.#log({ kind: 'answer-too-large', sizeBytes: answer.byteLength })
        return nothing
      },
    })
  }

  readonly #serves = (leastBytes: number) => (stream: Stream, connection: Connection) => {
    const from = connection.remotePeer.toString()
    return servePayloads(stream, {
      from,
      leastBytes,
      allowance: this.#serving,
      deadlineMs: this.#timing.chunkDeadlineMs,
      turn: () => this.#turns.next(from),
      signal: this.#stopped.signal,
      payload: (digestHex) => this.#guard('payload', from, () => this.#options.handlers.payload(digestHex, from)),
      onServed: () => {
        this.#served++
      },
    })
  }

  #guard<T>(handler: string, peer: string, call: () => T): T | undefined {
    try {
      return call()
    } catch (error) {
      this.#log({ kind: 'handler-threw', handler, peer, error })
      return undefined
    }
  }
}

const nothing = new Uint8Array(0)
