/** A scenario from its first cell to its results: what `hearsay run` does. */

import { untilAborted } from '@hearsay/peer'
import { createRunFolder } from '@hearsay/results'
import type { LoadedScenario, Summary } from '@hearsay/scenario'
import { measuresOf } from '@hearsay/training/schema'
import { checkForeseen } from './foreseen.ts'
import { jobsOf } from './job.ts'
import { Merger } from './merge.ts'
import type { Progress } from './progress.ts'
import { endOfRun } from './run-end.ts'
import { runJobs } from './run-jobs.ts'
import { Tasks } from './tasks.ts'

export interface RunOptions {
  readonly scenario: LoadedScenario
  readonly engine: 'native' | 'wasm' | 'auto'
  /** Where folders of runs are. */
  readonly root: string
  readonly commandLine: readonly string[]
  /** Of the job with this name, or of the whole run. */
  readonly onProgress?: (progress: Progress, job?: string) => void
  /** Keep updates and models too, so that aggregates can be computed again. */
  readonly archive?: boolean
  /** Writes what peers say and hear among the events; on the virtual network only. */
  readonly trace?: boolean
  /** How many jobs are done at once; with more than one, each in a process of its own. 1 when left out. */
  readonly parallel?: number
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
 * @throws RunError `interrupted` when the signal ended it, `write-failed` when its folder cannot be written,
 *   `impossible` when a job is known to fail; there is no folder then
 * @throws TrainingError when the engine or the data cannot be had; there is no folder then
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { scenario, signal, onProgress, parallel = 1 } = options
  const tasks = new Tasks(options.engine, scenario, signal)
  let merger: Merger | undefined
  try {
    await checkForeseen(scenario, signal)
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
      measures: namesOfMeasures(scenario.cells),
      extensions: scenario.extensions,
      base: scenario.base,
      startedAt: new Date(),
    })
    if (folder.notice !== undefined) onProgress?.({ kind: 'note', text: folder.notice })
    const jobs = jobsOf(scenario)
    const merging = new Merger(scenario, jobs, engine, folder)
    merger = merging
    if (parallel > 1) await tasks.end()
    // Nobody trains any more afterwards: what draws the pictures has their memory.
    await runJobs({
      ...options,
      jobs,
      run: folder.path,
      head: folder.manifest,
      extensions: scenario.extensions,
      tasks,
      onDone: (job) => merging.take(job),
      parallel,
    })
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

/** Names of what their tasks measure, each once. */
function namesOfMeasures(cells: LoadedScenario['cells']): string[] {
  return [...new Set(cells.flatMap(({ parameters }) => measuresOf(parameters.task).map(({ name }) => name)))]
}
