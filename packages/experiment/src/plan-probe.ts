import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RunError } from '@hearsay/results'
import type { Cell, LoadedScenario } from '@hearsay/scenario'
import { type Job, runJob } from './job.ts'
import type { Probe } from './plan-estimate.ts'
import type { Tasks } from './tasks.ts'

export interface ProbeOptions {
  readonly scenario: Pick<LoadedScenario, 'extensions'>
  readonly tasks: Tasks
  /** Bytes in memory of this process and of all that it has started. */
  readonly residentBytes: () => number | undefined
  readonly archive?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

const rounds = 2

/** Does the first two rounds of a cell, in a folder that is gone afterwards. Throws RunError `impossible` when they fail. */
export async function probe(cell: Cell, options: ProbeOptions): Promise<Probe> {
  const { scenario, tasks, residentBytes, archive, signal } = options
  const short: Cell = { ...cell, parameters: { ...cell.parameters, rounds } }
  const job: Job = { index: 0, cell: short, seed: cell.seeds[0]!, name: 'probe' }
  const run = mkdtempSync(join(tmpdir(), 'hearsay-plan-'))
  const head = { scenario: 'probe', digest: '', version: '', engine: '' }
  const ends: number[] = []
  const startedMs = performance.now()
  try {
    const result = await runJob(job, {
      run,
      head,
      extensions: scenario.extensions,
      tasks,
      archive,
      signal,
      onProgress: ({ kind }) => kind === 'round' && ends.push(performance.now()),
    })
    const endedMs = performance.now()
    if ('failed' in result)
      throw new RunError('impossible', `cell "${cell.label}", in two rounds to see what it takes: ${result.failed}`)
    const [first = endedMs, second = endedMs] = ends
    const { all, models } = sizeOf(run)
    return {
      startMs: first - startedMs,
      roundMs: Math.max(0, second - first),
      memoryBytes: residentBytes(),
      roundBytes: (all - models) / rounds,
      modelBytes: models,
    }
  } finally {
    rmSync(run, { recursive: true, force: true })
  }
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
