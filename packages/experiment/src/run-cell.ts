/** One cell with one seed: a network of peers from the first round to the last, or to where it stops. */
import { bytesOf, type DriverEvent, type Names, tellEvent, untilAborted } from '@hearsay/peer'
import { type Certificate, type Digest, digestOfVector, type Ended, encodeCertificate } from '@hearsay/protocol'
import type { CellLedgers, LedgersOf } from '@hearsay/results'
import { RunError } from '@hearsay/results'
import {
  type Cell,
  endOfRounds,
  faultOfConditions,
  maliciousCount,
  type Partition,
  partitionsOf,
} from '@hearsay/scenario'
import type { TrainingTask } from '@hearsay/training'
import { worstOf } from '@hearsay/training/schema'
import { type Boundary, lastFrom, modelsAt } from './boundary.ts'
import type { CellNetwork } from './cell-network.ts'
import { type CellResult, cellResult, evaluateModel } from './cell-result.ts'
import { divergenceRemedy } from './divergence.ts'
import type { RunEvent, TalkEvent } from './events.ts'
import { forkedRounds } from './measures.ts'
import type { Observation } from './observation.ts'
import { PartitionSchedule } from './partition-schedule.ts'
import type { Progress } from './progress.ts'
import type { ScenarioIndex } from './scenario-index.ts'
import { Seen, type SeenBefore } from './seen.ts'
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
  /** Where it goes on, in place of beginning. */
  readonly from?: CellCheckpoint | undefined
  /** Told of each checkpoint, when nothing happens any more in the network before it. */
  readonly onCheckpoint?: (checkpoint: CellCheckpoint) => void
}

/** All that a cell goes on with. */
export interface CellCheckpoint extends Boundary {
  readonly seen: SeenBefore
}

/**
 * Runs until every honest peer has certified the last round or seen a fork, or until nothing goes on any more. Throws
 * the reason of the signal, at once, or what kept a peer from going on, RunError `not-connected` when the peers never came
 * to be a network, and what `onEvent`, `onTalk`, `onCheckpoint` and `ledgers` throw.
 */
export async function runCell(options: CellOptions): Promise<CellResult> {
  let { from } = options
  for (;;) {
    const end = await runNetwork(options, from)
    if ('result' in end) return end.result
    from = end.checkpoint
    options.onCheckpoint?.(from)
  }
}

type NetworkEnd = { readonly result: CellResult } | { readonly checkpoint: CellCheckpoint }

/** From one checkpoint to the next, or to the end. */
async function runNetwork(options: CellOptions, from: CellCheckpoint | undefined): Promise<NetworkEnd> {
  const { cell, seed, task, signal } = options
  const { parameters } = cell
  const until = lastFrom(from?.round ?? 0, parameters.rounds, parameters.checkpointEvery)
  const beganMs = from?.seen.elapsedMs ?? 0
  const onTalk = options.onTalk && ((event: TalkEvent) => options.onTalk!({ ...event, atMs: beganMs + event.atMs }))
  const network = await untilAborted(createNetwork({ parameters, seed, task, onTalk, signal, from, until }), signal)
  // Whoever interrupts waits for nothing any more: what is left of the hosts ends beside it.
  const stop = (): Promise<void> => untilAborted(network.stop(), signal).catch(() => {})
  let run: CellRun | undefined
  try {
    run = new CellRun(options, network, until, from)
    await run.run()
    if (run.isLast) return { result: await untilAborted(run.result(), signal) }
    await stop()
    return { checkpoint: await untilAborted(run.checkpoint(), signal) }
  } finally {
    run?.close()
    await stop()
  }
}

async function createNetwork(options: VirtualCellOptions): Promise<CellNetwork> {
  const { parameters, task } = options
  const fault = faultOfConditions(parameters.pauses, task.initial.length)
  if (fault !== undefined) throw new RangeError(fault)
  if (parameters.network.transport === 'virtual') return VirtualCell.create(options)
  // Only here: nothing that is virtual need wait for libp2p.
  const { InProcessNetwork } = await import('./in-process-network.ts')
  return InProcessNetwork.create(options)
}

class CellRun {
  readonly #options: CellOptions
  readonly #network: CellNetwork
  readonly #names: Names
  /** The last round of this network. */
  readonly #until: number
  readonly #seen: Seen
  /** Encoded, by round less 1. */
  readonly #certificates: Uint8Array<ArrayBuffer>[]
  readonly #models: Digest[]
  /** By position, as of the last round of this network. */
  #executed: readonly number[] | undefined
  readonly #partitions: PartitionSchedule
  readonly #stall: StallWatch
  readonly #over = Promise.withResolvers<void>()
  #ended = false
  readonly #ledgers: CellLedgers | undefined
  #stalled = false
  /** Whether all peers were connected once, and began. */
  #started = false
  /** Of rounds, in order. */
  #telling = Promise.resolve()

  constructor(options: CellOptions, network: CellNetwork, until: number, from: CellCheckpoint | undefined) {
    this.#options = options
    this.#network = network
    this.#names = { ofPosition: network.indexOf, ofId: network.indexOfId }
    this.#until = until
    this.#seen = new Seen(network, from?.seen)
    this.#certificates = [...(from?.certificates ?? [])]
    this.#models = from?.models.map(digestOfVector) ?? [digestOfVector(options.task.initial)]
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
      seen: this.#seen,
      stalled: this.#stalled,
    })
  }

  /** Whether no other network follows. Whoever has seen a fork does not go on, and nobody goes on without it. */
  get isLast(): boolean {
    const halted = [...this.#observed.values()].some((each) => each.halted)
    return this.#stalled || halted || this.#until >= this.#options.cell.parameters.rounds
  }

  async checkpoint(): Promise<CellCheckpoint> {
    this.#tellRounds(this.#until)
    await this.#telling
    const peers = [...Array(this.#options.cell.parameters.peers).keys()]
    return {
      round: this.#until,
      certificates: this.#certificates.slice(0, this.#until),
      models: modelsAt(this.#until, this.#models, (digest) => this.#network.model(digest)),
      momenta: this.#network.momenta(this.#executed),
      executed: this.#executed,
      proven: peers.map((at) => [...(this.#observed.get(this.#network.indexOf(at))?.culprits ?? [])]),
      seen: await this.#seen.kept(),
    }
  }

  get #observed(): ReadonlyMap<ScenarioIndex, Observation> {
    return this.#seen.observed
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
    this.#options.onEvent?.({ peer: index, atMs: this.#seen.nowMs(), ...tellEvent(event, this.#names) })
    // Every peer trains once a round: training that takes long is not a network that stands still.
    if (event.kind === 'trained' || (event.kind === 'neighbour' && !this.#started)) this.#stall.progressed()
    if (event.kind === 'diverged') this.#onDiverged(index, event.round)
    if (event.kind !== 'output') return
    const { output } = event
    if (output.kind === 'round') this.#partitions.begun(output.round)
    if (output.kind === 'round-ended') {
      const { certificate } = output
      if (certificate) this.#onCertified(index, certificate)
      this.#onRoundOver(index, observed, output)
    }
    if (output.kind === 'evidence') this.#ledgers?.evidence(index, output.evidence)
    if (output.kind === 'halted') this.#onHalted(output.evidence)
    this.#checkOver()
  }

  #onCertified(index: ScenarioIndex, certificate: Certificate): void {
    this.#ledgers?.certified(index, certificate, (digest) => this.#network.parts(digest))
    if (this.#options.cell.parameters.checkpointEvery === undefined) return
    const { round, model } = certificate.checkpoint
    if (this.#certificates[round - 1] !== undefined) return
    this.#certificates[round - 1] = encodeCertificate(certificate)
    this.#models.push(model)
    if (round === this.#until) this.#executed = certificate.checkpoint.pauses?.executed
  }

  #onRoundOver(index: ScenarioIndex, observed: Observation, { round, model }: Ended): void {
    this.#stall.progressed()
    observed.countBytes(round, this.#seen.bytes(index))
    this.#evaluate(round, model)
    const least = Math.min(...[...this.#observed.values()].map(({ height }) => height))
    this.#seen.disagreement.forget(least)
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
    if (this.#stalled) this.#note(`no round was ${endOfRounds([agreement])} for ${stallMs / 1000} s: stalled`)
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
    return [...this.#observed.values()].every(({ halted, height }) => halted || height >= this.#until)
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
    this.#seen.disagreement.add(round, digest, model)
    const { rounds, evaluateEvery = 1 } = this.#options.cell.parameters
    const asked = round % evaluateEvery === 0 || round === rounds
    const { evaluations } = this.#seen
    if (!asked || evaluations.has(digest)) return
    const evaluation = evaluateModel(this.#options, model)
    evaluations.set(digest, evaluation)
    evaluation.catch((error: unknown) => this.#fail(error))
  }

  /** Tells of each round once every honest peer has it, or up to `began`, the last before one that others have. */
  #tellRounds(began: number): void {
    const heights = [...this.#observed.values()].map(({ height }) => height)
    const last = Math.min(Math.max(...heights), Math.max(began, Math.min(...heights)))
    while (this.#seen.told < last) this.#tellRound(++this.#seen.told, heights)
  }

  #tellRound(round: number, heights: readonly number[]): void {
    const { rounds } = this.#options.cell.parameters
    const observed = [...this.#observed.values()]
    const models = new Set(observed.flatMap((each) => each.rounds.find((one) => one.round === round)?.model ?? []))
    const ended = heights.filter((height) => height >= round).length
    const received = [...this.#observed.keys()].map((index) => this.#seen.bytes(index).received)
    const receivedBytes = received.reduce((sum, bytes) => sum + bytes, 0) / received.length
    const counts = { ended, honest: heights.length, models: models.size, receivedBytes }
    const evaluations = Promise.all([...models].map((model) => this.#seen.evaluations.get(model)))
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
