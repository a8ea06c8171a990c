import { forgetJob, RunError, type RunLog, readJob, reopenRunFolder } from '@hearsay/results'
import { keepFinished, Merger } from '../merge.ts'
import { finishedSummary, lockRun } from '../resume.ts'
import { endOfRun } from '../run-end.ts'
import { namesOfMeasures, type RunResult } from '../run-scenario.ts'
import { openSweep } from './open-sweep.ts'
import { sweepStatus, toBeDone } from './sweep-status.ts'

export interface CollectOptions {
  /** Where else it is kept. */
  readonly logs?: readonly RunLog[]
  readonly signal?: AbortSignal
}

/**
 * Makes an ordinary run of a sweep whose jobs are all done, or failed; one that was collected is given as it is.
 *
 * @throws RunError `missing` when a job is neither, `busy` when another process is at it, `no-run`, `write-failed`
 */
export async function collectSweep(folder: string, { logs = [], signal }: CollectOptions = {}): Promise<RunResult> {
  const { manifest, scenario, jobs } = openSweep(folder)
  const release = lockRun(folder)
  let merger: Merger | undefined
  try {
    const finished = finishedSummary(folder, manifest)
    if (finished !== undefined) {
      const kept = await keepFinished(logs, { path: folder, summary: finished, manifest, cells: scenario.cells })
      return { summary: finished, folder, bugs: [], ...kept }
    }
    const missing = jobs.filter(({ name }) => readJob(folder, name) === undefined)
    if (missing.length > 0)
      throw lacking(
        folder,
        missing.map(({ index }) => index),
        jobs.length,
      )
    const { cells } = scenario
    const run = reopenRunFolder(folder, manifest, { measures: namesOfMeasures(cells), cells, now: new Date() })
    merger = new Merger(scenario, jobs, manifest.engine, run)
    for (const job of jobs) merger.take(job)
    const endedAt = new Date()
    const summary = await merger.finish(endedAt, { signal })
    const kept = logs.length > 0 ? await merger.log(logs, summary, endedAt) : {}
    return { summary, folder, bugs: merger.bugs(), ...kept }
  } catch (error) {
    const end = endOfRun(error, signal, merger?.path)
    merger?.end(end.outcome)
    throw end.error
  } finally {
    release()
  }
}

function lacking(folder: string, indexes: readonly number[], all: number): RunError {
  const told = indexes.length <= 10 ? indexes.join(', ') : `${indexes.slice(0, 10).join(', ')}, …`
  return new RunError(
    'missing',
    `${folder}: ${indexes.length} of ${all} jobs are not done (${told}): hearsay sweep status tells of each; submit them again, ` +
      'or do them here with hearsay run --resume',
  )
}

/** Makes a sweep forget what failed, and what workers left that are lost, so that it is missing. Gives the numbers of all that is. */
export function forgetFailed(folder: string): number[] {
  const release = lockRun(folder)
  try {
    for (const { state, name } of sweepStatus(folder).jobs) if (state === 'failed') forgetJob(folder, name)
    return toBeDone(sweepStatus(folder))
  } finally {
    release()
  }
}
