/**
 * The work of peers on a virtual network, for real: training on the task of the cell, aggregation by the kernels, payloads
 * over the links. What takes real time takes as much virtual time as the scenario says, whatever the machine does, and
 * what many peers would compute alike is computed once.
 */
import { Workspace } from '@hearsay/aggregation'
import type { RandomStream } from '@hearsay/catalogue/random'
import { announcedSources, nextModel, signersInTurn, type WorkEvent } from '@hearsay/peer'
import { average, type Digest, type Member, type Result, type Work } from '@hearsay/protocol'
import type { TrainingTask } from '@hearsay/training'
import { ruleOf, type Seat } from '../participants.ts'
import type { Parameters } from '../scenario/index.ts'
import type { Alterations } from './alterations.ts'
import { type Distribution, sampler } from './distribution.ts'
import { Holdings } from './holdings.ts'
import { pull } from './payloads.ts'
import { randomStream } from './random-stream.ts'
import type { VirtualNetwork } from './virtual-network.ts'

type Vector = Float32Array<ArrayBuffer>
type Done = (result: Result) => void
type WorkOf<Kind extends Work['kind']> = Extract<Work, { readonly kind: Kind }>

/** So many results of the newest rounds are not computed again. */
const computedKept = 64

export interface VirtualWorkOptions {
  readonly parameters: Parameters
  readonly seed: number
  readonly task: TrainingTask
  readonly training: Distribution
  readonly network: () => VirtualNetwork
  readonly alterations: Alterations
  readonly watch: (position: number, event: WorkEvent) => void
  readonly failed: (position: number, error: Error) => void
}

export class VirtualWork {
  readonly holdings: Holdings
  readonly #options: VirtualWorkOptions
  readonly #seats: readonly Seat[]
  readonly #training: (random: RandomStream) => number
  readonly #random: readonly RandomStream[]
  readonly #workspace: Workspace
  /** By what they were computed from. */
  readonly #computed = new Map<string, Vector>()
  /** Of the round that each peer is in: aborted when it is over. */
  readonly #rounds: Map<number, AbortController>[]
  readonly #adoptions: object[] = []

  constructor(options: VirtualWorkOptions, seats: readonly Seat[]) {
    const { parameters, seed, task } = options
    this.#options = options
    this.#seats = seats
    this.holdings = new Holdings(seats.length, task.initial as Vector)
    this.#training = sampler(options.training)
    this.#random = seats.map((_, position) => randomStream(seed, 'training', position))
    this.#workspace = new Workspace({ rows: parameters.peers, length: task.initial.length })
    this.#rounds = seats.map(() => new Map())
  }

  /** Ends the work of the peer in rounds before this one. */
  beginRound(peer: number, round: number): void {
    this.holdings.beginRound(peer, round)
    for (const [earlier, controller] of this.#rounds[peer]!) {
      if (earlier >= round) continue
      controller.abort()
      this.#rounds[peer]!.delete(earlier)
    }
  }

  stop(): void {
    for (const peer of this.#seats.keys()) this.beginRound(peer, Number.POSITIVE_INFINITY)
  }

  perform(peer: number, work: Work, done: Done): void {
    switch (work.kind) {
      case 'train':
        this.#train(peer, work, done)
        break
      case 'fetch':
        this.#fetch(peer, work, done)
        break
      case 'aggregate':
        this.#aggregate(peer, work, done)
        break
      case 'average':
        this.#average(peer, work, done)
        break
      case 'adopt':
        this.#adopt(peer, work, done)
    }
  }

  #whileRound(peer: number, round: number): AbortSignal {
    const controllers = this.#rounds[peer]!
    const controller = controllers.get(round) ?? new AbortController()
    controllers.set(round, controller)
    return controller.signal
  }

  #watch(peer: number, event: WorkEvent): void {
    this.#options.watch(peer, event)
  }

  /** Real training begins now, wherever there is a processor; virtual time waits for it at the end of its own. */
  #train(peer: number, { round, model: digest }: WorkOf<'train'>, done: Done): void {
    const { parameters, task } = this.#options
    const network = this.#options.network()
    if (round > parameters.rounds) return
    const model = this.holdings.vector(digest)
    if (model === undefined || !this.holdings.holds(peer, digest))
      throw new Error(`the model ${digest} to train on is not held: this is a bug`)
    const { member, poison } = this.#seats[peer]!
    const over = this.#whileRound(peer, round)
    const tookMs = Math.max(1, Math.round(this.#training(this.#random[peer]!)))
    let trained: Vector | undefined
    let diverges = false
    const training = task.train(member.index, round - 1, model, poison).then(({ update, diverged }) => {
      trained = Float32Array.from(update)
      diverges = diverged
    })
    network.holdAt(network.nowMs() + tookMs, training)
    network.afterOf(peer, tookMs, () => {
      if (over.aborted) return
      if (diverges) this.#watch(peer, { kind: 'diverged', round, nowMs: network.nowMs() })
      this.#watch(peer, { kind: 'trained', round, tookMs, nowMs: network.nowMs() })
      this.#send(peer, { round, model: digest, signal: over }, trained!, done)
    })
  }

  /** What is sent instead of an update, if this peer lies about it. */
  #send(
    peer: number,
    work: { readonly round: number; readonly model: Digest; readonly signal: AbortSignal },
    update: Vector,
    done: Done,
  ): void {
    const { alterations, failed } = this.#options
    const { alter } = this.#seats[peer]!
    const hold = (sent: Vector): void => {
      if (work.signal.aborted) return
      if (sent.length !== update.length)
        throw new RangeError(`an update of ${sent.length} parameters for a model of ${update.length}`)
      done({ kind: 'trained', digest: this.holdings.hold(peer, work.round, Float32Array.from(sent)) })
    }
    const sent = alter === undefined ? update : alter(update, work)
    if (!(sent instanceof Promise)) hold(sent)
    else
      alterations.await(peer, sent, hold, (error) => {
        if (!work.signal.aborted) failed(peer, error as Error)
      })
  }

  #fetch(peer: number, { round, member }: WorkOf<'fetch'>, done: Done): void {
    const { digest } = member
    const { holdings } = this
    const network = this.#options.network()
    const over = this.#whileRound(peer, round)
    const held = (): void => {
      const vector = holdings.vector(digest)
      if (vector === undefined) throw new Error(`the update ${digest} that was held is gone: this is a bug`)
      holdings.hold(peer, round, vector, digest)
      this.#watch(peer, { kind: 'held', round, nowMs: network.nowMs() })
      done(holdings.isFinite(digest) ? { kind: 'held' } : { kind: 'unfit', reason: 'it holds NaN or infinity' })
    }
    const sources = (): number[] =>
      announcedSources(member.peer, network.participant(peer).holders(round, member), peer)
    this.#pull(peer, digest, sources, () => !over.aborted, held)
  }

  #adopt(peer: number, { round, model: digest, signers }: WorkOf<'adopt'>, done: Done): void {
    // A newer adoption replaces this one.
    const adoption = { round }
    this.#adoptions[peer] = adoption
    const wanted = (): boolean => this.#adoptions[peer] === adoption
    this.#pull(
      peer,
      digest,
      () => signersInTurn(round, signers),
      wanted,
      () => {
        this.holdings.holdModel(peer, this.holdings.vector(digest)!, digest)
        done({ kind: 'adopted' })
      },
    )
  }

  #pull(peer: number, digest: Digest, sources: () => readonly number[], wanted: () => boolean, got: () => void): void {
    if (this.holdings.holds(peer, digest)) {
      got()
      return
    }
    const serves = (source: number): number | undefined => {
      const { powers } = this.#seats[source]!
      if (!this.holdings.holds(source, digest) || powers.serves?.(digest, peer) === false) return undefined
      return powers.serveDelayMs?.(digest, peer) ?? 0
    }
    const sizeBytes = this.#options.task.initial.byteLength
    pull(this.#options.network(), {
      peer,
      sizeBytes,
      sources,
      serves,
      wanted,
      got: () => wanted() && got(),
    })
  }

  #aggregate(peer: number, { round, model: digest, members }: WorkOf<'aggregate'>, done: Done): void {
    const rule = ruleOf(this.#options.parameters)
    const vector = this.#once(`${digest} ${keyOf(members)}`, () => {
      const digests = members.map((member) => member.digest)
      return nextModel(rule, this.#workspace, this.#rowsOf(members), this.#vector(digest), digests)
    })
    const model = this.holdings.holdModel(peer, vector)
    this.#watch(peer, { kind: 'aggregated', round, tookMs: 0, nowMs: this.#options.network().nowMs() })
    done({ kind: 'aggregated', model })
  }

  #average(peer: number, { round, by, members, onto, into }: WorkOf<'average'>, done: Done): void {
    const rule = ruleOf(this.#options.parameters)
    const vector = this.#once(`${JSON.stringify(by)} ${onto} ${keyOf(members)}`, () => {
      const rows = this.#rowsOf(members)
      const result = average(by, rule, this.#workspace, rows, (digest) => this.#vector(digest))
      const model = onto === undefined ? undefined : this.#vector(onto)
      if (model !== undefined) for (let i = 0; i < result.length; i++) result[i]! += model[i]!
      return result
    })
    const digest = into === 'vector' ? this.holdings.hold(peer, round, vector) : this.holdings.holdModel(peer, vector)
    this.#watch(peer, { kind: 'aggregated', round, tookMs: 0, nowMs: this.#options.network().nowMs() })
    done({ kind: 'averaged', digest })
  }

  #vector(digest: Digest): Vector {
    const vector = this.holdings.vector(digest)
    if (vector === undefined) throw new Error(`the vector ${digest} is not held: this is a bug`)
    return vector
  }

  /** The vectors of the members as rows of the workspace, in their order. */
  #rowsOf(members: readonly Member[]): number[] {
    return members.map(({ digest }, row) => {
      this.#workspace.vector(row).set(this.#vector(digest))
      return row
    })
  }

  #once(key: string, compute: () => Vector): Vector {
    const before = this.#computed.get(key)
    if (before !== undefined) return before
    const vector = compute()
    this.#computed.set(key, vector)
    for (const oldest of this.#computed.keys()) if (this.#computed.size > computedKept) this.#computed.delete(oldest)
    return vector
  }
}

function keyOf(members: readonly Member[]): string {
  return members.map(({ peer, digest }) => `${peer}:${digest}`).join()
}
