/** A scenario from its first cell to its results: what `hearsay run` does. */
import { digestOf } from '@hearsay/protocol'
import { startTrainingPool, type TrainingPool, type TrainingTask } from '@hearsay/training'
import type { CellResult } from './cell-result.ts'
import type { Progress } from './progress.ts'
import {
  CellLedgers,
  createRunFolder,
  type RunFolder,
  type SeedMeasures,
  type Summary,
  type SummaryCell,
  summarise,
} from './results/index.ts'
import { runCell } from './run-cell.ts'
import { RunError } from './run-error.ts'
import { type Cell, endOfRounds, judge, type LoadedScenario, placeIn } from './scenario/index.ts'

export interface RunOptions {
  readonly scenario: LoadedScenario
  readonly engine: 'native' | 'wasm' | 'auto'
  /** Where folders of runs are. */
  readonly root: string
  readonly commandLine: readonly string[]
  readonly onProgress?: (progress: Progress) => void
  /** Keep updates and models too, so that aggregates can be computed again. */
  readonly archive?: boolean
  /** Writes what peers say and hear among the events; on the virtual network only. */
  readonly trace?: boolean
  /** Ends the run at once; cells that are done stay in the folder. */
  readonly signal?: AbortSignal
}

export interface RunResult {
  readonly summary: Summary
  readonly folder: string
}

/**
 * Runs every cell with every seed, and writes the folder of the run as it goes.
 *
 * @throws RunError `RUN_INTERRUPTED` when the signal ended it, `RUN_CELL_FAILED` when a peer or its training broke
 * @throws TrainingError when the engine or the data cannot be had; there is no folder then
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { scenario, signal } = options
  const pool = await startTrainingPool({ engine: options.engine })
  const tasks = new Tasks(pool, scenario.cells)
  let folder: RunFolder | undefined
  try {
    const { name, version, notice } = pool.engine
    const engine = `${name} (${version})`
    options.onProgress?.({ kind: 'engine', engine, ...(notice === undefined ? {} : { notice }) })
    // Data that is missing is an error before there is a folder.
    for (const cell of scenario.cells) await untilAborted(tasks.open(cell, cell.seeds[0]!), signal)
    folder = createRunFolder({
      root: options.root,
      scenario: scenario.name,
      engine,
      seeds: scenario.seeds,
      commandLine: options.commandLine,
      resolved: scenario.resolved,
      extensions: scenario.extensions,
      startedAt: new Date(),
    })
    if (folder.notice !== undefined) options.onProgress?.({ kind: 'note', text: folder.notice })
    const summary = await runCells(options, { engine, tasks, folder })
    await folder.finish(summary, new Date())
    return { summary, folder: folder.path }
  } catch (error) {
    if (!signal?.aborted) throw error
    const kept = folder === undefined ? 'before it began' : `what was done is in ${folder.path}`
    throw new RunError('RUN_INTERRUPTED', `interrupted; ${kept}`, { cause: error })
  } finally {
    folder?.close()
    await pool.close()
  }
}

async function runCells(
  options: RunOptions,
  { engine, tasks, folder }: { engine: string; tasks: Tasks; folder: RunFolder },
): Promise<Summary> {
  const { scenario, onProgress } = options
  const results: (SummaryCell | undefined)[] = scenario.cells.map(() => undefined)
  const summary = (): Summary => ({
    scenario: scenario.name,
    question: scenario.question,
    engine,
    seeds: [...scenario.seeds],
    ...traceDigestOf(results),
    cells: results.filter((result) => result !== undefined),
    ...(scenario.plot.length > 0 && { plot: [...scenario.plot] }),
    expectations: judge(scenario.expectations, scenario.cells, results).map((verdict) => ({
      ...verdict,
      failures: [...verdict.failures],
    })),
  })
  folder.writeSummary(summary())
  for (const cell of scenario.cells) {
    const bySeed: SeedMeasures[] = []
    for (const seed of cell.seeds) {
      const { index, label, parameters } = cell
      const end = endOfRounds([parameters.agreement.kind])
      onProgress?.({ kind: 'cell', cell: index, cells: scenario.cells.length, label, seed, end })
      const { measures, rows } = await runSeed(options, { cell, seed, tasks, folder })
      for (const row of rows) folder.writeRound(row)
      bySeed.push(measures)
      results[index] = summarise(cell, bySeed)
      folder.writeSummary(summary())
      onProgress?.({ kind: 'done', measures })
    }
  }
  return summary()
}

/** Of all cells and seeds so far, when every one has one. */
function traceDigestOf(results: readonly (SummaryCell | undefined)[]): Pick<Summary, 'traceDigest'> {
  const digests = results.flatMap((cell) => cell?.bySeed.map(({ traceDigest }) => traceDigest) ?? [])
  if (digests.length === 0 || digests.includes(undefined)) return {}
  return { traceDigest: digestOf(new TextEncoder().encode(digests.join('\n'))) }
}

async function runSeed(
  { scenario, onProgress, signal, archive = false, trace = false }: RunOptions,
  { cell, seed, tasks, folder }: { cell: Cell; seed: number; tasks: Tasks; folder: RunFolder },
): Promise<CellResult> {
  try {
    return await runCell({
      cell,
      seed,
      task: await tasks.open(cell, seed),
      ...(onProgress === undefined ? {} : { onProgress }),
      onEvent: (event) => folder.writeEvent({ cell: cell.index, seed, ...event }),
      ...(trace && { onStory: (event) => folder.writeEvent({ cell: cell.index, seed, ...event }) }),
      ledgers: ({ record, honest }) =>
        new CellLedgers(folder.path, { cell: cell.index, seed, record, honest }, archive),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    const own = placeIn(
      scenario.extensions.map(({ name }) => name),
      error,
    )
    // What has no code is a bug, and its stack is wanted as it is, unless the bug is in a file of the user's own.
    if (signal?.aborted || (own === undefined && typeof (error as { code?: unknown }).code !== 'string')) throw error
    const place = `cell "${cell.label}", seed ${seed}`
    const what = own === undefined ? (error as Error).message : `${own}: ${error}`
    const message = `${place}: ${what.replace(/\.$/, '')}; cells that were done before are in ${folder.path}`
    throw new RunError('RUN_CELL_FAILED', message, { cause: error })
  } finally {
    await tasks.close(cell, seed)
  }
}

/** Tasks of training: cells that differ elsewhere share one, which is open until the last of them is done. */
class Tasks {
  readonly #pool: TrainingPool
  readonly #open = new Map<string, Promise<TrainingTask>>()
  readonly #uses = new Map<string, number>()

  constructor(pool: TrainingPool, cells: readonly Cell[]) {
    this.#pool = pool
    for (const cell of cells)
      for (const seed of cell.seeds) {
        const key = keyOf(cell, seed)
        this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1)
      }
  }

  open(cell: Cell, seed: number): Promise<TrainingTask> {
    const { task, learning, peers } = cell.parameters
    const key = keyOf(cell, seed)
    const opened = this.#open.get(key) ?? this.#pool.open({ task, learning, peers, seed })
    this.#open.set(key, opened)
    // An interrupt closes the pool while nobody waits for this any more.
    opened.catch(() => {})
    return opened
  }

  /** This cell and seed are done. */
  async close(cell: Cell, seed: number): Promise<void> {
    const key = keyOf(cell, seed)
    const left = (this.#uses.get(key) ?? 0) - 1
    this.#uses.set(key, left)
    if (left > 0) return
    // A pool that has broken closes nothing, and has said why.
    await this.#open
      .get(key)
      ?.then((task) => task.close())
      .catch(() => {})
    this.#open.delete(key)
  }
}

function keyOf({ parameters: { task, learning, peers } }: Cell, seed: number): string {
  return JSON.stringify({ task, learning, peers, seed })
}

/** The value, or the signal's reason as soon as it is aborted. */
async function untilAborted<T>(value: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return value
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([value, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
