/** Puts together what the jobs of a run came to, from their folders alone: the same whatever order they were done in. */
import { digestOf } from '@hearsay/protocol'
import {
  type Finishing,
  finishedRun,
  type JobResult,
  type Outcome,
  type RunFolder,
  type RunLog,
  readJob,
  summarise,
} from '@hearsay/results'
import type { SeedMeasures, Summary, SummaryCell } from '@hearsay/scenario'
import { compared, judge, type LoadedScenario } from '@hearsay/scenario'
import { taskOf } from '@hearsay/training/schema'
import { judgeDivergence } from './divergence.ts'
import type { Job } from './job.ts'

/** The summary of a run under way is written so often: of all its cells each time, which a job more changes little. */
const summaries = 100

export class Merger {
  readonly #scenario: LoadedScenario
  readonly #jobs: readonly Job[]
  readonly #engine: string
  readonly #folder: RunFolder
  readonly #results: (JobResult | undefined)[]
  #taken = 0
  /** Jobs before this one are in the files of the run. */
  #next = 0

  /** `jobs` are all of the scenario, in order. */
  constructor(scenario: LoadedScenario, jobs: readonly Job[], engine: string, folder: RunFolder) {
    this.#scenario = scenario
    this.#jobs = jobs
    this.#engine = engine
    this.#folder = folder
    this.#results = jobs.map(() => undefined)
    folder.writeSummary(this.summary())
  }

  /** The folder of the run. */
  get path(): string {
    return this.#folder.path
  }

  /** A job is done: adds it, and those after it that waited for it, to the files of the run. Throws RunError `write-failed`. */
  take({ index, name }: Job): void {
    this.#results[index] = readJob(this.path, name)
    while (this.#results[this.#next] !== undefined) this.#folder.add(this.#jobs[this.#next++]!.name)
    if (++this.#taken % Math.ceil(this.#jobs.length / summaries) === 0) this.#folder.writeSummary(this.summary())
  }

  /** All is done: makes the rest of the files of the run. Throws as `take`, and the reason of the signal. */
  async finish(endedAt: Date, finishing: Finishing = {}): Promise<Summary> {
    const summary = this.summary()
    await this.#folder.finish(summary, endedAt, finishing)
    return summary
  }

  /** A run that is finished, in other places too: what people are told of each, and why one did not take it. */
  async log(logs: readonly RunLog[], summary: Summary, endedAt: Date): Promise<Kept> {
    return keepElsewhere(logs, (log) => this.#folder.log(summary, endedAt, log))
  }

  /** No more is done: adds what waited for a job that was not, where that can be written. Never throws. */
  end(outcome: Outcome): void {
    try {
      for (; this.#next < this.#jobs.length; this.#next++)
        if (this.#results[this.#next] !== undefined) this.#folder.add(this.#jobs[this.#next]!.name)
      this.#folder.writeSummary(this.summary())
    } catch {
      // It is in the folder of its job.
    }
    this.#folder.end(outcome)
  }

  /** What made jobs fail that no input should. */
  bugs(): string[] {
    return this.#results.flatMap((result) => (result !== undefined && 'failed' in result && result.bug) || [])
  }

  /** Of the jobs that were taken. */
  summary(): Summary {
    const { name, question, seeds, plot, published } = this.#scenario
    const cells = this.#cells()
    const done = cells.filter((cell) => cell !== undefined)
    const failed = this.#failed()
    return {
      scenario: name,
      question,
      engine: this.#engine,
      seeds: [...seeds],
      ...traceDigestOf(done),
      ...originsOf(this.#scenario),
      cells: done,
      ...(failed.length > 0 && { failed }),
      ...(plot.length > 0 && { plot: [...plot] }),
      ...(published && { published: compared(published, done) }),
      expectations: verdictsOf(this.#scenario, cells),
    }
  }

  /** By index; undefined where there is nothing yet. */
  #cells(): (SummaryCell | undefined)[] {
    const bySeed = this.#scenario.cells.map((): SeedMeasures[] => [])
    for (const [at, result] of this.#results.entries())
      if (result !== undefined && 'measures' in result) bySeed[this.#jobs[at]!.cell.index]!.push(result.measures)
    return this.#scenario.cells.map((cell) => {
      const measures = bySeed[cell.index]!
      return measures.length > 0 ? summarise(cell, measures) : undefined
    })
  }

  #failed(): NonNullable<Summary['failed']> {
    return this.#jobs.flatMap(({ index, cell, seed }) => {
      const result = this.#results[index]
      return result !== undefined && 'failed' in result
        ? [{ cell: cell.index, label: cell.label, seed, reason: result.failed }]
        : []
    })
  }
}

/** Of all cells, each once. */
function originsOf({ cells }: LoadedScenario): Pick<Summary, 'data'> {
  const origins = cells.flatMap(({ parameters: { task } }) => taskOf(task).origin?.(task) ?? [])
  const each = new Map(origins.map((origin) => [origin.source, origin]))
  return each.size === 0 ? {} : { data: [...each.values()] }
}

/** In places besides its folder: what people are told of each, and why one did not take the run. */
interface Kept {
  readonly logged: readonly string[]
  readonly unlogged: readonly string[]
}

async function keepElsewhere(logs: readonly RunLog[], keep: (log: RunLog) => Promise<string>): Promise<Kept> {
  const [logged, unlogged]: [string[], string[]] = [[], []]
  for (const log of logs)
    await keep(log)
      .then((told) => logged.push(told))
      .catch((error: Error) => unlogged.push(error.message))
  return { logged, unlogged }
}

/** A run that ended before, and was kept in its folder alone until now. Throws RunError `no-run` when its rows cannot be read. */
export async function keepFinished(
  logs: readonly RunLog[],
  run: Parameters<typeof finishedRun>[0],
): Promise<Partial<Kept>> {
  if (logs.length === 0) return {}
  const finished = await finishedRun(run)
  return keepElsewhere(logs, (log) => log.write(finished))
}

/** On what the scenario expects, and on what goes without saying. */
function verdictsOf(
  { expectations, cells }: LoadedScenario,
  results: readonly (SummaryCell | undefined)[],
): Summary['expectations'] {
  const diverged = judgeDivergence(
    expectations,
    results.filter((result) => result !== undefined),
  )
  const verdicts = [...judge(expectations, cells, results), ...(diverged === undefined ? [] : [diverged])]
  return verdicts.map((verdict) => ({ ...verdict, failures: [...verdict.failures] }))
}

/** Of all cells and seeds so far, when every one has one. */
function traceDigestOf(cells: readonly SummaryCell[]): Pick<Summary, 'traceDigest'> {
  const digests = cells.flatMap(({ bySeed }) => bySeed.map(({ traceDigest }) => traceDigest))
  if (digests.length === 0 || digests.includes(undefined)) return {}
  return { traceDigest: digestOf(new TextEncoder().encode(digests.join('\n'))) }
}
