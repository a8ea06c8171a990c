/** Peers of one network as drivers on the memory transport, with small vectors and training that is plain arithmetic. */
import { type Certificate, digestOfVector, Peer } from '@hearsay/protocol'
import { Driver, type DriverEvent, type DriverOptions } from '../driver.ts'
import { createRoster, type Roster } from './roster.ts'

const length = 500
const initial = new Float32Array(length).fill(1)
let run = 0

/** What one peer does differently. */
export type Difference = Partial<
  Pick<DriverOptions, 'participant' | 'rule' | 'alter' | 'storage' | 'trainer' | 'sparesLiars'>
>

export class DriverNetwork {
  readonly roster: Roster
  readonly drivers: Driver[] = []
  readonly events: DriverEvent[][] = []
  #wake = Promise.withResolvers<void>()

  private constructor(roster: Roster) {
    this.roster = roster
  }

  /** Connected with each other, not started. */
  static async create(
    peers: number,
    tolerated: number,
    rounds: number,
    differencesOf: (network: DriverNetwork) => Readonly<Record<number, Difference>> = () => ({}),
  ): Promise<DriverNetwork> {
    const name = `drivers ${run++}`
    const network = new DriverNetwork(await createRoster(peers, tolerated, name))
    const differences = differencesOf(network)
    for (let self = 0; self < peers; self++)
      await network.#add(self, rounds, `${name} ${self}`, differences[self] ?? {})
    const { drivers } = network
    await Promise.all(drivers.map(({ host }) => host.start()))
    const pairs = drivers.flatMap((a, i) => drivers.slice(i + 1).map((b) => [a, b] as const))
    await Promise.all(pairs.map(([a, b]) => a.host.connect(b.host.addresses()[0]!)))
    return network
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
    const driver = await Driver.create({
      network: this.roster.networks[self]!,
      ids: this.roster.ids,
      self,
      rule: { rule: 'median', tolerated: this.roster.networks[self]!.quorums.tolerated },
      initial,
      rounds,
      trainer: { train: async (round) => new Float32Array(length).map((_, i) => (self ** 2 + round) / (i + 1)) },
      participant: () => this.honest(self),
      host: {
        privateKey: this.roster.identities[self]!.seed,
        transport: { kind: 'memory', address },
        timing: { heartbeatMs: 100 },
      },
      watch: (event) => {
        events.push(event)
        this.#wake.resolve()
        this.#wake = Promise.withResolvers()
      },
      ...difference,
    })
    this.drivers.push(driver)
  }
}
