/**
 * The folder of a job, a cell with one seed, in `jobs` of the folder of its run:
 *
 *   jobs/cell-<cell>-seed-<seed>/job.json      what it is a job of
 *   jobs/cell-<cell>-seed-<seed>/worker.json   who is at it and how far, written every few seconds; gone once it is done
 *   jobs/cell-<cell>-seed-<seed>/events.jsonl  everything that happened at honest peers
 *   jobs/cell-<cell>-seed-<seed>/ledgers       what they certified and can prove: see `ledgers.ts`
 *   jobs/cell-<cell>-seed-<seed>/model.safetensors  the newest model of the first of them
 *   jobs/cell-<cell>-seed-<seed>/holdings.json  who of them has what of the training data
 *   jobs/cell-<cell>-seed-<seed>/rounds.json   a row for each round of each of them
 *   jobs/cell-<cell>-seed-<seed>/result.json   what it came to, or why it failed
 *   jobs/cell-<cell>-seed-<seed>/checkpoint-<round>  while it goes on, where it would go on: see `job-checkpoint.ts`
 *
 * It has another name, `<name>.part-<six characters>`, until all of it is there. So what has the name is complete, whatever ended the
 * process that made it, and of two that do the same job one counts. What was cut off keeps its name; the
 * job is begun anew, or from a checkpoint of it.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import type { Line } from '@hearsay/peer'
import type { SeedMeasures } from '@hearsay/scenario'
import type { JobHoldings } from './holdings-csv.ts'
import { keepCheckpoint, removeCheckpoints, takeCheckpoint } from './job-checkpoint.ts'
import { Lines } from './lines.ts'
import type { RoundRow } from './rounds.ts'
import { toJson, writeWhole, writing } from './write-whole.ts'

/** What all jobs of a run have in common: results of jobs that differ in any of it are not those of one run. */
export interface JobsOfRun {
  /** Its name. */
  readonly scenario: string
  /** Of the resolved scenario and the files that it names, SHA-256, hexadecimal. */
  readonly digest: string
  /** Of the program. */
  readonly version: string
  readonly engine: string
}

/** `job.json`. */
export interface JobHead extends JobsOfRun {
  /** Index and label of the cell. */
  readonly cell: number
  readonly label: string
  readonly seed: number
}

/** `result.json`. */
export type JobResult =
  | { readonly measures: SeedMeasures }
  /** Why it failed, in words; of what no input should bring about, the error with its stack as well. */
  | { readonly failed: string; readonly bug?: string }

/** `worker.json`. */
export interface Worker {
  readonly host: string
  readonly pid: number
  /** The last round that has ended. */
  readonly at?: JobRound | undefined
}

export interface JobRound {
  readonly round: number
  /** That it was begun, or gone on with, after this one. */
  readonly after: number
  /** That it is to come to. */
  readonly rounds: number
}

/** In the folder of a run. */
const jobs = 'jobs'

export const jobFiles = {
  events: 'events.jsonl',
  ledgers: 'ledgers',
  model: 'model.safetensors',
  holdings: 'holdings.json',
} as const

/** Of the folder. */
export function jobName({ cell, seed }: Pick<JobHead, 'cell' | 'seed'>): string {
  return `cell-${cell}-seed-${seed}`
}

/** Jobs are given by their names. */
export function jobPath(run: string, job: string): string {
  return join(run, jobs, job)
}

/** Where the run has the model that a job, given by its name, came to. */
export function modelPath(run: string, job: string): string {
  return join(run, 'models', `${job}.safetensors`)
}

/** Where a job writes. All throw RunError `write-failed`. */
export class JobFolder {
  readonly path: string
  /** What the job goes on with, if it was cut off and had a checkpoint. */
  readonly from: unknown
  readonly #final: string
  readonly #events: Lines

  /** Of a job that begins, or goes on from its newest checkpoint where there is one. */
  constructor(run: string, head: JobHead, goesOn = false) {
    this.#final = jobPath(run, jobName(head))
    this.path = `${this.#final}.part-${randomBytes(3).toString('hex')}`
    writing(this.path, () => mkdirSync(this.path, { recursive: true }))
    writeWhole(join(this.path, 'job.json'), toJson(head))
    writeWhole(this.#worker, workerAt(undefined))
    this.from = goesOn ? takeCheckpoint(this.path, cutOffAs(run, head)) : undefined
    this.#events = new Lines(join(this.path, jobFiles.events))
  }

  get #worker(): string {
    return join(this.path, 'worker.json')
  }

  /** Says that somebody is still at it, and how far, to whoever looks at the folder alone. Never throws. */
  beat(at?: JobRound): void {
    try {
      writeWhole(this.#worker, workerAt(at), { flush: false })
    } catch {
      this.#touch()
    }
  }

  /** On a disk that is full somebody is at it yet. */
  #touch(): void {
    try {
      const now = new Date()
      utimesSync(this.#worker, now, now)
    } catch {
      // The next line that is written says what is wrong.
    }
  }

  /** Appends to `events.jsonl`. What is not JSON (NaN, Infinity) becomes null. */
  writeEvent(event: Line): void {
    this.#events.write(JSON.stringify(event))
  }

  /** Keeps what the job goes on with after this round, if it is cut off. */
  keepCheckpoint(round: number, state: unknown): void {
    keepCheckpoint(this.path, round, state)
  }

  /** Writes `model.safetensors`. */
  keepModel(pieces: Iterable<Uint8Array>): void {
    writeWhole(join(this.path, jobFiles.model), Buffer.concat([...pieces]))
  }

  /** Writes `holdings.json`. */
  writeHoldings(holdings: JobHoldings): void {
    writeWhole(join(this.path, jobFiles.holdings), JSON.stringify(holdings))
  }

  /** The job is done, with this result. */
  finish(result: JobResult, rows: readonly RoundRow[]): JobResult {
    this.#events.close()
    writeWhole(join(this.path, 'rounds.json'), JSON.stringify(rows))
    writeWhole(join(this.path, 'result.json'), toJson(result))
    removeCheckpoints(this.path)
    rmSync(this.#worker, { force: true })
    writing(this.#final, () => {
      try {
        renameSync(this.path, this.#final)
      } catch (error) {
        if (!existsSync(this.#final)) throw error
        // Another has done the same job meanwhile.
        rmSync(this.path, { recursive: true })
      }
    })
    return result
  }

  /** Closes the files of a job that did not come to its end. Never throws. */
  cut(): void {
    try {
      this.#events.close()
    } catch {
      // Why it ended is told anyway.
    }
  }
}

function workerAt(at: JobRound | undefined): string {
  const worker: Worker = { host: hostname(), pid: process.pid, at }
  return toJson(worker)
}

/** What a job came to that is done; undefined of one that is not. */
export function readJob(run: string, job: string): JobResult | undefined {
  const path = jobPath(run, job)
  return existsSync(path) ? readJson<JobResult>(path, 'result.json') : undefined
}

/** Makes a run forget what a job came to, as one that failed: it is missing then. */
export function forgetJob(run: string, job: string): void {
  for (const path of [jobPath(run, job), join(run, 'ledgers', job), modelPath(run, job)])
    writing(path, () => rmSync(path, { recursive: true, force: true }))
}

/** Folders of jobs that were cut off, or that somebody is at. */
function cutJobs(run: string): string[] {
  const folder = join(run, jobs)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('.part-')) : []
  return names.sort().map((name) => join(folder, name))
}

/** Folders of this very job, by the same program, that were cut off. */
function cutOffAs(run: string, head: JobHead): string[] {
  return cutJobs(run).filter((path) => {
    try {
      return (
        basename(path).startsWith(`${jobName(head)}.part-`) &&
        readFileSync(join(path, 'job.json'), 'utf8') === toJson(head)
      )
    } catch {
      // It has hardly begun.
      return false
    }
  })
}

function jobOfPart(folder: string): string {
  return basename(folder).replace(/\.part-.*/, '')
}

/** A job that somebody is at, or was when it was cut off. */
export interface JobUnderWay {
  readonly name: string
  readonly worker: Worker | undefined
  readonly startedMs: number
  /** When its worker last said that it goes on, by the clock of the file system. */
  readonly beatMs: number
}

export function jobsUnderWay(run: string): JobUnderWay[] {
  return cutJobs(run).flatMap((path) => {
    try {
      const name = jobOfPart(path)
      const beatMs = statSync(join(path, 'worker.json')).mtimeMs
      return { name, worker: readJson<Worker>(path, 'worker.json'), startedMs: startedMs(path), beatMs }
    } catch {
      // It ended while it was looked at, or has hardly begun.
      return []
    }
  })
}

/** How long a job took that is done, by the times of its files. */
export function tookMs(run: string, job: string): number {
  const path = jobPath(run, job)
  return statSync(join(path, 'result.json')).mtimeMs - startedMs(path)
}

function startedMs(path: string): number {
  return statSync(join(path, 'job.json')).mtimeMs
}

/** The rounds of a job that is done. */
export function rowsOfJob(run: string, job: string): readonly RoundRow[] {
  return readJson(jobPath(run, job), 'rounds.json')
}

/** Who had what in a job that is done, if that is known. */
export function holdingsOfJob(run: string, job: string): JobHoldings | undefined {
  const path = jobPath(run, job)
  return existsSync(join(path, jobFiles.holdings)) ? readJson(path, jobFiles.holdings) : undefined
}

/**
 * Files of the events of a run, in order: of the jobs that are in its own, and of those that were cut off, each as it was begun or gone
 * on with last.
 */
export function eventFiles(run: string): string[] {
  const newest = new Map<string, string>()
  const begun = cutJobs(run).filter((folder) => existsSync(join(folder, 'job.json')))
  for (const folder of begun.sort((a, b) => startedMs(a) - startedMs(b))) newest.set(jobOfPart(folder), folder)
  return [join(run, jobFiles.events), ...[...newest.values()].sort().map((folder) => join(folder, jobFiles.events))]
}

/** Removes the folders of jobs, once all of what is in them is elsewhere. */
export function removeJobs(run: string): void {
  const folder = join(run, jobs)
  writing(folder, () => rmSync(folder, { recursive: true, force: true }))
}

function readJson<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T
}
