/**
 * A sweep: a run whose jobs are done one by one, by whoever finds them missing, on however many machines that see one folder. The
 * folder is that of a run that has not begun; a job is named by its number, which is its place in the run, and doing it twice
 * does no harm. So `hearsay run --resume` finishes a sweep too.
 */
import { existsSync } from 'node:fs'
import { untilAborted } from '@hearsay/peer'
import { planRunFolder, RunError } from '@hearsay/results'
import { checkForeseen } from '../foreseen.ts'
import { type Job, jobsOf } from '../job.ts'
import { inputOf, type RunOptions } from '../run-scenario.ts'
import { Tasks } from '../tasks.ts'

export type SweepOptions = Pick<RunOptions, 'scenario' | 'engine' | 'commandLine' | 'archive' | 'trace' | 'signal'> & {
  /** Made here; there must be none. */
  readonly folder: string
}

/**
 * Checks all jobs as a run does, and writes the folder. Gives the jobs, and the engine that all of them are to have.
 *
 * @throws RunError `impossible`, `write-failed`
 * @throws TrainingError when the engine or the data cannot be had
 */
export async function planSweep(
  options: SweepOptions,
): Promise<{ readonly jobs: readonly Job[]; readonly engine: string }> {
  const { scenario, folder, signal } = options
  if (existsSync(folder)) throw new RunError('write-failed', `${folder} is there already: name a folder that is not`)
  const tasks = new Tasks(options.engine, scenario, signal)
  try {
    await checkForeseen(scenario, signal)
    const { name, version } = await untilAborted(tasks.engine(), signal)
    const engine = `${name} (${version})`
    planRunFolder(folder, inputOf(options, engine), new Date())
    return { jobs: jobsOf(scenario), engine }
  } finally {
    await tasks.end()
  }
}
