/** What has been seen of a cell so far, over all networks that it had one after the other. */
import { createHash } from 'node:crypto'
import type { Digest } from '@hearsay/protocol'
import type { Evaluation } from '@hearsay/training/schema'
import type { CellNetwork } from './cell-network.ts'
import { Disagreement } from './disagreement.ts'
import { Observation, type Observed, type Traffic } from './observation.ts'
import type { ScenarioIndex } from './scenario-index.ts'

/** As it is kept: numbers, texts, lists and maps. */
export interface SeenBefore {
  /** Of honest peers. */
  readonly observed: readonly (readonly [ScenarioIndex, Observed])[]
  readonly evaluations: readonly (readonly [Digest, Evaluation])[]
  readonly distances: ReadonlyMap<number, number | null>
  /** The newest round that was told of. */
  readonly told: number
  readonly elapsedMs: number
  readonly traffic: readonly (readonly [ScenarioIndex, Traffic])[]
  readonly traces: readonly Digest[]
}

export class Seen {
  readonly observed: ReadonlyMap<ScenarioIndex, Observation>
  readonly evaluations: Map<Digest, Promise<Evaluation>>
  readonly disagreement: Disagreement
  told: number
  /** How long the networks before this one had lasted. */
  readonly elapsedMs: number
  readonly #network: CellNetwork
  readonly #beganMs: number
  readonly #traffic: ReadonlyMap<ScenarioIndex, Traffic>
  readonly #traces: readonly Digest[]

  /** In this network, and before. */
  constructor(network: CellNetwork, before?: SeenBefore) {
    const observed = new Map(before?.observed)
    this.observed = new Map(network.honest.map((index) => [index, new Observation(observed.get(index))]))
    this.evaluations = new Map(before?.evaluations.map(([digest, one]) => [digest, Promise.resolve(one)]))
    this.disagreement = new Disagreement(before?.distances)
    this.told = before?.told ?? 0
    this.elapsedMs = before?.elapsedMs ?? 0
    this.#network = network
    this.#beganMs = network.clock.nowMs()
    this.#traffic = new Map(before?.traffic)
    this.#traces = before?.traces ?? []
  }

  /** Since the first network was made. */
  nowMs(): number {
    return this.elapsedMs + this.#network.clock.nowMs() - this.#beganMs
  }

  /** What a peer sent and received since then. */
  bytes(index: ScenarioIndex): Traffic {
    const { sent, received } = this.#network.bytes(index)
    const before = this.#traffic.get(index)
    return { sent: sent + (before?.sent ?? 0), received: received + (before?.received ?? 0) }
  }

  /** Of all that happened; of one network its own. */
  traceDigest(): Digest | undefined {
    const digest = this.#network.traceDigest?.()
    if (digest === undefined || this.#traces.length === 0) return digest
    return createHash('sha256')
      .update([...this.#traces, digest].join())
      .digest('hex')
  }

  /** For the next network, when nothing happens in this one any more. */
  async kept(): Promise<SeenBefore> {
    const evaluations = [...this.evaluations].map(async ([digest, one]) => [digest, await one] as const)
    const digest = this.#network.traceDigest?.()
    return {
      observed: [...this.observed].map(([index, one]) => [index, one.kept()]),
      evaluations: await Promise.all(evaluations),
      distances: this.disagreement.distances,
      told: this.told,
      elapsedMs: this.nowMs(),
      traffic: this.#network.honest.map((index) => [index, this.bytes(index)]),
      traces: digest === undefined ? this.#traces : [...this.#traces, digest],
    }
  }
}
