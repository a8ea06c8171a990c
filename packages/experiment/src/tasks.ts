import { untilAborted } from '@hearsay/peer'
import { type Cell, type Extension, holdersOf, type LoadedScenario } from '@hearsay/scenario'
import {
  type EngineName,
  engineNames,
  startTrainingPool,
  type TrainingEngine,
  type TrainingPool,
  type TrainingTask,
} from '@hearsay/training'

/** The engine of a run, whose manifest begins with its name. */
export function engineNamed(line: string): EngineName {
  return engineNames.find((name) => line.startsWith(name)) ?? 'native'
}

/**
 * Tasks of training, and the processes that they run in: cells that differ elsewhere share one, which is open until the last
 * of them is done. When a process has died, the next job gets others.
 */
export class Tasks {
  readonly #engine: EngineName | 'auto'
  readonly #signal: AbortSignal | undefined
  readonly #extensions: readonly Extension[]
  /** The folder that relative paths of tasks stand against. */
  readonly base: string
  readonly #processes: number | undefined
  readonly #onSaid: (line: string) => void
  readonly #open = new Map<string, Promise<TrainingTask>>()
  readonly #uses = new Map<string, number>()
  #pool: Promise<TrainingPool> | undefined

  /** Of a scenario's cells; `processes` as for `startTrainingPool`, and what trainers' programs log goes to `onSaid`. */
  constructor(
    engine: EngineName | 'auto',
    { cells, extensions, base }: Pick<LoadedScenario, 'cells' | 'extensions' | 'base'>,
    signal: AbortSignal | undefined,
    processes?: number,
    onSaid: (line: string) => void = () => {},
  ) {
    this.#onSaid = onSaid
    this.#engine = engine
    this.#extensions = extensions
    this.base = base
    this.#signal = signal
    this.#processes = processes
    for (const cell of cells)
      for (const seed of cell.seeds) {
        const key = keyOf(cell, seed)
        this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1)
      }
  }

  /** Starts the processes. Throws TrainingError when there is no such engine. */
  async engine(): Promise<TrainingEngine> {
    return (await this.#started()).engine
  }

  async open(cell: Cell, seed: number): Promise<TrainingTask> {
    const { task, learning, peers } = cell.parameters
    const key = keyOf(cell, seed)
    const options = { task, learning, peers, holders: holdersOf(cell.parameters), seed, base: this.base }
    const opened = this.#open.get(key) ?? this.#started().then((pool) => pool.open(options))
    this.#open.set(key, opened)
    return untilAborted(opened, this.#signal)
  }

  /** This cell and seed are done. */
  async close(cell: Cell, seed: number): Promise<void> {
    const key = keyOf(cell, seed)
    const left = (this.#uses.get(key) ?? 0) - 1
    this.#uses.set(key, left)
    if (left > 0 || this.#signal?.aborted) return
    // A pool that has broken closes nothing, and has said why.
    await this.#open
      .get(key)
      ?.then((task) => task.close())
      .catch(() => {})
    this.#open.delete(key)
  }

  /** Ends the processes. Who asks for a task after that gets others. */
  async end(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    this.#open.clear()
    await pool?.then((started) => started.close()).catch(() => {})
  }

  #started(): Promise<TrainingPool> {
    this.#pool ??= startTrainingPool({
      engine: this.#engine,
      extensions: loadableBy(this.#extensions),
      onSaid: this.#onSaid,
      ...(this.#processes === undefined ? {} : { processes: this.#processes }),
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
    })
    return this.#pool
  }
}

/** How training processes load the files of a scenario. */
function loadableBy(extensions: readonly Extension[]) {
  return { files: extensions.map(({ path }) => path), from: import.meta.url }
}

function keyOf({ parameters }: Cell, seed: number): string {
  const { task, learning, peers } = parameters
  return JSON.stringify({ task, learning, peers, holders: holdersOf(parameters), seed })
}
