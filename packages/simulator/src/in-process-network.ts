/** The peers of one run, honest and not, as libp2p hosts in this process. */
import { type Adversary, type Coalition, createAdversary, createCoalition, type Powers } from '@hearsay/adversary'
import type { RuleSpec } from '@hearsay/aggregation'
import { createKeys, Driver, type DriverEvent, type DriverOptions } from '@hearsay/peer'
import {
  createNetwork,
  type Digest,
  digestOf,
  digestOfVector,
  type Network,
  type Participant,
  Peer,
  Quorums,
} from '@hearsay/protocol'
import type { TrainingTask } from '@hearsay/training'
import { HonestUpdates } from './honest-updates.ts'
import { adversarySeed, identities, type Member } from './identities.ts'
import {
  connections,
  type LyingGroup,
  maliciousPeers,
  type Parameters,
  type Partition,
  partitionGroups,
  partitionsOf,
  poisonOf,
} from './scenario/index.ts'

/** Liars wait for slow honest peers this part of the time after which a cell counts as stalled. */
const patience = 1 / 4
/** After so long without news a peer asks a neighbour. */
const askMs = 500

export interface InProcessOptions {
  readonly parameters: Parameters
  readonly seed: number
  readonly task: TrainingTask
}

/** Gets what happens at peers, by scenario index. */
export type Watch = (index: number, event: DriverEvent) => void

export class InProcessNetwork {
  /** Scenario indices of the honest peers, sorted. */
  readonly honest: readonly number[]
  readonly #options: InProcessOptions
  /** By scenario index. */
  readonly #drivers = new Map<number, Driver>()
  readonly #members: readonly Member[]
  readonly #byId: ReadonlyMap<string, number>
  /** By position in the roster. */
  readonly #honestUpdates: HonestUpdates
  #watch: Watch = () => {}
  #links: Partition | undefined

  private constructor(options: InProcessOptions, members: readonly Member[]) {
    this.#options = options
    this.#members = members
    this.#byId = new Map(members.map(({ id, index }) => [id, index]))
    const malicious = maliciousPeers(options.parameters)
    this.honest = members
      .map(({ index }) => index)
      .filter((index) => !malicious.has(index))
      .sort((a, b) => a - b)
    this.#honestUpdates = new HonestUpdates({
      peers: [...members.keys()].filter((position) => !malicious.has(members[position]!.index)),
      patienceMs: patience * options.parameters.stallMs,
    })
  }

  static async create(options: InProcessOptions): Promise<InProcessNetwork> {
    const members = await identities(options.parameters.peers, options.seed)
    const network = new InProcessNetwork(options, members)
    const malicious = maliciousPeers(options.parameters)
    const positionOf = (index: number): number => members.findIndex((member) => member.index === index)
    const [first, second] = halvesOf(options.parameters)
    const coalition: Coalition = {
      ...createCoalition(members.length, [...malicious.keys()].map(positionOf)),
      halves: [first.map(positionOf), second.map(positionOf)],
    }
    for (const position of members.keys()) await network.#add(position, coalition)
    return network
  }

  driver(index: number): Driver {
    const driver = this.#drivers.get(index)
    if (driver === undefined) throw new RangeError(`there is no peer ${index}`)
    return driver
  }

  /** The scenario index of a position in the roster; −1 if there is none. */
  readonly indexOf = (position: number): number => this.#members[position]?.index ?? -1

  /** The scenario index of a peer id; −1 if there is none. */
  readonly indexOfId = (id: string): number => this.#byId.get(id) ?? -1

  /** A model that any peer holds. */
  model(digest: Digest): Float32Array | undefined {
    for (const driver of this.#drivers.values()) {
      const model = driver.model(digest)
      if (model !== undefined) return model
    }
    return undefined
  }

  /** Listens, connects along the topology, and starts once every link that is not cut is up. */
  async start(watch: Watch): Promise<void> {
    this.#watch = watch
    await Promise.all([...this.#drivers.values()].map((driver) => driver.host.start()))
    const { topology, peers } = this.#options.parameters
    const waits: Promise<void>[] = []
    for (const [a, b] of connections(topology, peers, this.#options.seed)) {
      const address = this.driver(b).host.addresses()[0]
      if (address === undefined) throw new Error(`peer ${b} does not listen`)
      const connected = this.driver(a).host.connect(address)
      if (this.#reaches(a, b)) waits.push(connected)
      else connected.catch(() => {})
    }
    await Promise.all(waits)
    for (const driver of this.#drivers.values()) driver.start()
  }

  /** Cuts the links that the partition cuts, or restores all. */
  partition(partition: Partition | undefined): void {
    this.#links = partition
    for (const [index, driver] of this.#drivers)
      driver.host.setLinks(partition === undefined ? undefined : (peer) => this.#reaches(index, this.indexOfId(peer)))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#drivers.values()].map((driver) => driver.stop()))
  }

  #reaches(a: number, b: number): boolean {
    if (this.#links === undefined) return true
    const groups = partitionGroups(this.#links, this.#options.parameters)
    const of = (peer: number): number => groups.findIndex((group) => group.includes(peer))
    return of(a) < 0 || of(b) < 0 || of(a) === of(b)
  }

  async #add(position: number, coalition: Coalition): Promise<void> {
    const { parameters, task, seed } = this.#options
    const member = this.#members[position]!
    const ids = this.#members.map(({ id }) => id)
    const network = this.#network(member)
    const { graceMs, timeoutMs } = parameters.agreement
    const initial = digestOfVector(task.initial)
    const honest = (): Peer => new Peer({ network, self: position, initial, timing: { graceMs, timeoutMs, askMs } })
    const group = maliciousPeers(parameters).get(member.index)
    const poison = group && poisonOf(group)
    const adversary = group && !poison ? adversaryOf(group, adversarySeed(member.index, seed)) : undefined
    const takePart = (powers: Pick<Powers, 'update' | 'offer'>): Participant =>
      adversary?.participant?.({ self: position, ids, network, coalition, honest, ...powers }) ?? honest()
    const driver = await Driver.create({
      network,
      ids,
      self: position,
      rule: ruleOf(parameters),
      initial: task.initial as Float32Array<ArrayBuffer>,
      trainer: { train: async (round, model) => (await task.train(member.index, round - 1, model, poison)).update },
      participant: (offers) =>
        takePart({ update: (digest) => offers.update(digest), offer: (round, update) => offers.keep(round, update) }),
      host: {
        privateKey: member.seed,
        transport:
          parameters.network.transport === 'memory'
            ? { kind: 'memory', address: `${network.genesis.slice(0, 16)}-${member.index}` }
            : { kind: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] },
      },
      rounds: parameters.rounds,
      ...(adversary?.serves && { serves: (digest, to) => adversary.serves!(digest, ids.indexOf(to)) }),
      ...this.#alter(position, coalition, adversary),
      watch: (event) => this.#watch(member.index, event),
    })
    this.#drivers.set(member.index, driver)
  }

  /** Honest peers send what they made, and liars know it; these send what their attack gives. */
  #alter(position: number, coalition: Coalition, adversary: Adversary | undefined): Pick<DriverOptions, 'alter'> {
    const { parameters } = this.#options
    const updates = this.#honestUpdates
    if (coalition.liars.length === 0) return {}
    if (!coalition.liars.includes(position)) {
      return {
        alter: (update, work) => {
          updates.add(position, work, update)
          return update
        },
      }
    }
    if (adversary?.alter === undefined) return {}
    return {
      alter: (update, { round, model, signal }) =>
        adversary.alter!(update, {
          round,
          model,
          n: parameters.peers,
          rule: ruleOf(parameters),
          coalition,
          honest: () => updates.of({ round, model }, signal),
        }),
    }
  }

  #network(member: Member): Network {
    const { parameters, seed, task } = this.#options
    const rule = JSON.stringify(ruleOf(parameters))
    const genesis = digestOf(
      new TextEncoder().encode(JSON.stringify({ parameters, seed, initial: digestOfVector(task.initial) })),
    )
    const quorums = new Quorums(Array(parameters.peers).fill(1), parameters.tolerated)
    const publicKeys = this.#members.map(({ publicKey }) => publicKey)
    return createNetwork({ genesis, quorums, keys: createKeys(member.seed, publicKeys), rule })
  }
}

/**
 * The honest peers in the two halves to which a coalition tells two stories: the sides of the first partition with two
 * groups, with peers of neither on the first; without such a partition, the lower and the upper indices.
 */
function halvesOf(parameters: Parameters): readonly [readonly number[], readonly number[]] {
  const divided = partitionsOf(parameters).find(({ groups }) => groups === 'halves' || groups.length === 2)
  const groups = divided?.groups ?? 'halves'
  const [, second = []] = partitionGroups({ groups, bridge: 'adversaries', fromRound: 1, untilRound: 1 }, parameters)
  const malicious = maliciousPeers(parameters)
  const honest = Array.from({ length: parameters.peers }, (_, index) => index).filter((index) => !malicious.has(index))
  return [honest.filter((index) => !second.includes(index)), second]
}

function adversaryOf({ count: _, ...behaviour }: LyingGroup, seed: number): Adversary {
  return createAdversary(behaviour, seed)
}

function ruleOf(parameters: Parameters): RuleSpec {
  return { ...parameters.aggregation, tolerated: parameters.tolerated }
}
