/** Real hosts for the tests of this folder, and raw libp2p nodes that misbehave. */
import { createHash } from 'node:crypto'
import { gossipsub } from '@chainsafe/libp2p-gossipsub'
import type { Keys } from '@hearsay/protocol'
import { identify } from '@libp2p/identify'
import type { Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2p } from 'libp2p'
import { type GossipInside, gossipOptions } from '../gossip.ts'
import type { Introduction } from '../hello.ts'
import { createNetworkHost } from '../host.ts'
import { keyOfSeed, publicKeyOfPeerId } from '../identity.ts'
import { createKeys, identityOfSeed } from '../keys.ts'
import { memoryTransport } from '../memory-transport.ts'
import { protocolNames } from '../node.ts'
import {
  type DiscoveryOptions,
  defaultTiming,
  type NetworkEvent,
  type NetworkHandlers,
  type NetworkHost,
  type NetworkTiming,
} from '../options.ts'

export const network = 'ab'.repeat(16)
export const names = protocolNames(network)
export const limits = {
  envelopeBytes: 128 * 1024,
  leastAskBytes: 1,
  askBytes: 64 * 1024,
  answerBytes: 256 * 1024,
  payloadBytes: 4 * 1024 * 1024,
}
export const quick: Partial<NetworkTiming> = { heartbeatMs: 100, gossipGraceMs: 300, chunkDeadlineMs: 300 }

export function seedOf(name: string): Uint8Array {
  return createHash('sha256').update(name).digest()
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

export function bytes(value: string): Uint8Array {
  return Buffer.from(value, 'utf8')
}

/** Wakes all who wait whenever anything happens, so that a test waits for a state and not for a time. */
export class Changes {
  #wake = Promise.withResolvers<void>()

  readonly happened = (): void => {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await this.#wake.promise
  }
}

export interface TestHost extends NetworkHost {
  readonly envelopes: { text: string; from: string; via: string }[]
  readonly events: NetworkEvent[]
}

export interface TestHostOptions {
  readonly handlers?: Partial<NetworkHandlers>
  readonly timing?: Partial<NetworkTiming>
  readonly transport?: 'memory' | 'tcp'
  /** Of TCP; any that is free if left out. */
  readonly port?: number
  readonly hello?: Introduction
  /** Peers tell each other their addresses. */
  readonly discovery?: DiscoveryOptions
}

let run = 0

/** The hosts and nodes of one test; `stop` stops all of them. */
export class TestNetwork {
  readonly changes = new Changes()
  readonly ids = new Map<string, string>()
  readonly #closers: (() => Promise<void>)[] = []
  readonly #run = run++
  readonly #names: readonly string[]

  private constructor(rosterNames: readonly string[]) {
    this.#names = rosterNames
  }

  static async create(rosterNames: readonly string[]): Promise<TestNetwork> {
    const made = new TestNetwork(rosterNames)
    for (const name of rosterNames) made.ids.set(name, (await identityOfSeed(seedOf(name))).id)
    return made
  }

  get roster(): string[] {
    return [...this.ids.values()]
  }

  /** The signatures of this peer, by the roster. */
  keys(name: string): Keys {
    return createKeys(seedOf(name), this.roster.map(publicKeyOfPeerId))
  }

  async host(name: string, options: TestHostOptions = {}): Promise<TestHost> {
    const envelopes: TestHost['envelopes'] = []
    const events: NetworkEvent[] = []
    const { envelope, ...others } = options.handlers ?? {}
    const host = await createNetworkHost({
      privateKey: seedOf(name),
      roster: this.roster,
      network,
      transport:
        options.transport === 'tcp'
          ? { kind: 'tcp', listen: [`/ip4/127.0.0.1/tcp/${options.port ?? 0}`] }
          : { kind: 'memory', address: `${name}-${this.#run}` },
      timing: { ...quick, ...options.timing },
      ...(options.hello && { hello: options.hello }),
      ...(options.discovery && { discovery: { ...options.discovery, keys: this.keys(name) } }),
      limits,
      handlers: {
        envelope: (data, from, via) => {
          envelopes.push({ text: data.byteLength > 64 ? `${data.byteLength} bytes` : text(data), from, via })
          this.changes.happened()
          return envelope?.(data, from, via) ?? 'accept'
        },
        ask: () => undefined,
        payload: () => undefined,
        neighbour: this.changes.happened,
        ...others,
      },
      log: (event) => {
        events.push(event)
        this.changes.happened()
      },
    })
    await host.start()
    this.#closers.push(() => host.stop())
    return new Proxy(host, {
      get: (target, key) => {
        if (key === 'envelopes') return envelopes
        if (key === 'events') return events
        const value: unknown = Reflect.get(target, key, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    }) as TestHost
  }

  hosts(options: TestHostOptions = {}): Promise<TestHost[]> {
    return Promise.all(this.#names.map((name) => this.host(name, options)))
  }

  /** Libp2p with gossip as we set it up, but without the host around it: what a hostile peer may run. */
  async raw(
    name: string,
    transport: 'memory' | 'tcp' = 'memory',
  ): Promise<Libp2p<{ identify: unknown; pubsub: GossipInside }>> {
    const gossip = gossipsub(gossipOptions(names.topic, { ...defaultTiming, ...quick }, { weights: [1, 1, 1, 1] }))
    const node = await createLibp2p({
      privateKey: await keyOfSeed(seedOf(name)),
      addresses: { listen: [transport === 'memory' ? `/memory/${name}-${this.#run}` : '/ip4/127.0.0.1/tcp/0'] },
      transports: [transport === 'memory' ? memoryTransport() : tcp()],
      connectionEncrypters: transport === 'memory' ? [] : [noise()],
      streamMuxers: [yamux({ enableKeepAlive: false })],
      connectionMonitor: { enabled: false },
      services: {
        identify: identify(),
        pubsub: (components: Parameters<typeof gossip>[0]) => gossip(components) as GossipInside,
      },
    })
    node.services.pubsub.subscribe(names.topic)
    this.#closers.push(async () => node.stop())
    return node
  }

  /** Connects every pair, the earlier dialling the later, and waits until all are neighbours. */
  async connectAll(hosts: readonly TestHost[]): Promise<void> {
    for (const [i, host] of hosts.entries()) {
      for (const other of hosts.slice(i + 1)) void host.connect(other.addresses()[0]!)
    }
    await this.changes.until(() => hosts.every((host) => host.neighbours().length === hosts.length - 1))
  }

  async connect(a: TestHost, b: TestHost): Promise<void> {
    void a.connect(b.addresses()[0]!)
    await this.changes.until(() => a.neighbours().includes(b.id) && b.neighbours().includes(a.id))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#closers.map((close) => close()))
  }
}

export function gossipStream(node: Libp2p, direction: 'inbound' | 'outbound'): Stream {
  const streams = node.getConnections().flatMap((connection) => connection.streams)
  const found = streams.find((stream) => stream.direction === direction && stream.protocol.startsWith('/meshsub/'))
  if (found === undefined) throw new Error(`no ${direction} gossip stream`)
  return found
}
