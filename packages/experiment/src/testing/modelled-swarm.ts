/**
 * A virtual network of peers that learn nothing: an update is a few numbers made from its author and round, a model the
 * digest of what went into it. All else is real. For exploring what agreement does, many times a second.
 */
import { type Adversary, type Coalition, createCoalition } from '@hearsay/adversary'
import type { RandomStream } from '@hearsay/catalogue/random'
import {
  type Clock,
  composePeer,
  type Driver,
  executedOf,
  type PeerParts,
  type Trainer,
  type Vector,
} from '@hearsay/peer'
import {
  type AgreementKind,
  type Averaging,
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
import { lying } from '../lying.ts'
import { latest } from '../scheduling.ts'

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
  /** In an agreed order: those of all peers. */
  readonly #numbers: SharedVectors | undefined

  constructor(options: ModelledSwarmOptions) {
    this.#options = options
    const { peers, tolerated, seed, liars = new Map<number, Adversary>() } = options
    const { weights = Array<number>(peers).fill(1), trust } = options
    const positions = Array.from({ length: peers }, (_, position) => position)
    this.honest = positions.filter((position) => !liars.has(position))
    this.certified = positions.map(() => [])
    const first = new Float32Array(modelledLength).fill(1)
    this.#initial = options.ordered === undefined ? digestOf(encoder.encode('initial model')) : digestOfVector(first)
    this.#numbers =
      options.ordered &&
      new SharedVectors(
        peers,
        first,
        { rule: 'median', tolerated },
        undefined,
        [],
        undefined,
        options.ordered.remembered,
      )
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
    const { rounds, ends, oneByOne, memory = 'whole', wishes, pausesIn } = this.#options
    const liar = this.#options.liars?.get(self)
    // All of its disk is lost.
    if (kept?.memory === 'lost' && kept.head === undefined) this.forget(self)
    const parts: PeerParts = {
      ...ports,
      ...this.optionsOf(self),
      ids,
      rounds,
      ...(ends && { lastRound: rounds }),
      kept: { memory: liar ? 'heedless' : memory, ...kept },
      vectors: (this.#numbers ?? this.#vectors).of(self),
      trainer: this.#trainer(self, ports.clock),
      vouches: wishes && ((round) => wishes(self, round)),
      ...(pausesIn && { pausing: { isPaused: (round: number) => pausesIn(self, round) } }),
      watch: (event) => {
        if (event.kind === 'failed') throw event.error
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
  return options.averaging === undefined ? exactBy(options) : averagingBy(options.averaging)
}
