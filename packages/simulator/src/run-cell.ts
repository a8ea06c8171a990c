/** One cell with one seed: a network of peers from the first round to the last, or to where it stops. */
import type { DriverEvent } from '@hearsay/peer'
import { type Digest, digestOfVector } from '@hearsay/protocol'
import type { TrainingTask } from '@hearsay/training'
import { InProcessNetwork } from './in-process-network.ts'
import { distance, forks, outsideTraining, round1 } from './measures.ts'
import { Observation, type RoundMeasures } from './observation.ts'
import type { Progress } from './progress.ts'
import { median, type RoundRow, type SeedMeasures } from './results/index.ts'
import { type Cell, maliciousPeers, type Partition, partitionsOf } from './scenario/index.ts'

export interface CellResult {
  readonly measures: SeedMeasures
  /** By round and peer. */
  readonly rows: readonly RoundRow[]
  /** Per round, ms from when the last honest peer had trained to when all honest peers had certified. */
  readonly outsideTrainingMs: readonly number[]
}

export interface CellOptions {
  readonly cell: Cell
  readonly seed: number
  readonly task: TrainingTask
  readonly onProgress?: (progress: Progress) => void
  /** Everything that happened at honest peers, in order. */
  readonly onEvent?: (event: { peer: number; event: DriverEvent }) => void
  readonly signal?: AbortSignal
}

export async function runCell(options: CellOptions): Promise<CellResult> {
  const run = new CellRun(options)
  try {
    await run.run()
    return await run.result()
  } finally {
    await run.close()
  }
}

class CellRun {
  readonly #options: CellOptions
  readonly #observed = new Map<number, Observation>()
  readonly #evaluations = new Map<Digest, Promise<{ accuracy: number; loss: number }>>()
  readonly #pending: Partition[]
  readonly #over = Promise.withResolvers<void>()
  #network: InProcessNetwork | undefined
  #partition: { readonly partition: Partition; readonly timer: NodeJS.Timeout | undefined } | undefined
  #stall: NodeJS.Timeout | undefined
  #stalled = false
  #reported = 0

  constructor(options: CellOptions) {
    this.#options = options
    this.#pending = [...partitionsOf(options.cell.parameters)]
  }

  async run(): Promise<void> {
    const { cell, seed, task, signal } = this.#options
    const watch = (index: number, event: DriverEvent): void => this.#onEvent(index, event)
    this.#network = await InProcessNetwork.create({ parameters: cell.parameters, seed, task, watch })
    for (const index of this.#network.honest) this.#observed.set(index, new Observation())
    this.#beginPartitions(1)
    await this.#network.start()
    this.#progressed()
    const abort = (): void => this.#over.reject(signal?.reason)
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    await this.#over.promise.finally(() => signal?.removeEventListener('abort', abort))
  }

  async close(): Promise<void> {
    clearTimeout(this.#stall)
    clearTimeout(this.#partition?.timer)
    await this.#network?.stop()
  }

  #note(text: string): void {
    this.#options.onProgress?.({ kind: 'note', label: this.#options.cell.label, text })
  }

  #onEvent(index: number, event: DriverEvent): void {
    const observed = this.#observed.get(index)
    if (observed === undefined) return
    observed.on(event)
    this.#options.onEvent?.({ peer: index, event })
    if (event.kind === 'failed') this.#over.reject(event.error)
    if (event.kind !== 'output') return
    const { output } = event
    if (output.kind === 'round') this.#beginPartitions(output.round)
    if (output.kind === 'certified') {
      this.#progressed()
      const { round, model } = output.certificate.checkpoint
      const bytes = this.#network?.driver(index).host.bytes
      if (bytes !== undefined) observed.countBytes(round, bytes)
      this.#evaluate(index, model)
      this.#liftPartition(round)
      this.#report()
    }
    if (output.kind === 'halted') this.#note(`peer ${index} sees a fork and stops learning`)
    this.#checkOver()
  }

  #progressed(): void {
    clearTimeout(this.#stall)
    this.#stall = setTimeout(() => {
      this.#stalled = true
      this.#note(`no round was certified for ${this.#options.cell.parameters.stallMs} ms: stalled`)
      this.#over.resolve()
    }, this.#options.cell.parameters.stallMs)
  }

  #checkOver(): void {
    const { rounds } = this.#options.cell.parameters
    const done = [...this.#observed.values()].every(({ halted, height }) => halted || height >= rounds)
    if (done && this.#partition === undefined) this.#over.resolve()
  }

  #beginPartitions(round: number): void {
    const next = this.#pending[0]
    if (next === undefined || next.fromRound > round || this.#partition !== undefined) return
    this.#pending.shift()
    const lift = next.untilMs === undefined ? undefined : setTimeout(() => this.#restore(), next.untilMs)
    this.#partition = { partition: next, timer: lift }
    this.#network?.partition(next)
    this.#note('the network is cut in parts')
  }

  #liftPartition(certified: number): void {
    if (this.#partition !== undefined && certified >= this.#partition.partition.untilRound) this.#restore()
  }

  #restore(): void {
    clearTimeout(this.#partition?.timer)
    this.#partition = undefined
    this.#network?.partition(undefined)
    this.#note('the parts of the network meet')
  }

  #evaluate(index: number, digest: Digest): Promise<{ accuracy: number; loss: number }> {
    const known = this.#evaluations.get(digest)
    if (known !== undefined) return known
    // A peer that is behind certifies before it holds the model; whoever made it holds it.
    const drivers = [index, ...this.#observed.keys()].map((peer) => this.#network?.driver(peer))
    const model = drivers.map((driver) => driver?.model(digest)).find((held) => held !== undefined)
    const evaluation =
      model === undefined
        ? Promise.resolve({ accuracy: Number.NaN, loss: Number.NaN })
        : this.#options.task.evaluate(model)
    evaluation.catch((error: unknown) => this.#over.reject(error))
    if (model !== undefined) this.#evaluations.set(digest, evaluation)
    return evaluation
  }

  /** Tells of a round once every honest peer has it, or as far as it came when the next begins. */
  #report(): void {
    const heights = [...this.#observed.values()].map(({ height }) => height)
    const round = Math.min(...heights)
    if (round <= this.#reported) return
    this.#reported = round
    const first = this.#network?.honest[0] ?? 0
    const measured = this.#observed.get(first)?.rounds.find((each) => each.round === round)
    if (measured === undefined) return
    const { label, parameters } = this.#options.cell
    const honest = heights.length
    const receivedBytes = this.#network?.driver(first).host.bytes.received ?? 0
    this.#evaluate(first, measured.model).then(
      ({ accuracy }) =>
        this.#options.onProgress?.({
          kind: 'round',
          label,
          round,
          rounds: parameters.rounds,
          accuracy,
          certified: heights.filter((height) => height >= round).length,
          honest,
          receivedBytes,
        }),
      () => {},
    )
  }

  async result(): Promise<CellResult> {
    const { cell, seed, task } = this.#options
    const { rounds } = cell.parameters
    const network = this.#network!
    const peers = [...this.#observed.entries()]
    const models = peers.map(([index, { head }]) => {
      const digest = head?.checkpoint.model ?? digestOfVector(task.initial)
      return { index, digest, model: network.driver(index).model(digest) ?? task.initial }
    })
    const accuracies: number[] = []
    for (const { digest, model } of models) {
      if (!this.#evaluations.has(digest)) this.#evaluations.set(digest, task.evaluate(model))
      accuracies.push((await this.#evaluations.get(digest)!).accuracy)
    }
    const liars = new Set(maliciousPeers(cell.parameters).keys())
    const named = new Set(
      peers.flatMap(([, { evidence }]) => evidence.flatMap(({ culprits }) => culprits.map((p) => network.indexOf(p)))),
    )
    const times = peers.flatMap(([, observed]) => observed.rounds.map(({ timeMs }) => timeMs))
    const time = (of: (times: RoundMeasures['timeMs']) => number): number =>
      times.length === 0 ? 0 : round1(median(times.map(of)))
    const bytes = (of: 'sent' | 'received'): number =>
      Math.round(peers.reduce((sum, [index]) => sum + network.driver(index).host.bytes[of], 0) / peers.length)
    return {
      measures: {
        seed,
        rounds,
        accuracy: { least: Math.min(...accuracies), median: median(accuracies), greatest: Math.max(...accuracies) },
        disagreement: { distance: distance(models.map(({ model }) => model)), forks: forks(peers.map(([, o]) => o)) },
        liveness: { certified: Math.min(rounds, ...peers.map(([, { height }]) => height)), rounds },
        evidence: {
          culprits: [...named].filter((index) => liars.has(index)).length,
          falseAccusations: [...named].filter((index) => !liars.has(index)).length,
        },
        bytes: { sent: bytes('sent'), received: bytes('received') },
        timeMs: {
          training: time(({ training }) => training),
          exchange: time(({ exchange }) => exchange),
          agreement: time(({ agreement }) => agreement),
          aggregation: time(({ aggregation }) => aggregation),
          total: time(({ total }) => total),
        },
        stalled: this.#stalled,
      },
      rows: await this.#rows(),
      outsideTrainingMs: outsideTraining(peers.map(([, observed]) => observed)),
    }
  }

  async #rows(): Promise<RoundRow[]> {
    const rows: RoundRow[] = []
    const { cell, seed } = this.#options
    for (const [peer, { rounds, halted, bytes }] of this.#observed)
      for (const { round, model, timeMs } of rounds) {
        const { accuracy, loss } = (await this.#evaluations.get(model)) ?? { accuracy: null, loss: null }
        const { sent, received } = bytes.get(round) ?? { sent: 0, received: 0 }
        rows.push({
          cell: cell.index,
          label: cell.label,
          seed,
          round,
          peer,
          accuracy,
          loss,
          certified: true,
          forked: halted,
          bytesSent: sent,
          bytesReceived: received,
          trainingMs: timeMs.training,
          exchangeMs: timeMs.exchange,
          agreementMs: timeMs.agreement,
          aggregationMs: timeMs.aggregation,
        })
      }
    return rows.sort((a, b) => a.round - b.round || a.peer - b.peer)
  }
}
