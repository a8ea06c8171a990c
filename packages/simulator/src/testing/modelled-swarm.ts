/**
 * A virtual network of peers that learn nothing: an update is a few numbers made from its author and round, a model the
 * digest of what went into it. All else is real. For exploring what agreement does, many times a second.
 */
import { type Adversary, type Coalition, createCoalition, type Powers } from '@hearsay/adversary'
import type { RandomStream } from '@hearsay/catalogue/random'
import { announcedSources, signersInTurn } from '@hearsay/peer'
import {
  type Certificate,
  type Claim,
  createNetwork,
  type Digest,
  digestOf,
  digestOfVector,
  type Evidence,
  exact,
  type Kept,
  type Network,
  type Participant,
  Peer,
  Quorums,
  type Result,
  type Timing,
  type Work,
} from '@hearsay/protocol'
import { type Distribution, sampler } from '../virtual/distribution.ts'
import { modelledKeys } from '../virtual/modelled-keys.ts'
import type { VirtualNetworkOptions } from '../virtual/options.ts'
import { pull } from '../virtual/payloads.ts'
import { randomStream } from '../virtual/random-stream.ts'
import { latest } from '../virtual/scheduling.ts'
import { VirtualNetwork } from '../virtual/virtual-network.ts'

type Passed = Pick<
  VirtualNetworkOptions,
  'links' | 'relayDegree' | 'delay' | 'delayAnswer' | 'longestDelayMs' | 'stepMs' | 'oneByOne' | 'onStep'
>

export interface ModelledSwarmOptions extends Passed {
  readonly peers: number
  /** f, n ≥ 3f+1. */
  readonly tolerated: number
  readonly seed: number
  /** Rounds after which peers train no more. */
  readonly rounds: number
  /** By position. */
  readonly liars?: ReadonlyMap<number, Adversary>
  /** Pairs of positions; all when left out. */
  readonly connections?: readonly (readonly [number, number])[]
  readonly timing?: Timing
  readonly training?: Distribution
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
  /** How often a peer has forgotten what it said. */
  readonly #forgotten = new Map<number, number>()
  readonly faults: { readonly by: number; readonly peer: number; readonly what: string }[] = []
  /** The networks of all peers: they differ in the keys. */
  readonly networks: readonly Network[]
  readonly #options: ModelledSwarmOptions
  readonly #initial = digestOf(encoder.encode('initial model'))
  readonly #training: (random: RandomStream) => number
  readonly #random: readonly RandomStream[]
  /** Who holds what, by digest. */
  readonly #holders = new Map<Digest, Set<number>>()
  readonly #updates = new Map<Digest, Float32Array<ArrayBuffer>>()
  /** The round that each peer is in. */
  readonly #rounds: number[]

  constructor(options: ModelledSwarmOptions) {
    this.#options = options
    const { peers, tolerated, seed, liars = new Map<number, Adversary>() } = options
    const positions = Array.from({ length: peers }, (_, position) => position)
    this.honest = positions.filter((position) => !liars.has(position))
    this.certified = positions.map(() => [])
    this.#rounds = positions.map(() => 0)
    this.#training = sampler(options.training ?? { uniform: [50, 100] })
    this.#random = positions.map((position) => randomStream(seed, 'training', position))
    const quorums = new Quorums(Array(peers).fill(1), tolerated)
    const genesis = digestOf(encoder.encode(`modelled swarm ${seed}`))
    const opened = new WeakMap<Uint8Array, Claim | string>()
    this.networks = modelledKeys(peers, seed).map((keys) =>
      createNetwork({ genesis, quorums, keys, rule: '{"rule":"mean"}', agreement: exact, opened }),
    )
    const coalition = createCoalition(peers, [...liars.keys()])
    const ids = positions.map(String)
    this.network = new VirtualNetwork({
      ...options,
      peers: positions.map((position) => ({
        id: ids[position]!,
        honest: !liars.has(position),
        create: (kept) => this.#participant(position, ids, coalition, kept),
      })),
      ...(options.delay === undefined && latest([...liars.values()])),
      connections: options.connections ?? positions.flatMap((a) => positions.slice(a + 1).map((b) => [a, b] as const)),
      perform: (peer, work, done) => this.#perform(peer, work, done),
      onStep: (peer, step, events, nowMs) => {
        for (const output of step.outputs) {
          if (output.kind === 'round') this.#rounds[peer] = output.round
          if (liars.has(peer)) continue
          if (output.kind === 'round-ended' && output.certificate) this.certified[peer]!.push(output.certificate)
          if (output.kind === 'evidence') this.evidence.push(output.evidence)
          if (output.kind === 'halted') this.halted.add(peer)
        }
        options.onStep?.(peer, step, events, nowMs)
      },
      onFault: (by, peer, what) => void (liars.has(by) || this.faults.push({ by, peer, what })),
    })
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

  #participant(self: number, ids: readonly string[], coalition: Coalition, kept: Kept | undefined): Participant {
    const network = this.networks[self]!
    const timing = this.#options.timing ?? defaultTiming
    if (kept?.memory === 'lost') this.#forget(self)
    const memory = this.#options.liars?.has(self) ? 'heedless' : 'whole'
    const honest = (): Participant => new Peer({ network, self, initial: this.#initial, timing, memory, ...kept })
    const powers: Powers = {
      self,
      ids,
      network,
      coalition,
      honest,
      update: (digest) => this.#updates.get(digest)?.slice(),
      offer: (_, update) => this.#offer(self, update),
    }
    return this.#options.liars?.get(self)?.participant?.(powers) ?? honest()
  }

  #forget(peer: number): void {
    this.#forgotten.set(peer, (this.#forgotten.get(peer) ?? 0) + 1)
    for (const holders of this.#holders.values()) holders.delete(peer)
  }

  #offer(peer: number, update: Float32Array<ArrayBuffer>): Digest {
    const digest = digestOfVector(update)
    this.#updates.set(digest, update)
    this.#hold(peer, digest)
    return digest
  }

  #hold(peer: number, digest: Digest): void {
    this.#holders.set(digest, (this.#holders.get(digest) ?? new Set()).add(peer))
  }

  #serves(source: number, digest: Digest, to: number): number | undefined {
    const liar = this.#options.liars?.get(source)
    if (!this.#holds(source, digest) || liar?.serves?.(digest, to) === false) return undefined
    return liar?.serveDelayMs?.(digest, to) ?? 0
  }

  #holds(peer: number, digest: Digest): boolean {
    return this.#holders.get(digest)?.has(peer) ?? false
  }

  #perform(peer: number, work: Work, done: (result: Result) => void): void {
    switch (work.kind) {
      case 'train':
        if (work.round > this.#options.rounds) return
        this.network.afterOf(peer, this.#training(this.#random[peer]!), () => {
          // Who has forgotten trains something else, as on another machine.
          const life = this.#forgotten.get(peer)
          const seed = randomStream(this.#options.seed, 'update', peer, work.round, work.model, ...(life ? [life] : []))
          const update = Float32Array.from({ length: 4 }, () => seed.uniform() - 0.5)
          done({ kind: 'trained', digest: this.#offer(peer, update) })
        })
        return
      case 'aggregate': {
        const text = work.members.map(({ peer: member, digest }) => `${member}:${digest}`).join()
        const model = digestOf(encoder.encode(`${work.model} ${text}`))
        this.#hold(peer, model)
        done({ kind: 'aggregated', model })
        return
      }
      case 'fetch': {
        const { member, round } = work
        const sources = (): number[] =>
          announcedSources(member.peer, this.network.participant(peer).holders(round, member), peer)
        const wanted = (): boolean => this.#rounds[peer]! <= round
        this.#pull(peer, member.digest, sources, wanted, () => done({ kind: 'held' }))
        return
      }
      case 'adopt':
        this.#pull(
          peer,
          work.model,
          () => signersInTurn(work.round, work.signers),
          () => this.#rounds[peer]! <= work.round,
          () => done({ kind: 'adopted' }),
        )
    }
  }

  #pull(peer: number, digest: Digest, sources: () => readonly number[], wanted: () => boolean, got: () => void): void {
    const { payloadBytes = 4096 } = this.#options
    if (this.#holds(peer, digest)) {
      got()
      return
    }
    pull(this.network, {
      peer,
      sizeBytes: payloadBytes,
      sources,
      serves: (source) => this.#serves(source, digest, peer),
      wanted,
      got: () => {
        this.#hold(peer, digest)
        got()
      },
    })
  }
}
