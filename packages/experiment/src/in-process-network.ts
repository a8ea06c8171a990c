/** The peers of one run, honest and not, as libp2p hosts in this process. */

import { chunkCount } from '@hearsay/aggregation'
import { createKeys, createLibp2pPeer, type Libp2pPeer, type Libp2pPeerOptions, machineClock } from '@hearsay/libp2p'
import {
  Arrivals,
  type Carrier,
  type FoundedCharter,
  giveTurn,
  type LossyExchange,
  mostEnvelopeBytes,
  type Part,
  promised,
  type Vector,
} from '@hearsay/peer'
import { type AgreementKind, type Digest, digestOfVector, type Network, type Position } from '@hearsay/protocol'
import { connections, maliciousPeers, type Parameters, type Partition, reachOf } from '@hearsay/scenario'
import type { TrainingTask } from '@hearsay/training'
import { type Boundary, momentaOf, seedFrom } from './boundary.ts'
import type { CellNetwork, Ending, Watch } from './cell-network.ts'
import { identities, type Member } from './identities.ts'
import { losingCarrier, lossyExchange } from './lossy-exchange.ts'
import { settleAsTheyCome } from './lying.ts'
import { charterOf, createSeats, type Seat } from './participants.ts'
import type { ScenarioIndex } from './scenario-index.ts'

/** So many links are made at a time. */
const mostConnecting = 32

export interface InProcessOptions {
  readonly parameters: Parameters
  readonly seed: number
  readonly task: TrainingTask
  readonly signal?: AbortSignal | undefined
  /** Where the peers begin, but at the genesis; and the last round that they train in, but the last of all. */
  readonly from?: Boundary | undefined
  readonly until?: number | undefined
}

export class InProcessNetwork implements CellNetwork {
  /** Scenario indices of the honest peers, sorted. */
  readonly honest: readonly ScenarioIndex[]
  /** The genesis record. */
  readonly record: string
  readonly clock = machineClock
  readonly #options: InProcessOptions
  readonly #charter: FoundedCharter
  /** By scenario index. */
  readonly #peers = new Map<number, Libp2pPeer>()
  readonly #seats: Seat[] = []
  readonly #members: readonly Member[]
  readonly #byId: ReadonlyMap<string, ScenarioIndex>
  #watch: Watch = () => {}
  #reach: (a: number, b: number) => boolean = () => true

  private constructor(options: InProcessOptions, members: readonly Member[], charter: FoundedCharter) {
    this.#options = options
    this.#charter = charter
    this.record = charter.record
    this.#members = members
    this.#byId = new Map(members.map(({ id, index }) => [id, index]))
    const malicious = maliciousPeers(options.parameters)
    this.honest = members
      .map(({ index }) => index)
      .filter((index) => !malicious.has(index))
      .sort((a, b) => a - b)
  }

  static async create(options: InProcessOptions): Promise<InProcessNetwork> {
    const { parameters, seed, task, signal, from, until } = options
    const members = await identities(parameters.peers, seed)
    const publicKeys = members.map(({ publicKey }) => publicKey)
    const initial = digestOfVector(task.initial)
    const charter = charterOf({ parameters, seed, members, initial, rows: task.rows })
    const seats = createSeats({
      parameters,
      charter,
      seed: seedFrom(seed, from),
      from,
      until,
      members,
      initial,
      rows: task.rows,
      items: task.items,
      keysOf: (position) => createKeys(members[position]!.seed, publicKeys),
      clock: machineClock,
    })
    const network = new InProcessNetwork(options, members, charter)
    for (const seat of seats) {
      await network.#add(seat)
      // Hosts are many and their making never waits: others have a turn, an interrupt among them.
      await giveTurn(signal)
    }
    return network
  }

  host(index: ScenarioIndex): Libp2pPeer['host'] {
    return this.#peer(index).host
  }

  #peer(index: ScenarioIndex): Libp2pPeer {
    const peer = this.#peers.get(index)
    if (peer === undefined) throw new RangeError(`there is no peer ${index}`)
    return peer
  }

  readonly indexOf = (position: Position): ScenarioIndex => this.#members[position]?.index ?? -1

  readonly indexOfId = (id: string): ScenarioIndex => this.#byId.get(id) ?? -1

  bytes(index: ScenarioIndex): { readonly sent: number; readonly received: number } {
    return this.host(index).bytes
  }

  /** A model that any peer holds. */
  model(digest: Digest): Float32Array | undefined {
    for (const { vectors } of this.#peers.values()) {
      const model = vectors.vector(digest)
      if (model !== undefined) return model
    }
    return undefined
  }

  momenta(executed: readonly number[] | undefined): readonly (Vector | undefined)[] {
    return momentaOf(this.#seats, executed)
  }

  parts(digest: Digest): readonly Part[] {
    for (const index of this.honest) {
      const parts = this.#peer(index).vectors.parts(digest)
      if (parts.length > 0) return parts
    }
    return []
  }

  /** Listens, connects along the topology, and starts once every link that is not cut is up. */
  async start(watch: Watch): Promise<void> {
    this.#watch = watch
    await Promise.all([...this.#peers.values()].map(({ host }) => host.start()))
    await this.#connect()
    for (const { driver } of this.#peers.values()) driver.start()
  }

  /** Some links at a time: thousands of handshakes at once would leave nobody else a turn for seconds. */
  async #connect(): Promise<void> {
    const { topology, peers } = this.#options.parameters
    const links = connections(topology, peers, this.#options.seed)
    const rest = links.values()
    const connectNext = async (): Promise<void> => {
      for (const [a, b] of rest) {
        const address = this.host(b).addresses()[0]
        if (address === undefined) throw new Error(`peer ${b} does not listen`)
        const connected = this.host(a).connect(address)
        if (this.#reach(a, b) && this.#spares(a, b)) await connected
        else connected.catch(() => {})
      }
    }
    await Promise.all(Array.from({ length: Math.min(mostConnecting, links.length) }, connectNext))
  }

  /** Whether neither has proven before that the other lies. */
  #spares(a: number, b: number): boolean {
    const at = (index: number): Position => this.#members.findIndex((member) => member.index === index)
    const proven = this.#options.from?.proven
    return proven === undefined || !(proven[at(a)]!.includes(at(b)) || proven[at(b)]!.includes(at(a)))
  }

  /** The machine's time goes on by itself. */
  runUntil({ promise }: Ending): Promise<void> {
    return promise
  }

  /** Cuts the links that the partition cuts, or restores all. */
  partition(partition: Partition | undefined): void {
    this.#reach = reachOf(partition, this.#options.parameters)
    for (const [index, { host }] of this.#peers)
      host.setLinks(partition === undefined ? undefined : (peer) => this.#reach(index, this.indexOfId(peer)))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#peers.values()].map(({ driver }) => driver.stop()))
  }

  async #add(seat: Seat): Promise<void> {
    const { parameters, task, from } = this.#options
    this.#seats.push(seat)
    const { member, network, poison } = seat
    const ids = this.#members.map(({ id }) => id)
    const initial = task.initial as Vector
    const exchange = lossyExchange(parameters, this.#options.seed, initial.length, this.indexOf)
    const holes = parameters.agreement.chunkMs === undefined ? undefined : exchange
    const host: Libp2pPeerOptions = {
      network: seat.lies ? withoutLimit(network) : network,
      ids,
      rule: this.#charter.at(1).rule,
      rows: this.#charter.at(1).rows,
      initial,
      models: from?.models,
      ...(holes ? { holes } : { arrivals: exchange && new Arrivals(exchange, seat.position) }),
      rounds: parameters.rounds,
      privateKey: member.seed,
      transport:
        parameters.network.transport === 'memory'
          ? { kind: 'memory', address: `${network.genesis.slice(0, 16)}-${member.index}` }
          : { kind: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] },
    }
    const losing = (carrier: Carrier, lossy: LossyExchange): Carrier =>
      losingCarrier(carrier, lossy, chunkCount({ length: initial.length, size: lossy.size }), seat.position)
    const peer = await createLibp2pPeer(host, (ports) =>
      seat.compose({
        ...ports,
        carrier: holes ? losing(ports.carrier, holes) : ports.carrier,
        trainer: promised(async (round, model) => {
          const { update, diverged } = await task.train(member.index, round, model, poison)
          if (diverged) this.#watch(member.index, { kind: 'diverged', round, nowMs: performance.now() })
          return update
        }),
        settle: settleAsTheyCome,
        watch: (event) => this.#watch(member.index, event),
      }),
    )
    this.#peers.set(member.index, peer)
  }
}

/** The host of a liar sends more than honest peers take: all that gossip can carry. */
function withoutLimit(network: Network<AgreementKind>): Network<AgreementKind> {
  const { limits } = network
  return { ...network, limits: { ...limits, envelopeBytes: mostEnvelopeBytes, answerBytes: 2 * limits.answerBytes } }
}
