import { untilAborted } from '@hearsay/peer'
import { describeRun, type JobResult, RunError, readJob } from '@hearsay/results'
import { checkForeseen } from '../foreseen.ts'
import { type Job, runJob } from '../job.ts'
import type { Progress } from '../progress.ts'
import { checkSame, summaryOf } from '../resume.ts'
import { inputOf } from '../run-scenario.ts'
import { engineNamed, Tasks } from '../tasks.ts'
import { jobAt, openSweep, type Sweep } from './open-sweep.ts'

export interface DoOptions {
  readonly folder: string
  /** Of the job. */
  readonly index: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/**
 * Does one job of a sweep, unless it is done, or has failed: then that is what is given. Of two that do the same one counts.
 *
 * @throws RunError `no-run`, `differs` when this machine has another version or engine than the sweep, `impossible`,
 *   `write-failed`; and the reason of the signal
 */
export async function doJob({
  folder,
  index,
  onProgress,
  signal,
}: DoOptions): Promise<JobResult & { readonly name: string }> {
  const sweep = openSweep(folder)
  const { manifest, scenario } = sweep
  const job = jobAt(sweep, index)
  const { name } = job
  const before = readJob(folder, name) ?? collectedResult(sweep, job)
  if (before !== undefined) return { name, ...before }
  const { cell, seed } = job
  const one = { ...scenario, cells: [{ ...cell, seeds: [seed] }] }
  const tasks = new Tasks(engineNamed(manifest.engine), one, signal)
  try {
    const engine = await untilAborted(tasks.engine(), signal)
    const input = inputOf({ ...manifest, scenario }, `${engine.name} (${engine.version})`)
    checkSame(folder, manifest, { ...input, ...describeRun(input, new Date()) })
    await checkForeseen(one, signal)
    const { extensions } = scenario
    const { archive, trace } = manifest
    const result = await runJob(job, {
      run: folder,
      head: manifest,
      extensions,
      tasks,
      archive,
      trace,
      onProgress,
      signal,
    })
    return { name, ...result }
  } catch (error) {
    if (!signal?.aborted) throw error
    throw new RunError('interrupted', `${(signal.reason as Error).message}; job ${index} is missing as before`, {
      cause: error,
    })
  } finally {
    await tasks.end()
  }
}

/** Of a sweep that was collected: the folders of its jobs are gone, and none may be made again. */
function collectedResult({ folder, manifest }: Sweep, { cell, seed }: Job): JobResult | undefined {
  if (manifest.outcome?.how !== 'finished') return undefined
  const found = summaryOf(folder).cells.find(({ label }) => label === cell.label)
  const measures = found?.bySeed.find((each) => each.seed === seed)
  return measures && { measures }
}
