/** All jobs of a run: one after the other in this process, or several beside each other in processes of their own. */
import { availableParallelism } from 'node:os'
import { untilAborted } from '@hearsay/peer'
import type { JobResult } from '@hearsay/results'
import { RunError } from '@hearsay/results'
import { endOfRounds } from '@hearsay/scenario'
import { headlineOf } from '@hearsay/training/schema'
import { failJob, type Job, type JobOptions, runJob } from './job.ts'
import { JobProcess } from './job-process.ts'
import type { Progress } from './progress.ts'
import { engineNamed } from './tasks.ts'
import { trainersBeside } from './trainers-beside.ts'

export interface JobsOptions extends Omit<JobOptions, 'onProgress'> {
  readonly jobs: readonly Job[]
  /** Of the whole run. */
  readonly cells: number
  /** How many are done at once; with more than one, each in a process of its own. */
  readonly parallel: number
  readonly onProgress?: ((progress: Progress, job: string) => void) | undefined
  /** In the order in which they are done, which is that of the jobs when one is done at a time. */
  readonly onDone: (job: Job) => void
}

/** Where jobs are done, one at a time. */
interface Bench {
  run(job: Job, onProgress: (progress: Progress) => void): Promise<JobResult>
  end(): Promise<void>
}

/** Throws the reason of the signal, what `onDone` throws and what the folder of a job refuses; no job goes on then. */
export async function runJobs(options: JobsOptions): Promise<void> {
  const { jobs, parallel } = options
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, ...(options.signal === undefined ? [] : [options.signal])])
  const queue = jobs.values()
  const lanes = Array.from({ length: Math.min(parallel, jobs.length) }, () =>
    runLane(queue, { ...options, signal }).catch((error: unknown) => {
      stop.abort(error)
      throw error
    }),
  )
  await Promise.allSettled(lanes)
  signal.throwIfAborted()
}

async function runLane(queue: Iterable<Job>, options: JobsOptions): Promise<void> {
  const { onDone, onProgress, signal } = options
  let bench = startBench(options)
  try {
    for (const job of queue) {
      const tell = (progress: Progress): void => onProgress?.(progress, job.name)
      tell(beginning(job, options.cells))
      const result = await untilAborted(bench.run(job, tell), signal).catch(async (error: unknown) => {
        if (!(error instanceof RunError) || error.code !== 'job-ended') throw error
        await bench.end()
        bench = startBench(options)
        return failJob(job, options, error)
      })
      tell('failed' in result ? { kind: 'failed', reason: result.failed } : { kind: 'done', measures: result.measures })
      onDone(job)
    }
  } finally {
    await bench.end()
  }
}

function startBench(options: JobsOptions): Bench {
  const { parallel, run, head, extensions, tasks, archive = false, trace = false } = options
  if (parallel === 1)
    return { run: (job, onProgress) => runJob(job, { ...options, onProgress }), end: () => tasks.end() }
  const engine = engineNamed(head.engine)
  const trainers = trainersBeside(parallel, availableParallelism())
  const originals = extensions.map(({ path }) => path)
  return new JobProcess({ run, originals, engine, trainers, archive, trace })
}

function beginning({ cell, seed }: Job, cells: number): Progress {
  const { index, label, parameters } = cell
  const end = endOfRounds([parameters.agreement])
  const virtual = parameters.network.transport === 'virtual'
  return { kind: 'cell', cell: index, cells, label, seed, headline: headlineOf(parameters.task), end, virtual }
}
