/** The peers of one cell, honest and not, on a virtual network. */
import type { RandomStream } from '@hearsay/catalogue/random'
import { createKeys } from '@hearsay/libp2p/keys'
import {
  type Carrier,
  ChunkedVectors,
  type Clock,
  type DriverEvent,
  executedOf,
  type LossyExchange,
  leastStepMs,
  type Part,
  type Trainer,
  type Vector,
  type Vectors,
} from '@hearsay/peer'
import { type Claim, type Digest, digestOfVector, type Position } from '@hearsay/protocol'
import { connections, type Parameters, type Partition, reachOf, type VirtualSpec } from '@hearsay/scenario'
import type { TrainingTask } from '@hearsay/training'
import { type Life, modelledKeys, randomStream, SharedVectors, sampler, VirtualNetwork } from '@hearsay/virtual'
import { Alterations } from './alterations.ts'
import { type Boundary, momentaOf, seedFrom } from './boundary.ts'
import type { CellNetwork, Ending, Watch } from './cell-network.ts'
import { CrashSchedule } from './crash-schedule.ts'
import type { TalkEvent } from './events.ts'
import { identities, type Member } from './identities.ts'
import { losingCarrier, lossyExchange } from './lossy-exchange.ts'
import { charterOf, createSeats, type Seat } from './participants.ts'
import type { ScenarioIndex } from './scenario-index.ts'
import { latest } from './scheduling.ts'
import { SpareThreads } from './spare-threads.ts'
import { Talk } from './talk.ts'

export interface VirtualCellOptions {
  readonly parameters: Parameters
  readonly seed: number
  readonly task: TrainingTask
  readonly signal?: AbortSignal | undefined
  /** What peers say and hear. */
  readonly onTalk?: ((event: TalkEvent) => void) | undefined
  /** Where the peers begin, but at the genesis; and the last round that they train in, but the last of all. */
  readonly from?: Boundary | undefined
  readonly until?: number | undefined
}

export class VirtualCell implements CellNetwork {
  readonly honest: readonly ScenarioIndex[]
  readonly record: string
  readonly clock: Clock
  readonly #options: VirtualCellOptions
  readonly #members: readonly Member[]
  readonly #positions: ReadonlyMap<ScenarioIndex, Position>
  readonly #byId: ReadonlyMap<string, ScenarioIndex>
  readonly #seats: readonly Seat[]
  readonly #network: VirtualNetwork
  readonly #shared: SharedVectors
  /** By position, where updates go in chunks. */
  readonly #chunked: readonly ChunkedVectors[]
  readonly #exchange: LossyExchange | undefined
  readonly #alterations: Alterations
  readonly #threads = new SpareThreads()
  readonly #random: readonly RandomStream[]
  /** What those have made who need not train. */
  readonly #nothing: { readonly update: Vector; readonly diverged: boolean }
  #watch: Watch = () => {}

  private constructor(options: VirtualCellOptions, members: readonly Member[]) {
    const { parameters, seed, task, from, until } = options
    const networkSeed = seedFrom(seed, from)
    const spec = parameters.network as VirtualSpec
    this.#options = options
    this.#nothing = { update: new Float32Array(task.initial.length), diverged: false }
    this.#members = members
    this.#positions = new Map(members.map(({ index }, position) => [index, position]))
    this.#byId = new Map(members.map(({ id, index }) => [id, index]))
    const initial = digestOfVector(task.initial)
    const charter = charterOf({ parameters, seed, members, initial, rows: task.rows })
    this.record = charter.record
    // Participants are made when the network is, which needs them: they ask for the time later.
    const network = (): VirtualNetwork => this.#network
    const after: Clock['after'] = (delayMs, run) => network().after(delayMs, run)
    this.clock = { nowMs: () => network().nowMs(), after, soon: (run) => after(0, run) }
    this.#alterations = new Alterations(network)
    this.#seats = createSeats({
      parameters,
      charter,
      seed: networkSeed,
      from,
      until,
      members,
      initial,
      rows: task.rows,
      items: task.items,
      keysOf: keysOf(spec, members, seed),
      clock: this.clock,
      onWaiting: this.#alterations.onWaiting,
      threads: this.#threads.take,
      opened: new WeakMap<Uint8Array, Claim | string>(),
    })
    const honest = this.#seats.flatMap(({ lies, member }) => (lies ? [] : [member.index]))
    this.honest = honest.sort((a, b) => a - b)
    const { rule, rows, agreement } = charter.at(1)
    const exchange = lossyExchange(parameters, seed, task.initial.length, this.indexOf)
    this.#exchange = exchange
    this.#shared = new SharedVectors(
      parameters.peers,
      task.initial as Vector,
      rule,
      rows,
      from?.models,
      exchange,
      agreement.ordering?.remembered,
    )
    const chunked = exchange && parameters.agreement.chunkMs !== undefined
    this.#chunked = this.#seats.flatMap(() =>
      chunked
        ? new ChunkedVectors({ rule, holes: exchange, initial: task.initial as Vector, models: from?.models })
        : [],
    )
    this.#random = this.#seats.map((_, position) => randomStream(networkSeed, 'training', position))
    this.#network = this.#createNetwork(spec)
  }

  static async create(options: VirtualCellOptions): Promise<VirtualCell> {
    return new VirtualCell(options, await identities(options.parameters.peers, options.seed))
  }

  readonly indexOf = (position: Position): ScenarioIndex => this.#members[position]?.index ?? -1

  readonly indexOfId = (id: string): ScenarioIndex => this.#byId.get(id) ?? -1

  model(digest: Digest): Float32Array | undefined {
    for (const { position } of this.#seats) {
      const model = this.#vectors(position).vector(digest)
      if (model !== undefined) return model
    }
    return undefined
  }

  momenta(executed: readonly number[] | undefined): readonly (Vector | undefined)[] {
    return momentaOf(this.#seats, executed)
  }

  parts(digest: Digest): readonly Part[] {
    for (const index of this.honest) {
      const parts = this.#vectors(this.#positionOf(index)).parts(digest)
      if (parts.length > 0) return parts
    }
    return []
  }

  bytes(index: ScenarioIndex): { readonly sent: number; readonly received: number } {
    const { sentBytes, receivedBytes } = this.#network.counters
    const position = this.#positionOf(index)
    return { sent: sentBytes[position]!, received: receivedBytes[position]! }
  }

  async start(watch: Watch): Promise<void> {
    this.#watch = watch
    for (const position of this.#seats.keys())
      for (const neighbour of this.#network.neighbours(position))
        this.#tell(position, { kind: 'neighbour', peer: this.#members[neighbour]!.id, connected: true })
  }

  async runUntil(ending: Ending): Promise<void> {
    const running = this.#network.runUntil(() => ending.over)
    // An interrupt does not wait for training that is under way.
    running.catch(() => {})
    await Promise.race([running, ending.promise])
    if (!ending.over) throw new Error('nothing is left to happen, and the cell is not over: this is a bug')
    await ending.promise
  }

  partition(partition: Partition | undefined): void {
    const reaches = reachOf(partition, this.#options.parameters)
    this.#network.setReach((a, b) => reaches(this.indexOf(a), this.indexOf(b)))
  }

  traceDigest(): Digest {
    return this.#network.traceDigest()
  }

  async stop(): Promise<void> {
    await this.#network.stop()
    await this.#threads.stop()
  }

  #createNetwork(spec: VirtualSpec): VirtualNetwork {
    const { parameters, seed, from } = this.#options
    const crashes = new CrashSchedule(spec.crashes, this.clock, {
      crash: (index) => this.#network.crash(this.#positionOf(index)),
      restart: (index) => this.#network.restart(this.#positionOf(index)),
    })
    const { onTalk } = this.#options
    const talk = onTalk && new Talk(this.indexOf, onTalk)
    return new VirtualNetwork({
      seed: seedFrom(seed, from),
      weights: this.#seats.map(({ network, position }) => network.quorums.weight(position)),
      peers: this.#seats.map((seat) => ({
        id: seat.member.id,
        honest: !seat.lies,
        create: (life) =>
          seat.compose({
            ...life,
            carrier: this.#carrier(seat.position, life),
            vectors: this.#vectors(seat.position),
            trainer: this.#trainer(seat, life.clock, spec),
            settle: (promise, then, failed) => this.#alterations.await(seat.position, promise, then, failed),
            watch: (event) => this.#tell(seat.position, event),
          }),
      })),
      connections: connections(parameters.topology, parameters.peers, seed).map(
        ([a, b]) => [this.#positionOf(a), this.#positionOf(b)] as const,
      ),
      links: {
        latency: spec.latency,
        bytesPerSecond: spec.bytesPerSecond,
        loss: spec.loss,
        duplication: spec.duplication,
        reordering: spec.reordering,
      },
      stepMs: spec.stepMs ?? Math.max(1, leastStepMs(parameters.peers)),
      ...latest(this.#seats.map((seat) => seat.powers)),
      longestDelayMs: spec.longestDelayMs,
      onStep: (peer, step, events, nowMs) => {
        talk?.step(peer, step, events, nowMs)
        for (const output of step.outputs) if (output.kind === 'round') crashes.begun(this.indexOf(peer), output.round)
      },
    })
  }

  #vectors(position: Position): Vectors {
    return this.#chunked[position] ?? this.#shared.of(position)
  }

  #carrier(position: Position, { carrier }: Pick<Life, 'carrier'>): Carrier {
    const [exchange, chunked] = [this.#exchange, this.#chunked[position]]
    return exchange && chunked ? losingCarrier(carrier, exchange, chunked.count, position) : carrier
  }

  /** Real training begins at once, wherever there is a processor; virtual time waits for it at the end of its own. */
  #trainer({ member, poison, position, trains }: Seat, clock: Clock, spec: VirtualSpec): Trainer {
    const sample = sampler(spec.training)
    const times = spec.slow.find(({ peer }) => peer === member.index)?.times ?? 1
    return {
      train: (training, done) => {
        const { round, from, signal } = training
        const tookMs = Math.max(1, Math.round(times * sample(this.#random[position]!)))
        let made: Pick<Awaited<ReturnType<TrainingTask['train']>>, 'update' | 'diverged'> = this.#nothing
        if (trains) {
          const trained = this.#options.task.train(member.index, executedOf(training), from, poison).then((result) => {
            made = result
          })
          this.#network.holdAt(clock.nowMs() + tookMs, trained)
        }
        clock.after(tookMs, () => {
          if (signal.aborted) return
          if (made.diverged) this.#tell(position, { kind: 'diverged', round, nowMs: clock.nowMs() })
          done(made.update)
        })
      },
    }
  }

  #tell(position: number, event: DriverEvent): void {
    this.#watch(this.indexOf(position), event)
  }

  #positionOf(index: ScenarioIndex): Position {
    const position = this.#positions.get(index)
    if (position === undefined) throw new RangeError(`there is no peer ${index}`)
    return position
  }
}

function keysOf(
  { signatures }: VirtualSpec,
  members: readonly Member[],
  seed: number,
): (position: number) => ReturnType<typeof createKeys> {
  if (signatures === 'modelled') {
    const keys = modelledKeys(members.length, seed)
    return (position) => keys[position]!
  }
  const publicKeys = members.map(({ publicKey }) => publicKey)
  return (position) => createKeys(members[position]!.seed, publicKeys)
}
