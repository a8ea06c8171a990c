import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RunError } from '@hearsay/results'
import type { Cell, LoadedScenario } from '@hearsay/scenario'
import { type Job, runJob } from './job.ts'
import type { Probe } from './plan-estimate.ts'
import type { Tasks } from './tasks.ts'

/** What this process takes and all that it has started; undefined where the system does not tell. */
export interface Meters {
  readonly residentBytes: () => number | undefined
  /** Of the processor. */
  readonly processorMs: () => number | undefined
}

export interface ProbeOptions extends Meters {
  readonly scenario: Pick<LoadedScenario, 'extensions'>
  readonly tasks: Tasks
  readonly archive?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

interface Moment {
  readonly atMs: number
  readonly workedMs: number | undefined
}

/** The second is one of many; where only some are evaluated, the third is evaluated and it is not. */
const roundsOf = ({ evaluateEvery = 1 }: Cell['parameters']) =>
  evaluateEvery === 1 ? { rounds: 2 } : { rounds: 3, evaluateEvery: 3 }

/** Does the first rounds of a cell, in a folder that is gone afterwards. Throws RunError `impossible` when they fail. */
export async function probe(cell: Cell, options: ProbeOptions): Promise<Probe> {
  const { scenario, tasks, residentBytes, processorMs, archive, signal } = options
  const { rounds, ...few } = roundsOf(cell.parameters)
  const short: Cell = { ...cell, parameters: { ...cell.parameters, rounds, ...few } }
  const job: Job = { index: 0, cell: short, seed: cell.seeds[0]!, name: 'probe' }
  const run = mkdtempSync(join(tmpdir(), 'hearsay-plan-'))
  const head = { scenario: 'probe', digest: '', version: '', engine: '' }
  const ends: Moment[] = []
  const now = (): Moment => ({ atMs: performance.now(), workedMs: processorMs() })
  const startedMs = performance.now()
  try {
    const result = await runJob(job, {
      run,
      head,
      extensions: scenario.extensions,
      tasks,
      archive,
      signal,
      onProgress: ({ kind }) => kind === 'round' && ends.push(now()),
    })
    const ended = now()
    if ('failed' in result)
      throw new RunError('impossible', `cell "${cell.label}", in a few rounds to see what it takes: ${result.failed}`)
    const [first = ended, second = ended, third = second] = ends
    const roundMs = second.atMs - first.atMs
    const { all, models } = sizeOf(run)
    return {
      startMs: first.atMs - startedMs,
      roundMs,
      evaluationMs: Math.max(0, third.atMs - second.atMs - roundMs),
      coresAtWork: coresAtWork(first, ended),
      memoryBytes: residentBytes(),
      ownBytes: process.memoryUsage.rss(),
      roundBytes: (all - models) / rounds,
      modelBytes: models,
    }
  } finally {
    rmSync(run, { recursive: true, force: true })
  }
}

function coresAtWork(from: Moment, to: Moment): number | undefined {
  const ms = to.atMs - from.atMs
  if (from.workedMs === undefined || to.workedMs === undefined || ms <= 0) return undefined
  return (to.workedMs - from.workedMs) / ms
}

function sizeOf(folder: string): { readonly all: number; readonly models: number } {
  let [all, models] = [0, 0]
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const { size } = statSync(join(entry.parentPath, entry.name))
    all += size
    if (entry.name.endsWith('.safetensors')) models += size
  }
  return { all, models }
}
