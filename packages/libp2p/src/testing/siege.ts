/**
 * Rounds on libp2p over TCP while members besiege the others. All n take part in the rounds, with drivers in this process;
 * the last f besiege the first n−f at the same time, each from a process of its own with a second connection, so that
 * rounds with and without a siege differ in the siege alone.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import type { Driver, DriverEvent } from '@hearsay/peer'
import { composePeer, promised } from '@hearsay/peer'
import { digestOfVector } from '@hearsay/protocol'
import { createLibp2pPeer, type Libp2pPeer } from '../libp2p-peer.ts'
import type { ToBesieger } from './besieger.ts'
import { createRoster, type Roster } from './roster.ts'
import type { Siege } from './sieges.ts'

export interface Window {
  readonly roundsMs: readonly number[]
  /** The longest that the event loop of the drivers was held. */
  readonly heldMs: number
  /** Of all drivers together. */
  readonly cpuMs: number
  readonly tookMs: number
}

const timing = { graceMs: 20, timeoutMs: 20, askMs: 1000 }
/** A window without a round ends after so many times its length. */
const longestWindows = 6

export class BesiegedNetwork {
  readonly #drivers: readonly Driver[]
  readonly #besiegers: readonly ChildProcess[]
  #onRound: () => void = () => {}

  private constructor(drivers: readonly Driver[], besiegers: readonly ChildProcess[]) {
    this.#drivers = drivers
    this.#besiegers = besiegers
  }

  /** Rounds have begun, of updates of so many parameters. */
  static async create(peers: number, parameters: number): Promise<BesiegedNetwork> {
    const tolerated = Math.floor((peers - 1) / 3)
    const roster = await createRoster(peers, tolerated, `siege ${peers}`)
    const initial = new Float32Array(parameters).fill(1)
    const besiegers = Array.from({ length: tolerated }, () => fork(new URL('./besieger.ts', import.meta.url)))
    const hosts: Libp2pPeer['host'][] = []
    const drivers: Driver[] = []
    const network = new BesiegedNetwork(drivers, besiegers)
    for (const self of roster.ids.keys()) {
      const { driver, host } = await createPeer(roster, self, initial, (event) => network.#watch(self, event))
      drivers.push(driver)
      hosts.push(host)
    }
    await Promise.all(hosts.map((host) => host.start()))
    const pairs = hosts.flatMap((a, i) => hosts.slice(i + 1).map((b) => [a, b] as const))
    await Promise.all(pairs.map(([a, b]) => a.connect(b.addresses()[0]!)))
    for (const driver of drivers) driver.start()
    const victims = hosts.slice(0, peers - tolerated).map((host) => host.addresses()[0]!)
    for (const [at, besieger] of besiegers.entries()) {
      const seed = Buffer.from(roster.identities[peers - 1 - at]!.seed).toString('hex')
      const { genesis } = roster.networks[0]!
      await told(besieger, { kind: 'connect', seed, genesis, peers, victims, payloadBytes: initial.byteLength })
    }
    return network
  }

  /** The rounds of so many ms, besieged or not. A round that does not end is as long as the wait for it. */
  async during(windowMs: number, siege?: Siege): Promise<Window> {
    if (siege !== undefined) await this.#tell({ kind: 'begin', siege })
    const window = await this.#measure(windowMs)
    if (siege !== undefined) await this.#tell({ kind: 'end' })
    return window
  }

  async stop(): Promise<void> {
    for (const besieger of this.#besiegers) besieger.disconnect()
    await Promise.all(this.#drivers.map((driver) => driver.stop()))
  }

  async #tell(message: ToBesieger): Promise<void> {
    await Promise.all(this.#besiegers.map((besieger) => told(besieger, message)))
  }

  #watch(self: number, event: DriverEvent): void {
    if (event.kind === 'failed') throw event.error
    if (self !== 0 || event.kind !== 'output' || event.output.kind !== 'round-ended') return
    const { model } = event.output
    for (const besieger of this.#besiegers)
      if (besieger.connected) besieger.send({ kind: 'model', digest: model } satisfies ToBesieger)
    this.#onRound()
  }

  async #measure(windowMs: number): Promise<Window> {
    const roundsMs: number[] = []
    const fromMs = performance.now()
    const cpu = process.cpuUsage()
    let beforeMs = fromMs
    let turnMs = fromMs
    let heldMs = 0
    const looks = setInterval(() => {
      heldMs = Math.max(heldMs, performance.now() - turnMs)
      turnMs = performance.now()
    }, 1)
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => this.#onRound(), longestWindows * windowMs)
    this.#onRound = () => {
      roundsMs.push(performance.now() - beforeMs)
      beforeMs = performance.now()
      if (beforeMs > fromMs + windowMs) resolve()
    }
    await promise
    this.#onRound = () => {}
    clearTimeout(timer)
    clearInterval(looks)
    const { user, system } = process.cpuUsage(cpu)
    return { roundsMs, heldMs, cpuMs: (user + system) / 1000, tookMs: performance.now() - fromMs }
  }
}

async function told(besieger: ChildProcess, message: ToBesieger): Promise<void> {
  const done = once(besieger, 'message')
  besieger.send(message)
  await done
}

function createPeer(
  { ids, identities, networks }: Roster,
  self: number,
  initial: Float32Array<ArrayBuffer>,
  watch: (event: DriverEvent) => void,
): Promise<Libp2pPeer> {
  const network = networks[self]!
  const host = {
    network,
    ids,
    rule: { rule: 'median', tolerated: network.quorums.tolerated },
    initial,
    privateKey: identities[self]!.seed,
    transport: { kind: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] },
  } as const
  return createLibp2pPeer(host, (ports) =>
    composePeer({
      ...ports,
      network,
      ids,
      self,
      initial: digestOfVector(initial),
      timing,
      kept: { memory: 'whole' },
      trainer: promised(async (round) => initial.map((_, i) => (self ** 2 + round) / (i + 1))),
      watch,
    }),
  )
}
