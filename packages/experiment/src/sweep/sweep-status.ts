/** How far a sweep is, from its folder alone: what every worker wrote there, whatever machine it is on. */
import { type JobUnderWay, jobsUnderWay, readJob, tookMs } from '@hearsay/results'
import type { Job } from '../job.ts'
import { openSweep, type Sweep } from './open-sweep.ts'

/** A worker that has said nothing for so long is taken for lost: it says something every five seconds. */
const lostMs = 60_000

export type JobState = {
  readonly index: number
  readonly name: string
  readonly label: string
  readonly seed: number
} & (
  | { readonly state: 'done'; readonly tookMs: number }
  | { readonly state: 'failed'; readonly reason: string }
  /** Somebody is at it; `lost` when that worker has been silent for a minute. */
  | {
      readonly state: 'running' | 'lost'
      readonly host: string
      readonly pid: number
      readonly forMs: number
      /** The last that has ended, of so many; null before the first, and so long as nobody has said. */
      readonly round: number | null
      readonly rounds: number | null
      /** If rounds go on as they did; null before the first. */
      readonly leftMs: number | null
    }
  | { readonly state: 'missing' }
)

export interface SweepStatus {
  readonly scenario: string
  readonly jobs: readonly JobState[]
  /** The run was collected, and has results. */
  readonly collected: boolean
  /** Of one job, by those that are done, before the first by those under way; null when nothing is known. */
  readonly meanMs: number | null
  /** Until all are done, with as many workers as there are now; null when nobody is at one, or nothing is known. */
  readonly leftMs: number | null
}

/** Throws RunError `no-run`. */
export function sweepStatus(folder: string, nowMs: number = Date.now()): SweepStatus {
  const sweep = openSweep(folder)
  const collected = sweep.manifest.outcome !== null && sweep.manifest.outcome.how !== 'interrupted'
  const jobs = statesOf(sweep, nowMs)
  const took = jobs.flatMap((job) => (job.state === 'done' ? job.tookMs : []))
  const running = jobs.flatMap((job) => (job.state === 'running' ? [job] : []))
  const meanMs = mean(took) ?? mean(running.flatMap(({ forMs, leftMs }) => (leftMs === null ? [] : forMs + leftMs)))
  const missing = jobs.filter(({ state }) => state === 'missing' || state === 'lost').length
  const leftMs = meanMs === null || running.length === 0 ? null : leftOf({ running, missing, meanMs })
  return { scenario: sweep.scenario.name, jobs, collected, meanMs, leftMs }
}

function statesOf(sweep: Sweep, nowMs: number): JobState[] {
  const under = Map.groupBy(jobsUnderWay(sweep.folder), ({ name }) => name)
  return sweep.jobs.map((job) => stateOf(sweep, job, under.get(job.name) ?? [], nowMs))
}

function stateOf({ folder, manifest }: Sweep, job: Job, under: readonly JobUnderWay[], nowMs: number): JobState {
  const { index, name, cell, seed } = job
  const which = { index, name, label: cell.label, seed }
  // The folders of jobs go when a run has ended.
  if (manifest.outcome?.how === 'finished') return { ...which, state: 'done', tookMs: 0 }
  const result = readJob(folder, name)
  if (result !== undefined && 'failed' in result) return { ...which, state: 'failed', reason: result.failed }
  if (result !== undefined) return { ...which, state: 'done', tookMs: tookMs(folder, name) }
  // Of several that are at it, the one that was heard last.
  const newest = under.toSorted((a, b) => b.beatMs - a.beatMs)[0]
  if (newest === undefined) return { ...which, state: 'missing' }
  const { host = 'unknown', pid = 0 } = newest.worker ?? {}
  const state = nowMs - newest.beatMs > lostMs ? 'lost' : 'running'
  const forMs = nowMs - newest.startedMs
  return { ...which, state, host, pid, forMs, ...progressOf(newest, forMs) }
}

function progressOf({ worker }: JobUnderWay, forMs: number) {
  const at = worker?.at
  if (at === undefined) return { round: null, rounds: null, leftMs: null }
  const { round, after, rounds } = at
  const leftMs = round > after ? (forMs * (rounds - round)) / (round - after) : null
  return { round, rounds, leftMs }
}

/** As many workers as now, each of which takes what is missing once it is through. */
function leftOf({
  running,
  missing,
  meanMs,
}: {
  running: readonly Running[]
  missing: number
  meanMs: number
}): number {
  const under = running.reduce((sum, { forMs, leftMs }) => sum + (leftMs ?? Math.max(0, meanMs - forMs)), 0)
  return (under + missing * meanMs) / running.length
}

type Running = Extract<JobState, { readonly leftMs: number | null }>

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Numbers of jobs that nobody is at and that have come to nothing: those that failed are not among them. */
export function toBeDone({ jobs }: Pick<SweepStatus, 'jobs'>): number[] {
  return jobs.flatMap(({ state, index }) => (state === 'missing' || state === 'lost' ? index : []))
}
