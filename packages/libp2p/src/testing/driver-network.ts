/** Peers of one network as drivers on the memory transport, with small vectors and training that is plain arithmetic. */
import type { RowShape, RuleSpec } from '@hearsay/aggregation'
import { type Carrier, Driver, type DriverEvent, type DriverOptions, type Listener, promised } from '@hearsay/peer'
import { type Certificate, digestOfVector, type Opened, type Participant, Peer } from '@hearsay/protocol'
import { createLibp2pPeer, type Libp2pPeer } from '../libp2p-peer.ts'
import { createRoster, type Roster } from './roster.ts'

const length = 500
const initial = new Float32Array(length).fill(1)
let run = 0

/** What one peer does differently. */
export interface Difference extends Partial<Pick<DriverOptions, 'store' | 'payloads' | 'trainer'>> {
  readonly rule?: RuleSpec
  readonly instead?: () => Participant
  /** Another carrier around its own. */
  readonly carried?: (inner: Carrier) => Carrier
}

export class DriverNetwork {
  readonly roster: Roster
  readonly peers: Libp2pPeer[] = []
  readonly events: DriverEvent[][] = []
  readonly listeners: Listener[] = []
  #wake = Promise.withResolvers<void>()

  readonly #rows: RowShape | undefined

  private constructor(roster: Roster, rows: RowShape | undefined) {
    this.roster = roster
    this.#rows = rows
  }

  /** Connected with each other, not started; with `rows`, updates are of rows. */
  static async create(
    peers: number,
    tolerated: number,
    rounds: number,
    differencesOf: (network: DriverNetwork) => Readonly<Record<number, Difference>> = () => ({}),
    rows?: RowShape,
  ): Promise<DriverNetwork> {
    const name = `drivers ${run++}`
    const network = new DriverNetwork(await createRoster(peers, tolerated, name), rows)
    const differences = differencesOf(network)
    for (let self = 0; self < peers; self++)
      await network.#add(self, rounds, `${name} ${self}`, differences[self] ?? {})
    const { hosts } = network
    await Promise.all(hosts.map((host) => host.start()))
    const pairs = hosts.flatMap((a, i) => hosts.slice(i + 1).map((b) => [a, b] as const))
    await Promise.all(pairs.map(([a, b]) => a.connect(b.addresses()[0]!)))
    return network
  }

  get drivers(): Driver[] {
    return this.peers.map(({ driver }) => driver)
  }

  get hosts(): Libp2pPeer['host'][] {
    return this.peers.map(({ host }) => host)
  }

  /** What one thinks of bytes that come from another. */
  receive(self: number, bytes: Uint8Array, from: number): Opened['verdict'] {
    return this.listeners[self]!.envelope(bytes, from).verdict
  }

  /** An honest peer at this position. */
  honest(self: number, timing = { graceMs: 1000, timeoutMs: 50, askMs: 200 }): Peer {
    return new Peer({
      network: this.roster.networks[self]!,
      self,
      initial: digestOfVector(initial),
      timing,
      memory: 'whole',
    })
  }

  start(): void {
    for (const driver of this.drivers) driver.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.drivers.map((driver) => driver.stop()))
  }

  certified(self: number): Certificate[] {
    return this.events[self]!.flatMap((event) =>
      event.kind === 'output' && event.output.kind === 'round-ended' && event.output.certificate
        ? [event.output.certificate]
        : [],
    )
  }

  /** What peers in these positions reported of others: faults, and culprits of evidence, by position. */
  accused(by: readonly number[]): { peer: number; what: string }[] {
    return by.flatMap((self) =>
      this.events[self]!.flatMap((event) => {
        if (event.kind === 'fault') return [{ peer: this.roster.ids.indexOf(event.peer), what: event.what }]
        if (event.kind !== 'output' || event.output.kind !== 'evidence') return []
        return event.output.evidence.culprits.map((peer) => ({ peer, what: 'evidence' }))
      }),
    )
  }

  failures(of: readonly number[] = this.events.map((_, self) => self)): Error[] {
    return of.flatMap((self) => this.events[self]!.flatMap((event) => (event.kind === 'failed' ? [event.error] : [])))
  }

  /** Fulfilled when it holds; looked at after every event. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await this.#wake.promise
  }

  /** Throws the failures of these peers, except of those that are to fail. */
  async reach(round: number, peers: readonly number[], failing: readonly number[] = []): Promise<void> {
    await this.until(() => {
      for (const failure of this.failures(peers.filter((self) => !failing.includes(self)))) throw failure
      return peers.every((self) => (this.certified(self).at(-1)?.checkpoint.round ?? 0) >= round)
    })
  }

  async #add(self: number, rounds: number, address: string, difference: Difference): Promise<void> {
    const events: DriverEvent[] = []
    this.events.push(events)
    const { networks, ids, identities } = this.roster
    const network = networks[self]!
    const {
      rule = { rule: 'median', tolerated: network.quorums.tolerated },
      instead,
      carried,
      ...different
    } = difference
    const host = {
      network,
      ids,
      rule,
      rows: this.#rows,
      initial,
      privateKey: identities[self]!.seed,
      transport: { kind: 'memory', address },
      timing: { heartbeatMs: 100 },
    } as const
    const peer = await createLibp2pPeer(host, ({ carrier: inner, ...ports }) => {
      const carrier = carried?.(inner) ?? inner
      return new Driver({
        ...ports,
        carrier: {
          ...carrier,
          listen: (listener) => {
            this.listeners[self] = listener
            carrier.listen(listener)
          },
        },
        network,
        ids,
        self,
        rounds,
        trainer: promised(async (round) => new Float32Array(length).map((_, i) => (self ** 2 + round) / (i + 1))),
        participant: instead?.() ?? this.honest(self),
        watch: (event) => {
          events.push(event)
          this.#wake.resolve()
          this.#wake = Promise.withResolvers()
        },
        ...different,
      })
    })
    this.peers.push(peer)
  }
}
