import { join, resolve } from 'node:path'
import type { Manifest } from '@hearsay/results'
import { RunError } from '@hearsay/results'
import { type LoadedScenario, loadScenario } from '@hearsay/scenario'
import { type Job, jobsOf } from '../job.ts'
import { readOfRun } from '../read-run.ts'
import { manifestOf } from '../resume.ts'

export interface Sweep {
  readonly folder: string
  readonly manifest: Manifest
  readonly scenario: LoadedScenario
  readonly jobs: readonly Job[]
}

/** What is to be done in the folder of a run. Throws RunError `no-run`, and ScenarioError. */
export function openSweep(folder: string): Sweep {
  const manifest = manifestOf(folder)
  const file = join(folder, 'scenario.yaml')
  const base = resolve(folder, manifest.base ?? '')
  const scenario = loadScenario(readOfRun(folder, 'scenario.yaml'), { file, base })
  return { folder, manifest, scenario, jobs: jobsOf(scenario) }
}

/** The job with this number. Throws RunError `no-run`. */
export function jobAt({ folder, jobs }: Sweep, index: number): Job {
  const job = jobs[index]
  if (job === undefined)
    throw new RunError(
      'no-run',
      `${folder}: there is no job ${index}; its ${jobs.length} jobs are 0 to ${jobs.length - 1}`,
    )
  return job
}
