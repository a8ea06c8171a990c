/** One job of a run, a cell with one seed: to a folder of its own, with nothing of any other job in it. */

import { join, relative, resolve } from 'node:path'
import { inspect } from 'node:util'
import { digestsOf } from '@hearsay/home'
import {
  CellLedgers,
  JobFolder,
  type JobResult,
  type JobRound,
  type JobsOfRun,
  jobFiles,
  jobName,
  RunError,
} from '@hearsay/results'
import { type Cell, type LoadedScenario, maliciousPeers, type Parameters, placeIn } from '@hearsay/scenario'
import type { TrainingTask } from '@hearsay/training'
import { type About, encodeModel } from '@hearsay/training/files'
import type { CellResult } from './cell-result.ts'
import { keptEvents, type RunEvent } from './events.ts'
import type { Progress } from './progress.ts'
import { type CellCheckpoint, runCell } from './run-cell.ts'
import type { Tasks } from './tasks.ts'

export interface Job {
  /** Place in the run, from 0: all seeds of a cell come before the next cell. */
  readonly index: number
  readonly cell: Cell
  readonly seed: number
  /** Of its folder. */
  readonly name: string
}

export function jobsOf({ cells }: Pick<LoadedScenario, 'cells'>): Job[] {
  const places = cells.flatMap((cell) => cell.seeds.map((seed) => ({ cell, seed })))
  return places.map(({ cell, seed }, index) => ({ index, cell, seed, name: jobName({ cell: cell.index, seed }) }))
}

/** What all jobs of a run are done with. */
export interface JobOptions {
  /** The folder of the run. */
  readonly run: string
  readonly head: JobsOfRun
  readonly extensions: LoadedScenario['extensions']
  /** Paths of the files that these are copies of, if they are those in the folder of the run. */
  readonly originals?: readonly string[] | undefined
  readonly tasks: Tasks
  /** Keep updates and models too, so that aggregates can be computed again. */
  readonly archive?: boolean | undefined
  /** Writes what peers say and hear among the events; on the virtual network only. */
  readonly trace?: boolean | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Errors of training after which its processes, or the program of a trainer, answer no more. */
const brokenTraining: ReadonlySet<unknown> = new Set(['process-ended', 'deadline', 'bad-trainer'])

const beatMs = 5000

/** Leaves the folder of the job, done or failed. Throws what ends the whole run: the reason of the signal, and what its folder refuses. */
export async function runJob(job: Job, options: JobOptions): Promise<JobResult> {
  const { cell, seed } = job
  const { tasks, signal } = options
  const folder = folderOf(job, options, true)
  const from = folder.from as CellCheckpoint | undefined
  const after = from?.round ?? 0
  let at: JobRound | undefined
  const beats = setInterval(() => folder.beat(at), beatMs).unref()
  const onProgress = (progress: Progress): void => {
    if (progress.kind === 'round') at = { round: progress.round, after, rounds: progress.rounds }
    options.onProgress?.(progress)
  }
  const write = (event: RunEvent): void => folder.writeEvent({ cell: cell.index, seed, ...event })
  const isKept = keptEvents(cell.parameters.events)
  try {
    const task = await tasks.open(cell, seed)
    if (task.holdings !== undefined)
      folder.writeHoldings({ cell: cell.index, seed, liars: liarsOf(cell.parameters), ...task.holdings })
    if (from !== undefined)
      onProgress({ kind: 'note', text: `goes on after round ${from.round}, its newest checkpoint` })
    const { measures, rows, head } = await runCell({
      cell,
      seed,
      task,
      onProgress,
      onEvent: (event) => {
        if (isKept(event)) write(event)
      },
      ...(options.trace && { onTalk: write }),
      ledgers: (network) => new CellLedgers(join(folder.path, jobFiles.ledgers), network, options.archive === true),
      ...(signal === undefined ? {} : { signal }),
      from,
      onCheckpoint: (checkpoint) => folder.keepCheckpoint(checkpoint.round, checkpoint),
    })
    folder.keepModel(encodeModel({ ...task, parameters: head.model }, aboutHead(job, task, head, options)))
    return folder.finish({ measures }, rows)
  } catch (error) {
    if (signal?.aborted || (error instanceof RunError && error.code === 'write-failed')) throw error
    // The next job gets processes that run.
    if (brokenTraining.has((error as { code?: unknown }).code)) await tasks.end()
    return failed(folder, job, options, error)
  } finally {
    clearInterval(beats)
    folder.cut()
    await tasks.close(cell, seed)
  }
}

const liarsOf = (parameters: Parameters): number[] => [...maliciousPeers(parameters).keys()]

/** What stands beside the model that a job comes to. */
function aboutHead(
  { cell, seed }: Job,
  { architecture }: TrainingTask,
  head: CellResult['head'],
  { head: run, extensions, originals = extensions.map(({ path }) => path), tasks: { base } }: JobOptions,
): About {
  const { peer, round, digest, evaluation } = head
  const of = { version: run.version, name: run.scenario, cell: cell.label, seed, peer, round, digest }
  const { tfjs } = (cell.parameters.task.model ?? {}) as { readonly tfjs?: string }
  const paths = [...originals, ...(tfjs === undefined ? [] : [tfjs])]
  const files = paths.map((path) => relative(base, resolve(base, path)))
  const own = files.length > 0 && { extensions: files.map((file) => ({ file, sha256: digestsOf(file, base) })) }
  return { ...of, task: cell.parameters.task, ...architecture, ...own, evaluation: { ...evaluation } }
}

/** Leaves the folder of a job that failed for a reason outside of it. Throws what its folder refuses. */
export function failJob(job: Job, options: Pick<JobOptions, 'run' | 'head' | 'extensions'>, error: Error): JobResult {
  return failed(folderOf(job, options), job, options, error)
}

function folderOf({ cell, seed }: Job, { run, head }: Pick<JobOptions, 'run' | 'head'>, goesOn = false): JobFolder {
  const { scenario, digest, version, engine } = head
  return new JobFolder(run, { scenario, digest, version, engine, cell: cell.index, label: cell.label, seed }, goesOn)
}

function failed(
  folder: JobFolder,
  { cell, seed }: Job,
  { extensions }: Pick<JobOptions, 'extensions'>,
  error: unknown,
): JobResult {
  const names = extensions.map(({ name }) => name)
  const failure = failureOf(error, names)
  folder.writeEvent({ cell: cell.index, seed, kind: 'job-failed', message: failure.failed })
  return folder.finish(failure, [])
}

/** Why a job failed. `extensions` are the files of the user's own, in which an error is theirs. */
function failureOf(error: unknown, extensions: readonly string[]): Extract<JobResult, { failed: string }> {
  const own = placeIn(extensions, error)
  if (own !== undefined) return { failed: `${own}: ${error}`.replace(/\.$/, '') }
  const { code, message } = (error ?? {}) as { code?: unknown; message?: string }
  if (typeof code === 'string' && message !== undefined) return { failed: message.replace(/\.$/, '') }
  return { failed: `${error}: this is a bug`, bug: inspect(error) }
}
