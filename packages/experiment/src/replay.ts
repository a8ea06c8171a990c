/** Runs again what a folder says was run on the virtual network, and compares: what `hearsay replay` does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { untilAborted } from '@hearsay/peer'
import { jobFiles, jobName, jobPath, type Manifest, RunError } from '@hearsay/results'
import type { Summary } from '@hearsay/scenario'
import { loadScenario } from '@hearsay/scenario'
import { jobsOf, runJob } from './job.ts'
import { readJson, readOfRun } from './read-run.ts'
import { engineNamed, Tasks } from './tasks.ts'

export interface ReplayOptions {
  readonly folder: string
  readonly onCell?: (replayed: ReplayedCell) => void
  readonly signal?: AbortSignal
}

/** One cell with one seed, then and now. */
export interface ReplayedCell {
  readonly label: string
  readonly seed: number
  readonly recorded: string
  readonly found: string
  /** Where the two part. */
  readonly difference?: Difference
}

/** The first event that differs: as lines of `events.jsonl`, undefined where there is none. */
export interface Difference {
  readonly recorded: string | undefined
  readonly found: string | undefined
}

export interface Replay {
  readonly engine: { readonly recorded: string; readonly found: string }
  readonly cells: readonly ReplayedCell[]
}

/**
 * Every cell and seed that the folder has results of, again.
 *
 * @throws RunError `no-run` when the folder is none of a run, `not-virtual` when another network was under it,
 *   `replay-failed` when a job fails that did not
 * @throws ScenarioError, TrainingError
 */
export async function replayRun({ folder, onCell, signal }: ReplayOptions): Promise<Replay> {
  const manifest = readJson<Manifest>(folder, 'manifest.json')
  const summary = readJson<Summary>(folder, 'summary.json')
  const scenario = loadScenario(readOfRun(folder, 'scenario.yaml'), {
    file: join(folder, 'scenario.yaml'),
    base: resolve(folder, manifest.base ?? ''),
  })
  const jobs = jobsOf(scenario)
  const done = summary.cells.flatMap(({ label, bySeed }) => bySeed.map((measures) => ({ label, ...measures })))
  if (done.length === 0) throw new RunError('no-run', `${folder}: no cell was done before the run was interrupted`)
  const recordedEvents = eventsByJob(readOfRun(folder, jobFiles.events))
  const tasks = new Tasks(engineNamed(manifest.engine), { ...scenario, cells: [] }, signal)
  const again = mkdtempSync(join(tmpdir(), 'hearsay-replay-'))
  try {
    const { name, version } = await untilAborted(tasks.engine(), signal)
    const cells: ReplayedCell[] = []
    for (const { label, seed, traceDigest: recorded } of done) {
      const job = jobs.find((each) => each.cell.label === label && each.seed === seed)
      if (recorded === undefined || job === undefined)
        throw new RunError(
          'not-virtual',
          `${folder}: the cell "${label}" has no trace digest; run the scenario with --network virtual, which repeats itself`,
        )
      const { extensions } = scenario
      const result = await runJob(job, { run: again, head: manifest, extensions, tasks, signal })
      if ('failed' in result)
        throw result.bug === undefined
          ? new RunError('replay-failed', `cell "${label}", seed ${seed}: ${result.failed}`)
          : new Error(result.bug)
      const events = eventsByJob(readOfRun(jobPath(again, job.name), jobFiles.events))
      const difference = firstDifference(recordedEvents.get(job.name) ?? [], events.get(job.name) ?? [])
      const found = result.measures.traceDigest ?? ''
      cells.push({ label, seed, recorded, found, ...(difference === undefined ? {} : { difference }) })
      onCell?.(cells.at(-1)!)
      rmSync(jobPath(again, job.name), { recursive: true })
    }
    return { engine: { recorded: manifest.engine, found: `${name} (${version})` }, cells }
  } catch (error) {
    if (signal?.aborted) throw new RunError('interrupted', (signal.reason as Error).message, { cause: error })
    throw error
  } finally {
    await tasks.end()
    rmSync(again, { recursive: true, force: true })
  }
}

/** The lines of `events.jsonl`, by the name of the job, without those that only `--trace` writes. */
function eventsByJob(text: string): Map<string, string[]> {
  const lines = text.split('\n').filter((line) => line !== '')
  const events = lines.map((line) => ({ line, ...(JSON.parse(line) as { cell: number; seed: number; kind: string }) }))
  const told = events.filter(({ kind }) => !['said', 'heard', 'job-failed'].includes(kind))
  const byJob = Map.groupBy(told, jobName)
  return new Map([...byJob].map(([job, each]) => [job, each.map(({ line }) => line)]))
}

function firstDifference(recorded: readonly string[], found: readonly string[]): Difference | undefined {
  const at = recorded.findIndex((line, index) => found[index] !== line)
  const first = at < 0 ? recorded.length : at
  if (first >= Math.max(recorded.length, found.length)) return undefined
  return { recorded: recorded[first], found: found[first] }
}
