/** A scenario from its first cell to its results: what `hearsay run` does. */

import { untilAborted } from '@hearsay/peer'
import { createRunFolder, describeRun, RunError, type RunFolder, type RunLog, reopenRunFolder } from '@hearsay/results'
import { filesOf, type LoadedScenario, type Summary } from '@hearsay/scenario'
import type { EngineName } from '@hearsay/training'
import { measuresOf } from '@hearsay/training/schema'
import { checkForeseen } from './foreseen.ts'
import { type Job, jobsOf } from './job.ts'
import { keepFinished, Merger } from './merge.ts'
import { estimate } from './plan-estimate.ts'
import type { Meters } from './plan-probe.ts'
import { machineAt, tryCells } from './plan-run.ts'
import { type Progress, saidByTrainer } from './progress.ts'
import { checkSame, finishedSummary, jobsDone, lockRun, manifestOf } from './resume.ts'
import { endOfRun } from './run-end.ts'
import { runJobs } from './run-jobs.ts'
import { engineNamed, Tasks } from './tasks.ts'

export interface RunOptions {
  readonly scenario: LoadedScenario
  readonly engine: EngineName | 'auto'
  /** Where folders of runs are. */
  readonly root: string
  readonly commandLine: readonly string[]
  /** The folder of a run to go on with, in place of a new one; `root` and `commandLine` are not used then. */
  readonly resume?: string
  /** Of the job with this name, or of the whole run. */
  readonly onProgress?: (progress: Progress, job?: string) => void
  /** Keep updates and models too, so that aggregates can be computed again. */
  readonly archive?: boolean
  /** Writes what peers say and hear among the events; on the virtual network only. */
  readonly trace?: boolean
  /** Whether its pictures are drawn; true when left out. */
  readonly pictures?: boolean | undefined
  /** How many jobs are done at once; with more than one, each in a process of its own. 1 when left out. */
  readonly parallel?: number
  /** In place of `parallel`: as many as memory and cores bear, by what a cell takes in this process and those it has started. */
  readonly bearable?: Meters
  /** Where else it is kept once it has ended. */
  readonly logs?: readonly RunLog[]
  /** Ends the run at once, for the reason that the message of its reason gives; cells that are done stay in the folder. */
  readonly signal?: AbortSignal
}

export interface RunResult {
  readonly summary: Summary
  readonly folder: string
  /** What made jobs fail that no input should, with the stack. */
  readonly bugs: readonly string[]
  /** Of places besides the folder: what people are told of each, and why one did not take the run. */
  readonly logged?: readonly string[]
  readonly unlogged?: readonly string[]
}

/**
 * Runs every cell with every seed, and writes the folder of the run as it goes. A job that fails is told in the summary, and
 * the others go on.
 *
 * @throws RunError `interrupted` when the signal ended it, `write-failed` when its folder cannot be written,
 *   `impossible` when a job is known to fail; there is no folder then; of a run to go on with, `no-run`, `busy` and `differs`
 * @throws TrainingError when the engine or the data cannot be had; there is no folder then
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { scenario, signal, onProgress, resume } = options
  const before = resume === undefined ? undefined : manifestOf(resume)
  const tell = (line: string): void => onProgress?.(saidByTrainer(line))
  const tasks = new Tasks(engineOf(options.engine, before?.engine), scenario, signal, undefined, tell)
  let merger: Merger | undefined
  let lock = resume === undefined ? undefined : lockRun(resume)
  try {
    await checkForeseen(scenario, signal)
    const { name, version, notice } = await untilAborted(tasks.engine(), signal)
    const engine = `${name} (${version})`
    onProgress?.({ kind: 'engine', engine, ...(notice === undefined ? {} : { notice }) })
    const folder = beginOrReopen(options, engine)
    if (!('manifest' in folder)) {
      const { folder: path, summary } = folder
      const run = { path, summary, manifest: manifestOf(path), cells: scenario.cells }
      return { ...folder, ...(await keepFinished(options.logs ?? [], run)) }
    }
    if (folder.notice !== undefined) onProgress?.({ kind: 'note', text: folder.notice })
    lock ??= lockRun(folder.path)
    const jobs = jobsOf(scenario)
    const done = new Set(resume === undefined ? [] : jobsDone(resume, jobs))
    if (resume !== undefined) onProgress?.({ kind: 'resumed', done: done.size, jobs: jobs.length })
    const merging = new Merger(scenario, jobs, engine, folder)
    merger = merging
    for (const job of done) merging.take(job)
    const todo = jobs.filter((job) => !done.has(job))
    const parallel = Math.min(todo.length, await parallelOf(todo, folder.path, tasks, options))
    if (parallel > 1) await tasks.end()
    // Nobody trains any more afterwards: what draws the pictures has their memory.
    await runJobs({
      ...options,
      jobs: todo,
      cells: scenario.cells.length,
      run: folder.path,
      head: folder.manifest,
      extensions: scenario.extensions,
      tasks,
      onDone: (job) => merging.take(job),
      parallel,
    })
    const endedAt = new Date()
    const summary = await merger.finish(endedAt, { signal, pictures: options.pictures })
    const kept = options.logs?.length ? await merger.log(options.logs, summary, endedAt) : {}
    return { summary, folder: folder.path, bugs: merger.bugs(), ...kept }
  } catch (error) {
    const end = endOfRun(error, signal, merger?.path)
    merger?.end(end.outcome)
    throw end.error
  } finally {
    lock?.()
    await tasks.end()
  }
}

/** How many jobs at once; of several, one is tried first for two rounds, unless somebody says how many. */
async function parallelOf(todo: readonly Job[], folder: string, tasks: Tasks, options: RunOptions): Promise<number> {
  const { scenario, bearable, parallel = 1, archive, signal, onProgress } = options
  const virtual = todo.every(({ cell }) => cell.parameters.network.transport === 'virtual')
  if (bearable === undefined || todo.length < 2 || !virtual) return parallel
  const largest = todo.reduce((a, b) => (b.cell.parameters.peers > a.cell.parameters.peers ? b : a)).cell
  const trying = tryCells([largest], { scenario, tasks, archive, signal, ...bearable })
  const tried = await trying.catch((error: unknown) => {
    if (error instanceof RunError && error.code === 'impossible') return undefined
    throw error
  })
  // Its own job fails too, and tells it; the others are done as they would be.
  if (tried === undefined) return parallel
  const plan = estimate(
    todo.map(({ cell }) => cell),
    tried,
    machineAt(folder),
  )
  onProgress?.({ kind: 'plan', plan })
  return plan.parallel
}

/** Which engine is asked for; a run is gone on with by its own. */
function engineOf(asked: RunOptions['engine'], before: string | undefined): RunOptions['engine'] {
  if (asked !== 'auto' || before === undefined) return asked
  return engineNamed(before)
}

/** The folder of a new run, that of the run to go on with, or what the latter came to, if it has ended. */
function beginOrReopen(options: RunOptions, engine: string): RunFolder | RunResult {
  const { scenario, resume, root } = options
  const input = inputOf(options, engine)
  const { cells } = scenario
  const measures = namesOfMeasures(cells)
  const now = new Date()
  if (resume === undefined) return createRunFolder({ ...input, root, measures, cells, startedAt: now })
  const manifest = manifestOf(resume)
  const summary = finishedSummary(resume, manifest)
  // Of a run that has ended nothing is computed by this version.
  const described = describeRun(input, now)
  const { version, commit } = summary === undefined ? described : manifest
  checkSame(resume, manifest, { ...input, ...described, version, commit })
  return summary === undefined
    ? reopenRunFolder(resume, manifest, { measures, cells, now })
    : { summary, folder: resume, bugs: [] }
}

/** What a run is made of, as its manifest has it. */
export function inputOf(
  { scenario, commandLine, archive, trace }: Pick<RunOptions, 'scenario' | 'commandLine' | 'archive' | 'trace'>,
  engine: string,
) {
  const { name, seeds, resolved, extensions, base } = scenario
  const asked = { ...(archive && { archive }), ...(trace && { trace }) }
  return { scenario: name, engine, seeds, commandLine, ...asked, resolved, extensions: filesOf(extensions), base }
}

/** Names of what their tasks measure, each once. */
export function namesOfMeasures(cells: LoadedScenario['cells']): string[] {
  return [...new Set(cells.flatMap(({ parameters }) => measuresOf(parameters.task).map(({ name }) => name)))]
}
