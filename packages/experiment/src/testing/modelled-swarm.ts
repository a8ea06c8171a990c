/**
 * A virtual network of peers that learn nothing: an update is a few numbers made from its author and round, a model the
 * digest of what went into it. All else is real. For exploring what agreement does, many times a second.
 */
import { type Adversary, type Coalition, createCoalition } from '@hearsay/adversary'
import type { RuleSpec } from '@hearsay/aggregation'
import type { RandomStream } from '@hearsay/catalogue/random'
import {
  type Carrier,
  type Clock,
  composePeer,
  type Driver,
  executedOf,
  type LossyExchange,
  OwnVectors,
  type Pausing,
  type PeerParts,
  type Trainer,
  type Vector,
  type Vectors,
} from '@hearsay/peer'
import {
  type AgreementKind,
  type Asynchronous,
  type Averaging,
  asynchronous,
  averaging as averagingBy,
  type Certificate,
  type Claim,
  createNetwork,
  type Digest,
  digestOf,
  digestOfVector,
  type Evidence,
  exactBy,
  type Memory,
  type Network,
  type OrderedOptions,
  ordered,
  type Participant,
  type PauseTerms,
  type PeerOptions,
  Quorums,
  type Said,
  type Timing,
  type TrustTerms,
  wrap,
} from '@hearsay/protocol'
import type { Life, VirtualNetworkOptions } from '@hearsay/virtual'
import { type Distribution, modelledKeys, randomStream, SharedVectors, sampler, VirtualNetwork } from '@hearsay/virtual'
import { type Average, ModelledVectors, modelledLength } from '@hearsay/virtual/testing/modelled-vectors'
import { losingCarrier } from '../lossy-exchange.ts'
import { lying } from '../lying.ts'
import { latest } from '../scheduling.ts'
import { ChunkedDisk, changedBy, holes } from './chunked-disk.ts'

type Passed = Pick<
  VirtualNetworkOptions,
  'links' | 'relayDegree' | 'loses' | 'delay' | 'delayAnswer' | 'longestDelayMs' | 'stepMs' | 'onStep'
>

export interface ModelledSwarmOptions extends Passed {
  readonly peers: number
  /** f, n ≥ 3f+1. */
  readonly tolerated: number
  /** Of the peers; each weighs 1 when left out. */
  readonly weights?: readonly number[] | undefined
  /** In every so manieth round those who are proven to lie lose their weight. */
  readonly evictEvery?: number | undefined
  /** How pauses count, and whether a peer pauses in a round. */
  readonly pauses?: PauseTerms | undefined
  readonly pausesIn?: ((peer: number, round: number) => boolean) | undefined
  /** Of a peer that pauses in a round, to which it asks to go back. */
  readonly backTo?: ((peer: number, round: number) => number | undefined) | undefined
  /** Who tells a peer to pause, instead. */
  readonly pausing?: ((peer: number, clock: Clock) => Pausing) | undefined
  /** How weights follow vouches, and whom a peer wishes to vouch for in a round. */
  readonly trust?: TrustTerms | undefined
  readonly wishes?: ((peer: number, round: number) => readonly Said[]) | undefined
  readonly seed: number
  /** Rounds after which peers train no more. */
  readonly rounds: number
  /** By position. */
  readonly liars?: ReadonlyMap<number, Adversary>
  /** To whom liars tell which story; of equal size when left out. */
  readonly halves?: Coalition['halves']
  /** Pairs of positions; all when left out. */
  readonly connections?: readonly (readonly [number, number])[]
  readonly timing?: Timing
  /** How long peers train; the same for all, or by peer. */
  readonly training?: Distribution | ((peer: number) => Distribution)
  /** How peers average; without it they agree exactly. */
  readonly averaging?: Averaging
  /** What is agreed on exactly is an order: updates and models are then numbers, which filters look at. */
  readonly ordered?: OrderedOptions
  /** What they agree by, if it is none of these: updates and models are then digests. */
  readonly agreement?: AgreementKind
  /** Updates and models are numbers too, and nothing is agreed on. */
  readonly alone?: Asynchronous | undefined
  /** Each peer holds its own numbers, and computes for itself what others compute too. */
  readonly apart?: boolean
  /** Updates go in chunks, each of one number, for which peers wait so long; and which of them arrive. */
  readonly chunked?: { readonly chunkMs: number } & Pick<LossyExchange, 'arrives'>
  /** What liars serve besides what they hold. */
  readonly planted?: ReadonlyMap<Digest, Uint8Array>
  /** What a peer makes of a model, where it is numbers; by lot unless given. */
  readonly learn?: (peer: number, round: number, from: Float32Array) => Float32Array
  /** Whether peers know these rounds, and end after them. */
  readonly ends?: boolean
  /** What honest peers know of what they said when they begin; that they said nothing, unless given. */
  readonly memory?: Memory
  /** Every event is handled in a step of its own; else all that comes to a peer in one millisecond shares one. */
  readonly oneByOne?: boolean
  /** Size of an update and of a model as it travels. */
  readonly payloadBytes?: number
}

const encoder = new TextEncoder()
const defaultTiming: Timing = { graceMs: 200, timeoutMs: 100, askMs: 500 }

export class ModelledSwarm {
  readonly network: VirtualNetwork
  /** Positions of those who do not lie. */
  readonly honest: readonly number[]
  /** Certificates by peer, in the order of their adoption. */
  readonly certified: Certificate[][]
  readonly evidence: Evidence[] = []
  readonly halted = new Set<number>()
  /** What takes part, by position: of each peer the newest. */
  readonly participants: Participant[] = []
  /** What was averaged, in order. */
  readonly averages: Average[] = []
  /** How often a peer has forgotten what it said. */
  readonly #forgotten = new Map<number, number>()
  readonly faults: { readonly by: number; readonly peer: number; readonly what: string }[] = []
  /** The networks of all peers: they differ in the keys. */
  readonly networks: readonly Network<AgreementKind>[]
  readonly #options: ModelledSwarmOptions
  readonly #initial: Digest
  readonly #training: readonly ((random: RandomStream) => number)[]
  readonly #random: readonly RandomStream[]
  readonly #vectors: ModelledVectors
  /** Where they are numbers: those of all peers. */
  readonly #numbers: SharedVectors | undefined
  /** By peer, where each has its own. */
  readonly #own: readonly (OwnVectors | ChunkedDisk)[]
  /** By peer, the newest round that is over. */
  readonly #over: number[]

  constructor(options: ModelledSwarmOptions) {
    this.#options = options
    const { peers, tolerated, seed, liars = new Map<number, Adversary>() } = options
    const { weights = Array<number>(peers).fill(1), trust } = options
    const positions = Array.from({ length: peers }, (_, position) => position)
    this.honest = positions.filter((position) => !liars.has(position))
    this.certified = positions.map(() => [])
    this.#over = positions.map(() => 0)
    const first = new Float32Array(modelledLength).fill(1)
    const areNumbers = [options.ordered, options.alone, options.chunked].some((each) => each !== undefined)
    this.#initial = areNumbers ? digestOfVector(first) : digestOf(encoder.encode('initial model'))
    const rule: RuleSpec = { rule: 'median', tolerated }
    this.#own = ownVectors(options, rule, first)
    this.#numbers =
      areNumbers && this.#own.length === 0
        ? new SharedVectors(peers, first, rule, undefined, [], undefined, options.ordered?.remembered)
        : undefined
    this.#vectors = new ModelledVectors(options.payloadBytes ?? 4096, this.#initial, tolerated, (average) =>
      this.averages.push(average),
    )
    const { training = { uniform: [50, 100] } } = options
    this.#training = positions.map((peer) => sampler(typeof training === 'function' ? training(peer) : training))
    this.#random = positions.map((position) => randomStream(seed, 'training', position))
    const quorums = new Quorums(weights, tolerated)
    const genesis = digestOf(encoder.encode(`modelled swarm ${seed}`))
    const opened = new WeakMap<Uint8Array, Claim | string>()
    const agreement = agreementOf(options)
    this.networks = modelledKeys(peers, seed).map((keys) =>
      createNetwork({
        ...{ genesis, quorums, keys, rule: '{"rule":"mean"}', agreement, opened },
        ...(trust && { trust }),
      }),
    )
    const coalition = {
      ...createCoalition(peers, [...liars.keys()], 0, weights),
      ...(options.halves && { halves: options.halves }),
    }
    const ids = positions.map(String)
    this.network = new VirtualNetwork({
      ...options,
      peers: positions.map((position) => ({
        id: ids[position]!,
        honest: !liars.has(position),
        create: (life) => this.#compose(position, ids, coalition, life),
      })),
      ...(options.delay === undefined && latest([...liars.values()])),
      connections: options.connections ?? positions.flatMap((a) => positions.slice(a + 1).map((b) => [a, b] as const)),
      onStep: (peer, step, events, nowMs) => {
        for (const output of step.outputs) {
          if (liars.has(peer)) continue
          if (output.kind === 'round-ended') this.#over[peer] = output.round
          if (output.kind === 'round-ended' && output.certificate) this.certified[peer]!.push(output.certificate)
          if (output.kind === 'evidence') this.evidence.push(output.evidence)
          if (output.kind === 'halted') this.halted.add(peer)
        }
        options.onStep?.(peer, step, events, nowMs)
      },
    })
  }

  /** A model or update, where they are numbers. */
  vector(digest: Digest): Float32Array | undefined {
    return this.#numbers?.vector(digest)
  }

  /** The rounds that a peer has certified. */
  height(peer: number): number {
    return this.certified[peer]?.at(-1)?.checkpoint.round ?? 0
  }

  /** The newest round that is over for a peer, certified or not. */
  over(peer: number): number {
    return this.#over[peer]!
  }

  /** Whether every honest peer has certified this round. */
  allCertified(round: number): boolean {
    return this.honest.every((peer) => this.height(peer) >= round)
  }

  /** Rounds for which honest peers hold different certificates. */
  forks(): number {
    const digests = new Map<number, Set<Digest>>()
    for (const peer of this.honest)
      for (const { checkpoint, digest } of this.certified[peer]!) {
        const seen = digests.get(checkpoint.round) ?? new Set()
        digests.set(checkpoint.round, seen.add(digest))
      }
    return [...digests.values()].filter((seen) => seen.size > 1).length
  }

  /** Positions of those whom honest peers named by their own signatures, sorted. */
  culprits(): number[] {
    return [...new Set(this.evidence.flatMap(({ culprits }) => culprits))].sort((a, b) => a - b)
  }

  /** How the peer in this position is made that knows nothing of what it said. */
  optionsOf(self: number): PeerOptions {
    const { timing = defaultTiming, ends, rounds } = this.#options
    return { network: this.networks[self]!, self, initial: this.#initial, timing, ...(ends && { rounds }) }
  }

  #compose(self: number, ids: readonly string[], coalition: Coalition, { kept, ...ports }: Life): Driver {
    const { rounds, ends, oneByOne, memory = 'whole', wishes } = this.#options
    const liar = this.#options.liars?.get(self)
    // All of its disk is lost.
    if (kept?.memory === 'lost' && kept.head === undefined) this.forget(self)
    const parts: PeerParts = {
      ...ports,
      carrier: this.#losing(self, ports.carrier),
      ...this.optionsOf(self),
      ids,
      rounds,
      ...(ends && { lastRound: rounds }),
      kept: { memory: liar ? 'heedless' : memory, ...kept },
      vectors: this.#vectorsOf(self, kept !== undefined),
      trainer: this.#trainer(self, ports.clock),
      vouches: wishes && ((round) => wishes(self, round)),
      ...this.#pausing(self, ports.clock),
      watch: (event) => {
        // A liar may fail by its own lies.
        if (event.kind === 'failed' && liar === undefined) throw event.error
        if (event.kind === 'fault' && liar === undefined)
          this.faults.push({ by: self, peer: ids.indexOf(event.peer), what: event.what })
      },
    }
    const whole = liar === undefined ? parts : lying(parts, liar, coalition)
    const instead: PeerParts['instead'] = (honest) => {
      const participant = whole.instead?.(honest) ?? honest()
      this.participants[self] = participant
      return oneByOne ? handlingOneByOne(participant) : participant
    }
    return composePeer({ ...whole, instead })
  }

  #pausing(self: number, clock: Clock): Pick<PeerParts, 'pausing'> {
    const { pausesIn, pausing, backTo } = this.#options
    if (pausing !== undefined) return { pausing: pausing(self, clock) }
    return pausesIn === undefined
      ? {}
      : {
          pausing: { isPaused: (round) => pausesIn(self, round), backTo: (round) => backTo?.(self, round) },
        }
  }

  /** A crash leaves what is on a disk. */
  #vectorsOf(self: number, again: boolean): Vectors {
    const own = this.#own[self]
    if (own === undefined) return (this.#numbers ?? this.#vectors).of(self)
    const vectors = own instanceof ChunkedDisk ? own.begin(again) : own
    const { planted, liars } = this.#options
    if (planted === undefined || liars?.has(self) !== true) return vectors
    return changedBy(vectors, { payload: (digest) => planted.get(digest) ?? vectors.payload(digest) })
  }

  /** Where chunks are lost. */
  #losing(self: number, inner: Carrier): Carrier {
    const { chunked } = this.#options
    return chunked === undefined ? inner : losingCarrier(inner, { ...chunked, ...holes }, modelledLength, self)
  }

  /** The peer holds no vector any more, and trains something else from now on, as on another machine. */
  forget(peer: number): void {
    this.trainsAnew(peer)
    this.#vectors.forget(peer)
  }

  /** From now on the peer trains something else, as another engine would. */
  trainsAnew(peer: number): void {
    this.#forgotten.set(peer, (this.#forgotten.get(peer) ?? 0) + 1)
  }

  #trainer(peer: number, clock: Clock): Trainer {
    return {
      train: (training, done) => {
        const { model, from, signal } = training
        const round = executedOf(training)
        const { learn } = this.#options
        const trained = (): void => {
          if (learn !== undefined) {
            if (!signal.aborted) done(learn(peer, round, from) as Vector)
            return
          }
          // Who has forgotten trains something else, as on another machine.
          const life = this.#forgotten.get(peer)
          const random = randomStream(this.#options.seed, 'update', peer, round, model, ...(life ? [life] : []))
          done(Float32Array.from({ length: modelledLength }, () => random.uniform() - 0.5))
        }
        const tookMs = Math.round(this.#training[peer]!(this.#random[peer]!))
        clock.after(tookMs, () => clock.after(0, trained))
      },
    }
  }
}

/** By peer, where each holds its own. */
function ownVectors(
  { peers, ordered: order, alone, apart, chunked }: ModelledSwarmOptions,
  rule: RuleSpec,
  initial: Vector,
): (OwnVectors | ChunkedDisk)[] {
  return Array.from({ length: peers }).flatMap((): OwnVectors | ChunkedDisk | [] => {
    if (chunked !== undefined) return new ChunkedDisk({ rule, initial })
    const options = {
      rule,
      peers,
      initial,
      remembered: order?.remembered,
      stages: alone && asynchronous(alone).stages?.(1),
    }
    return apart ? new OwnVectors(options) : []
  })
}

/** Every event is handled in a step of its own. */
function handlingOneByOne(inner: Participant): Participant {
  return wrap(inner, {
    handle: (events, nowMs) => {
      const steps = events.map((event) => inner.handle([event], nowMs))
      return {
        sends: steps.flatMap(({ sends }) => sends),
        asks: steps.flatMap(({ asks }) => asks),
        timers: steps.flatMap(({ timers }) => timers),
        work: steps.flatMap(({ work }) => work),
        outputs: steps.flatMap(({ outputs }) => outputs),
        faults: steps.flatMap(({ faults }) => faults),
      }
    },
  })
}

function agreementOf(options: ModelledSwarmOptions): AgreementKind {
  if (options.agreement !== undefined) return options.agreement
  if (options.ordered !== undefined) return ordered(options.ordered)
  if (options.alone !== undefined) return asynchronous(options.alone)
  const chunkMs = options.chunked?.chunkMs
  return options.averaging === undefined ? exactBy({ ...options, chunkMs }) : averagingBy(options.averaging)
}
