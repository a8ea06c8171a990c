/** Runs again what a folder says was run on the virtual network, and compares: what `hearsay replay` does. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { untilAborted } from '@hearsay/peer'
import { startTrainingPool } from '@hearsay/training'
import type { RunEvent } from './events.ts'
import { failureOf } from './job.ts'
import type { Manifest, Summary } from './results/index.ts'
import { RunError } from './results/run-error.ts'
import { runCell } from './run-cell.ts'
import { type Cell, loadScenario } from './scenario/index.ts'
import { loadableBy } from './tasks.ts'

export interface ReplayOptions {
  readonly folder: string
  readonly onCell?: (replayed: ReplayedCell) => void
  readonly signal?: AbortSignal
}

/** One cell with one seed, then and now. */
export interface ReplayedCell {
  readonly label: string
  readonly seed: number
  readonly recorded: string
  readonly found: string
  /** Where the two part. */
  readonly difference?: Difference
}

/** The first event that differs: as lines of `events.jsonl`, undefined where there is none. */
export interface Difference {
  readonly recorded: string | undefined
  readonly found: string | undefined
}

export interface Replay {
  readonly engine: { readonly recorded: string; readonly found: string }
  readonly cells: readonly ReplayedCell[]
}

/**
 * Every cell and seed that the folder has results of, again.
 *
 * @throws RunError `no-run` when the folder is none of a run, `not-virtual` when another network was under it,
 *   `replay-failed` when a job fails that did not
 * @throws ScenarioError, TrainingError
 */
export async function replayRun({ folder, onCell, signal }: ReplayOptions): Promise<Replay> {
  const manifest = readJson<Manifest>(folder, 'manifest.json')
  const summary = readJson<Summary>(folder, 'summary.json')
  const file = join(folder, 'scenario.yaml')
  const scenario = loadScenario(read(folder, 'scenario.yaml'), { file })
  const done = summary.cells.flatMap(({ label, bySeed }) =>
    bySeed.map(({ seed, traceDigest }) => ({ label, seed, recorded: traceDigest })),
  )
  if (done.length === 0) throw new RunError('no-run', `${folder}: no cell was done before the run was interrupted`)
  const recordedEvents = new RecordedEvents(read(folder, 'events.jsonl'))
  const pool = await startTrainingPool({
    engine: manifest.engine.startsWith('wasm') ? 'wasm' : 'native',
    extensions: loadableBy(scenario.extensions),
    ...(signal === undefined ? {} : { signal }),
  })
  try {
    const cells: ReplayedCell[] = []
    for (const { label, seed, recorded } of done) {
      const cell = scenario.cells.find((each) => each.label === label)
      if (recorded === undefined || cell === undefined)
        throw new RunError(
          'not-virtual',
          `${folder}: the cell "${label}" has no trace digest; run the scenario with --network virtual, which repeats itself`,
        )
      const { task, learning, peers } = cell.parameters
      const opened = await untilAborted(pool.open({ task, learning, peers, seed }), signal)
      try {
        const comparison = recordedEvents.comparison(cell, seed)
        const { measures } = await runCell({
          cell,
          seed,
          task: opened,
          onEvent: comparison.next,
          ...(signal === undefined ? {} : { signal }),
        })
        const difference = comparison.difference()
        const found = measures.traceDigest ?? ''
        cells.push({ label, seed, recorded, found, ...(difference === undefined ? {} : { difference }) })
        onCell?.(cells.at(-1)!)
      } catch (error) {
        const failure = failureOf(
          error,
          scenario.extensions.map(({ name }) => name),
        )
        if (signal?.aborted || 'bug' in failure) throw error
        throw new RunError('replay-failed', `cell "${label}", seed ${seed}: ${failure.failed}`, { cause: error })
      } finally {
        if (!signal?.aborted) await opened.close()
      }
    }
    const { name, version } = pool.engine
    return { engine: { recorded: manifest.engine, found: `${name} (${version})` }, cells }
  } catch (error) {
    if (signal?.aborted) throw new RunError('interrupted', (signal.reason as Error).message, { cause: error })
    throw error
  } finally {
    await pool.close()
  }
}

/** The lines of `events.jsonl`, by cell and seed, without those that only `--trace` writes. */
class RecordedEvents {
  readonly #lines = new Map<string, string[]>()

  constructor(text: string) {
    for (const line of text.split('\n')) {
      if (line === '') continue
      const { cell, seed, kind } = JSON.parse(line) as { cell: number; seed: number; kind: string }
      if (kind === 'said' || kind === 'heard' || kind === 'job-failed') continue
      const key = `${cell} ${seed}`
      const lines = this.#lines.get(key) ?? []
      this.#lines.set(key, lines)
      lines.push(line)
    }
  }

  comparison({ index }: Cell, seed: number): { next(event: RunEvent): void; difference(): Difference | undefined } {
    const recorded = this.#lines.get(`${index} ${seed}`) ?? []
    let at = 0
    let difference: Difference | undefined
    return {
      next: (event) => {
        const found = JSON.stringify({ cell: index, seed, ...event })
        if (difference === undefined && recorded[at] !== found) difference = { recorded: recorded[at], found }
        at++
      },
      difference: () => difference ?? (at < recorded.length ? { recorded: recorded[at], found: undefined } : undefined),
    }
  }
}

function read(folder: string, name: string): string {
  const path = join(folder, name)
  if (!existsSync(path))
    throw new RunError('no-run', `${folder} is not the folder of a run: it has no ${name}; try runs/latest`)
  return readFileSync(path, 'utf8')
}

function readJson<T>(folder: string, name: string): T {
  try {
    return JSON.parse(read(folder, name)) as T
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new RunError('no-run', `${join(folder, name)} is not JSON: ${error.message}`, { cause: error })
  }
}
