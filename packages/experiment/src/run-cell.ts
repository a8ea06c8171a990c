/** One cell with one seed: a network of peers from the first round to the last, or to where it stops. */
import { bytesOf, type DriverEvent, type Names, tellEvent, untilAborted } from '@hearsay/peer'
import { type Digest, digestOfVector, type Ended } from '@hearsay/protocol'
import type { CellLedgers, LedgersOf } from '@hearsay/results'
import { RunError } from '@hearsay/results'
import { type Cell, endOfRounds, maliciousCount, type Partition, partitionsOf } from '@hearsay/scenario'
import type { TrainingTask } from '@hearsay/training'
import { type Evaluation, worstOf } from '@hearsay/training/schema'
import type { CellNetwork } from './cell-network.ts'
import { type CellResult, cellResult, evaluateModel } from './cell-result.ts'
import { Disagreement } from './disagreement.ts'
import { divergenceRemedy } from './divergence.ts'
import type { RunEvent, TalkEvent } from './events.ts'
import { forkedRounds } from './measures.ts'
import { Observation } from './observation.ts'
import { PartitionSchedule } from './partition-schedule.ts'
import type { Progress } from './progress.ts'
import type { ScenarioIndex } from './scenario-index.ts'
import { StallWatch } from './stall-watch.ts'
import { VirtualCell, type VirtualCellOptions } from './virtual-cell.ts'

export interface CellOptions {
  readonly cell: Cell
  readonly seed: number
  readonly task: TrainingTask
  readonly onProgress?: (progress: Progress) => void
  /** Everything that happens at honest peers, in order. */
  readonly onEvent?: (event: RunEvent) => void
  /** Keeps what honest peers certify and can prove. */
  readonly ledgers?: (network: LedgersOf) => CellLedgers
  /** What peers say and hear; on the virtual network only. */
  readonly onTalk?: (event: TalkEvent) => void
  readonly signal?: AbortSignal
}

/**
 * Runs until every honest peer has certified the last round or seen a fork, or until nothing goes on any more. Throws
 * the reason of the signal, at once, or what kept a peer from going on, RunError `not-connected` when the peers never came
 * to be a network, and what `onEvent`, `onTalk` and `ledgers` throw.
 */
export async function runCell(options: CellOptions): Promise<CellResult> {
  const { cell, seed, task } = options
  const { parameters } = cell
  const { onTalk, signal } = options
  const network = await untilAborted(createNetwork({ parameters, seed, task, onTalk, signal }), signal)
  let run: CellRun | undefined
  try {
    run = new CellRun(options, network)
    await run.run()
    return await untilAborted(run.result(), signal)
  } finally {
    run?.close()
    // Whoever interrupts waits for nothing any more: what is left of the hosts ends beside it.
    await untilAborted(network.stop(), signal).catch(() => {})
  }
}

async function createNetwork(options: VirtualCellOptions): Promise<CellNetwork> {
  if (options.parameters.network.transport === 'virtual') return VirtualCell.create(options)
  // Only here: nothing that is virtual need wait for libp2p.
  const { InProcessNetwork } = await import('./in-process-network.ts')
  return InProcessNetwork.create(options)
}

class CellRun {
  readonly #options: CellOptions
  readonly #network: CellNetwork
  readonly #names: Names
  readonly #startedMs: number
  readonly #observed = new Map<number, Observation>()
  readonly #evaluations = new Map<Digest, Promise<Evaluation>>()
  readonly #disagreement = new Disagreement()
  readonly #partitions: PartitionSchedule
  readonly #stall: StallWatch
  readonly #over = Promise.withResolvers<void>()
  #ended = false
  readonly #ledgers: CellLedgers | undefined
  #stalled = false
  /** Whether all peers were connected once, and began. */
  #started = false
  /** The newest round that was told of, and the telling, in order. */
  #told = 0
  #telling = Promise.resolve()

  constructor(options: CellOptions, network: CellNetwork) {
    this.#options = options
    this.#network = network
    this.#names = { ofPosition: network.indexOf, ofId: network.indexOfId }
    this.#startedMs = network.clock.nowMs()
    for (const index of network.honest) this.#observed.set(index, new Observation())
    const { parameters } = options.cell
    const cut = (partition: Partition | undefined): void => this.#cut(partition)
    this.#partitions = new PartitionSchedule(partitionsOf(parameters), parameters.rounds, network.clock, cut)
    this.#stall = new StallWatch({
      clock: network.clock,
      stallMs: parameters.stallMs,
      onWaiting: (waitedMs) => this.#tell({ kind: 'waiting', waitedMs, stallMs: parameters.stallMs }),
      onStalled: () => this.#onStalled(),
    })
    this.#ledgers = options.ledgers?.(network)
    const { initial } = options.task
    this.#ledgers?.keep(digestOfVector(initial), (digest) => [{ digest, bytes: bytesOf(initial) }])
    // It may be rejected before anybody waits for it.
    this.#over.promise.catch(() => {})
  }

  async run(): Promise<void> {
    const { signal } = this.#options
    signal?.throwIfAborted()
    const abort = (): void => this.#fail(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      this.#partitions.begun(1)
      // From here on nothing is waited for longer than the watch allows.
      this.#stall.progressed()
      const started = this.#network.start((index, event) => this.#guarded(() => this.#onEvent(index, event)))
      // It may be rejected, or never fulfilled, after the cell has ended.
      started.catch(() => {})
      await Promise.race([started, this.#over.promise])
      this.#started = true
      this.#stall.progressed()
      const ended = (): boolean => this.#ended
      await this.#network.runUntil({
        get over() {
          return ended()
        },
        promise: this.#over.promise,
      })
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  async result(): Promise<CellResult> {
    this.#tellRounds(Number.POSITIVE_INFINITY)
    await this.#telling
    return cellResult({
      ...this.#options,
      network: this.#network,
      observed: this.#observed,
      evaluations: this.#evaluations,
      disagreement: this.#disagreement,
      stalled: this.#stalled,
    })
  }

  close(): void {
    this.#stall.close()
    this.#partitions.close()
  }

  #end(): void {
    this.#ended = true
    this.#over.resolve()
  }

  #fail(reason: unknown): void {
    this.#ended = true
    this.#over.reject(reason)
  }

  /** What is called from within a host, which would take an error for its own. */
  #guarded(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#fail(error)
    }
  }

  #tell(progress: Progress): void {
    this.#options.onProgress?.(progress)
  }

  #onEvent(index: ScenarioIndex, event: DriverEvent): void {
    // A liar that breaks is a bug too: what it would have done is not what the cell says.
    if (event.kind === 'failed') this.#fail(event.error)
    const observed = this.#observed.get(index)
    if (observed === undefined) return
    observed.on(event)
    const atMs = this.#network.clock.nowMs() - this.#startedMs
    this.#options.onEvent?.({ peer: index, atMs, ...tellEvent(event, this.#names) })
    // Every peer trains once a round: training that takes long is not a network that stands still.
    if (event.kind === 'trained' || (event.kind === 'neighbour' && !this.#started)) this.#stall.progressed()
    if (event.kind === 'diverged') this.#onDiverged(index, event.round)
    if (event.kind !== 'output') return
    const { output } = event
    if (output.kind === 'round') this.#partitions.begun(output.round)
    if (output.kind === 'round-ended') {
      const { certificate } = output
      if (certificate) this.#ledgers?.certified(index, certificate, (digest) => this.#network.parts(digest))
      this.#onRoundOver(index, observed, output)
    }
    if (output.kind === 'evidence') this.#ledgers?.evidence(index, output.evidence)
    if (output.kind === 'halted') this.#onHalted(output.evidence)
    this.#checkOver()
  }

  #onRoundOver(index: ScenarioIndex, observed: Observation, { round, model }: Ended): void {
    this.#stall.progressed()
    observed.countBytes(round, this.#network.bytes(index))
    this.#evaluate(round, model)
    const least = Math.min(...[...this.#observed.values()].map(({ height }) => height))
    this.#disagreement.forget(least)
    this.#partitions.ended(round, least)
    this.#tellRounds(round - 1)
  }

  /** Told once: it mostly happens to all, and in every round from then on. */
  #onDiverged(index: ScenarioIndex, round: number): void {
    const { parameters } = this.#options.cell
    const all = [...this.#observed.values()].reduce((sum, { diverged }) => sum + diverged, 0)
    if (all > 1) return
    this.#note(`peer ${index}, round ${round}: training diverged, to numbers that are not finite, and stands still`)
    this.#note(
      maliciousCount(parameters) > 0
        ? `liars did it, or else ${divergenceRemedy(parameters)}`
        : divergenceRemedy(parameters),
    )
  }

  #onHalted({ round, culprits }: { readonly round: number; readonly culprits: readonly number[] }): void {
    this.#stall.progressed()
    const halted = [...this.#observed.values()].filter((each) => each.halted).length
    if (halted > 1) return
    const names = culprits.map((position) => this.#network.indexOf(position)).sort((a, b) => a - b)
    this.#note(`the chain has forked in round ${round}: peers ${names.join(', ')} signed both sides`)
    this.#note('honest peers that see it stop learning')
  }

  #onStalled(): void {
    if (!this.#started) {
      this.#fail(this.#notConnected())
      return
    }
    this.#stalled = !this.#finished()
    const { agreement, stallMs } = this.#options.cell.parameters
    if (this.#stalled) this.#note(`no round was ${endOfRounds([agreement.kind])} for ${stallMs / 1000} s: stalled`)
    this.#end()
  }

  #notConnected(): RunError {
    const { network, stallMs } = this.#options.cell.parameters
    const what = `its peers did not all connect over ${network.transport}: no more of them did for ${stallMs / 1000} s`
    const remedy = 'raise stallMs for a slow machine, or take fewer peers'
    return new RunError('not-connected', `${what}; ${remedy}`)
  }

  #note(text: string): void {
    this.#tell({ kind: 'note', text })
  }

  #finished(): boolean {
    const { rounds } = this.#options.cell.parameters
    return [...this.#observed.values()].every(({ halted, height }) => halted || height >= rounds)
  }

  #checkOver(): void {
    if (!this.#finished() || this.#partitions.active) return
    const observed = [...this.#observed.values()]
    // Whoever is on one side of a fork sees it as soon as a neighbour of the other side answers.
    if (forkedRounds(observed).size > 0 && !observed.every(({ halted }) => halted)) return
    this.#end()
  }

  #cut(partition: Partition | undefined): void {
    this.#network.partition(partition)
    this.#note(partition === undefined ? 'the parts of the network meet' : 'the network is cut in parts')
  }

  /** Of a model that a round has just ended with: whoever aggregated it holds it now. */
  #evaluate(round: number, digest: Digest): void {
    const model = this.#network.model(digest)
    if (model === undefined) return
    this.#disagreement.add(round, digest, model)
    const { rounds, evaluateEvery = 1 } = this.#options.cell.parameters
    const asked = round % evaluateEvery === 0 || round === rounds
    if (!asked || this.#evaluations.has(digest)) return
    const evaluation = evaluateModel(this.#options, model)
    this.#evaluations.set(digest, evaluation)
    evaluation.catch((error: unknown) => this.#fail(error))
  }

  /** Tells of each round once every honest peer has it, or up to `began`, the last before one that others have. */
  #tellRounds(began: number): void {
    const heights = [...this.#observed.values()].map(({ height }) => height)
    const last = Math.min(Math.max(...heights), Math.max(began, Math.min(...heights)))
    while (this.#told < last) this.#tellRound(++this.#told, heights)
  }

  #tellRound(round: number, heights: readonly number[]): void {
    const { rounds } = this.#options.cell.parameters
    const observed = [...this.#observed.values()]
    const models = new Set(observed.flatMap((each) => each.rounds.find((one) => one.round === round)?.model ?? []))
    const ended = heights.filter((height) => height >= round).length
    const received = [...this.#observed.keys()].map((index) => this.#network.bytes(index).received)
    const receivedBytes = received.reduce((sum, bytes) => sum + bytes, 0) / received.length
    const counts = { ended, honest: heights.length, models: models.size, receivedBytes }
    const evaluations = Promise.all([...models].map((model) => this.#evaluations.get(model)))
    this.#telling = this.#telling.then(async () => {
      // A failed evaluation ends the cell by itself.
      const evaluated = await evaluations.catch(() => [])
      const headline = this.#options.task.measures[0]!
      const known = evaluated.flatMap((evaluation) => evaluation?.[headline.name] ?? [])
      const worst = known.length > 0 && { worst: worstOf(headline, known) }
      this.#tell({ kind: 'round', round, rounds, ...worst, ...counts })
    })
  }
}
