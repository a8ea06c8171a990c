/** A scenario from its first cell to its results: what `hearsay run` does. */
import { checkForeseen } from './foreseen.ts'
import { jobsOf, runJob } from './job.ts'
import { Merger } from './merge.ts'
import type { Progress } from './progress.ts'
import { createRunFolder, type RunFolder, type Summary } from './results/index.ts'
import { endOfRun } from './run-end.ts'
import { endOfRounds, type LoadedScenario } from './scenario/index.ts'
import { Tasks } from './tasks.ts'
import { untilAborted } from './until-aborted.ts'

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
  /** Ends the run at once, for the reason that the message of its reason gives; cells that are done stay in the folder. */
  readonly signal?: AbortSignal
}

export interface RunResult {
  readonly summary: Summary
  readonly folder: string
  /** What made jobs fail that no input should, with the stack. */
  readonly bugs: readonly string[]
}

/**
 * Runs every cell with every seed, and writes the folder of the run as it goes. A job that fails is told in the summary, and
 * the others go on.
 *
 * @throws RunError `RUN_INTERRUPTED` when the signal ended it, `RUN_WRITE_FAILED` when its folder cannot be written,
 *   `RUN_IMPOSSIBLE` when a job is known to fail; there is no folder then
 * @throws TrainingError when the engine or the data cannot be had; there is no folder then
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { scenario, signal, onProgress } = options
  const tasks = new Tasks(options.engine, scenario.cells, signal)
  let merger: Merger | undefined
  try {
    await checkForeseen(scenario.cells, signal)
    const { name, version, notice } = await untilAborted(tasks.engine(), signal)
    const engine = `${name} (${version})`
    onProgress?.({ kind: 'engine', engine, ...(notice === undefined ? {} : { notice }) })
    const folder = createRunFolder({
      root: options.root,
      scenario: scenario.name,
      engine,
      seeds: scenario.seeds,
      commandLine: options.commandLine,
      resolved: scenario.resolved,
      extensions: scenario.extensions,
      startedAt: new Date(),
    })
    if (folder.notice !== undefined) onProgress?.({ kind: 'note', text: folder.notice })
    const jobs = jobsOf(scenario)
    merger = new Merger(scenario, jobs, engine, folder)
    await runJobs(options, { engine, tasks, folder, merger })
    // Nobody trains any more: what draws the pictures has their memory.
    await tasks.end()
    const summary = await merger.finish(new Date(), signal)
    return { summary, folder: folder.path, bugs: merger.bugs() }
  } catch (error) {
    const end = endOfRun(error, signal, merger?.path)
    merger?.end(end.outcome)
    throw end.error
  } finally {
    await tasks.end()
  }
}

interface Under {
  readonly engine: string
  readonly tasks: Tasks
  readonly folder: RunFolder
  readonly merger: Merger
}

async function runJobs(options: RunOptions, { engine, tasks, folder, merger }: Under): Promise<void> {
  const { scenario, archive, trace, signal, onProgress } = options
  const { digest, version } = folder.manifest
  const head = { scenario: scenario.name, digest, version, engine }
  for (const job of jobsOf(scenario)) {
    const { index, label, parameters } = job.cell
    const end = endOfRounds([parameters.agreement.kind])
    onProgress?.({ kind: 'cell', cell: index, cells: scenario.cells.length, label, seed: job.seed, end })
    const { extensions } = scenario
    const run = folder.path
    const result = await runJob(job, { run, head, extensions, tasks, archive, trace, onProgress, signal })
    if ('failed' in result) onProgress?.({ kind: 'failed', reason: result.failed })
    else onProgress?.({ kind: 'done', measures: result.measures })
    merger.take(job)
  }
}
