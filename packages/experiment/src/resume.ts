/**
 * Going on with a run that did not come to its end: jobs that are done stay, what is missing is done from nothing or from its newest
 * checkpoint (job.ts), and the files of the run are put together anew. As jobs share nothing, it comes to what it would have come to
 * without the interruption: on the virtual network, bit for bit.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { differencesOf } from '@hearsay/home/differences'
import { type Lock, takeLock } from '@hearsay/home/lock'
import { forgetJob, type Manifest, RunError, readJob, removeJobs } from '@hearsay/results'
import { type Summary, summarySchema } from '@hearsay/scenario'
import { parse } from 'yaml'
import type { Job } from './job.ts'
import { readJson, readOfRun } from './read-run.ts'

/** A run as `hearsay run` would begin it now. */
export interface WouldBe
  extends Pick<Manifest, 'scenario' | 'digest' | 'version' | 'commit' | 'engine' | 'archive' | 'trace'> {
  readonly resolved: string
  readonly extensions: readonly { readonly name: string; readonly text: string }[]
}

/** Throws RunError `no-run` when the folder is none of a run. */
export function manifestOf(run: string): Manifest {
  return readJson<Manifest>(run, 'manifest.json')
}

/**
 * Locks the folder of a run, so that of all processes one puts its files together. The lock of a process that was killed is
 * taken over. Throws RunError `busy`.
 */
export function lockRun(run: string): Lock {
  try {
    return takeLock(join(run, 'lock'))
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'locked') throw error
    const [holder] = readFileSync(join(run, 'lock'), 'utf8').split('\n')
    throw new RunError('busy', `${run}: process ${holder} is at it; wait until it has ended, or stop it`, {
      cause: error,
    })
  }
}

/** Throws RunError `differs` with every difference: results of one run are of one scenario, engine and version. */
export function checkSame(run: string, manifest: Manifest, now: WouldBe): void {
  const fields = ['scenario', 'version', 'commit', 'engine'] as const
  const asked = ['archive', 'trace'] as const
  const differences = [
    ...fields.filter((name) => manifest[name] !== now[name]).map((name) => `${name}: ${manifest[name]} → ${now[name]}`),
    ...asked
      .filter((name) => (manifest[name] ?? false) !== (now[name] ?? false))
      .map((name) => `--${name}: ${manifest[name] ?? false} → ${now[name] ?? false}`),
    ...(manifest.digest === now.digest ? [] : contentDifferences(run, now)),
  ]
  if (differences.length === 0) return
  throw new RunError(
    'differs',
    `${run} is another run, and cannot be gone on with; what differs from then to now:\n  ${differences.join('\n  ')}\n` +
      'Without a file, --resume takes the scenario that the run has; or begin a new run.',
  )
}

function contentDifferences(run: string, { resolved, extensions }: WouldBe): string[] {
  const [before, after] = [readOfRun(run, 'scenario.yaml'), resolved].map((text) => JSON.stringify(parse(text)))
  const files = extensions.filter(({ name, text }) => {
    const path = join(run, name)
    return !existsSync(path) || readFileSync(path, 'utf8') !== text
  })
  const found = [...differencesOf(before!, after!), ...files.map(({ name }) => `${name}: its text`)]
  return found.length > 0 ? found : ['scenario.yaml, or a file that it names: its text']
}

/** The summary of a run that came to its end, of which nothing is missing; undefined of any other. */
export function finishedSummary(run: string, { outcome }: Manifest): Summary | undefined {
  if (outcome?.how !== 'finished') return undefined
  removeJobs(run)
  return summaryOf(run)
}

/** What a run came to. Throws RunError `no-run`. */
export function summaryOf(run: string): Summary {
  return summarySchema.parse(readJson(run, 'summary.json')) as Summary
}

/** Jobs of a run that are done. Those that failed are forgotten: they are missing, as those that were cut off. */
export function jobsDone(run: string, jobs: readonly Job[]): Job[] {
  return jobs.filter(({ name }) => {
    const result = readJob(run, name)
    if (result !== undefined && 'failed' in result) forgetJob(run, name)
    return result !== undefined && 'measures' in result
  })
}
