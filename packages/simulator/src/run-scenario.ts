/** A scenario from its first cell to its results: what `hearsay run` does. */
import { startTrainingPool, type TrainingPool, type TrainingTask } from '@hearsay/training'
import type { Progress } from './progress.ts'
import { createRunFolder, type RunFolder, type SeedMeasures, type Summary, summarise } from './results/index.ts'
import { runCell } from './run-cell.ts'
import { type Cell, judge, type LoadedScenario } from './scenario/index.ts'

export interface RunOptions {
  readonly scenario: LoadedScenario
  readonly engine: 'native' | 'wasm' | 'auto'
  /** Where folders of runs are. */
  readonly root: string
  readonly commandLine: readonly string[]
  readonly onProgress?: (progress: Progress) => void
  /** Ends the run after what is under way; what was done so far is kept. */
  readonly signal?: AbortSignal
}

export interface RunResult {
  readonly summary: Summary
  readonly folder: string
}

export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { scenario } = options
  const pool = await startTrainingPool({ engine: options.engine })
  const engine = `${pool.engine.name} (${pool.engine.version})`
  const { notice } = pool.engine
  options.onProgress?.({ kind: 'engine', engine, ...(notice === undefined ? {} : { notice }) })
  const tasks = new Tasks(pool)
  let folder: RunFolder | undefined
  try {
    // Data that is missing is an error before there is a folder.
    for (const cell of scenario.cells) for (const seed of cell.seeds) await tasks.open(cell, seed)
    folder = createRunFolder({
      root: options.root,
      scenario: scenario.name,
      engine,
      seeds: scenario.seeds,
      commandLine: options.commandLine,
      resolved: scenario.resolved,
      startedAt: new Date(),
    })
    const summary = await runCells(options, { engine, tasks, folder })
    await folder.finish(summary, new Date())
    return { summary, folder: folder.path }
  } finally {
    folder?.close()
    await pool.close()
  }
}

async function runCells(
  { scenario, onProgress, signal }: RunOptions,
  { engine, tasks, folder }: { engine: string; tasks: Tasks; folder: RunFolder },
): Promise<Summary> {
  const results: (ReturnType<typeof summarise> | undefined)[] = scenario.cells.map(() => undefined)
  const summary = (): Summary => ({
    scenario: scenario.name,
    question: scenario.question,
    engine,
    seeds: [...scenario.seeds],
    cells: results.filter((result) => result !== undefined),
    expectations: judge(scenario.expectations, scenario.cells, results).map((verdict) => ({
      ...verdict,
      failures: [...verdict.failures],
    })),
  })
  for (const cell of scenario.cells) {
    const bySeed: SeedMeasures[] = []
    for (const seed of cell.seeds) {
      const { label } = cell
      onProgress?.({ kind: 'cell', cell: cell.index, cells: scenario.cells.length, label, seed })
      const { measures, rows } = await runCell({
        cell,
        seed,
        task: await tasks.open(cell, seed),
        ...(onProgress === undefined ? {} : { onProgress }),
        onEvent: ({ peer, event }) => folder.writeEvent({ cell: cell.index, seed, peer, ...describe(event) }),
        ...(signal === undefined ? {} : { signal }),
      })
      for (const row of rows) folder.writeRound(row)
      bySeed.push(measures)
      onProgress?.({ kind: 'done', label, seed, measures })
    }
    results[cell.index] = summarise(cell, bySeed)
    folder.writeSummary(summary())
  }
  return summary()
}

/** Tasks of training, each opened once: cells that differ elsewhere learn the same thing. */
class Tasks {
  readonly #pool: TrainingPool
  readonly #open = new Map<string, Promise<TrainingTask>>()

  constructor(pool: TrainingPool) {
    this.#pool = pool
  }

  open(cell: Cell, seed: number): Promise<TrainingTask> {
    const { task, learning, peers } = cell.parameters
    const key = JSON.stringify({ task, learning, peers, seed })
    const opened = this.#open.get(key) ?? this.#pool.open({ task, learning, peers, seed })
    this.#open.set(key, opened)
    return opened
  }
}

/** An event in plain words and digests, for `events.jsonl`. */
function describe(
  event: Parameters<NonNullable<Parameters<typeof runCell>[0]['onEvent']>>[0]['event'],
): Record<string, unknown> {
  if (event.kind === 'failed') return { kind: event.kind, message: event.error.message }
  if (event.kind !== 'output') return { ...event }
  const { output, nowMs } = event
  switch (output.kind) {
    case 'certified': {
      const { checkpoint, digest, signatures } = output.certificate
      return {
        kind: output.kind,
        nowMs,
        ...checkpoint,
        checkpoint: digest,
        signers: [...signatures.keys()].sort((a, b) => a - b),
      }
    }
    case 'evidence':
    case 'halted': {
      const { kind, round, culprits, bytes } = output.evidence
      return { kind: output.kind, nowMs, evidence: kind, round, culprits, proof: Buffer.from(bytes).toString('base64') }
    }
    default:
      return { nowMs, ...output }
  }
}
