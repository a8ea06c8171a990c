import { statfsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import { untilAborted } from '@hearsay/peer'
import type { Cell, LoadedScenario } from '@hearsay/scenario'
import type { EngineName } from '@hearsay/training'
import { checkForeseen } from './foreseen.ts'
import { jobsOf } from './job.ts'
import { cellsToTry, estimate, type Machine, mostTried, type Probe, type RunPlan } from './plan-estimate.ts'
import { type Meters, type ProbeOptions, probe } from './plan-probe.ts'
import { Tasks } from './tasks.ts'

export interface PlanOptions extends Meters {
  readonly scenario: LoadedScenario
  readonly engine: EngineName | 'auto'
  /** Where folders of results go. */
  readonly root: string
  readonly archive?: boolean
  /** Jobs at once; as many as memory and cores bear when left out. */
  readonly parallel?: number | undefined
  readonly signal?: AbortSignal
}

/** Tries some cells, and says what all would take. Throws as `runScenario` before its first job, and `impossible` when a cell fails. */
export async function planRun(options: PlanOptions): Promise<RunPlan & { readonly engine: string }> {
  const { scenario, engine, root, parallel, signal } = options
  const tasks = new Tasks(engine, { ...scenario, cells: [] }, signal)
  try {
    await checkForeseen(scenario, signal)
    const { name, version } = await untilAborted(tasks.engine(), signal)
    const todo = jobsOf(scenario).map(({ cell }) => cell)
    const tried = await tryCells(cellsToTry(scenario.cells, mostTried), { ...options, tasks })
    return { engine: `${name} (${version})`, ...estimate(todo, tried, machineAt(root), parallel) }
  } finally {
    await tasks.end()
  }
}

/** What begins in less than that may be tried twice. */
const shortMs = 5000

export async function tryCells(cells: readonly Cell[], options: ProbeOptions): Promise<Map<Cell, Probe>> {
  const tried = new Map<Cell, Probe>()
  for (const cell of cells) tried.set(cell, await probe(cell, options))
  // The first had processes that were cold, and read the data, as few jobs of a run do.
  const [first] = cells
  if (first !== undefined && tried.get(first)!.startMs < shortMs) tried.set(first, await probe(first, options))
  return tried
}

/** What this machine has left; `root` may not be there yet. */
export function machineAt(root: string): Machine {
  return {
    cores: availableParallelism(),
    freeMemoryBytes: process.availableMemory(),
    freeDiskBytes: freeDisk(resolve(root)),
  }
}

function freeDisk(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    const parent = dirname(path)
    return parent === path ? null : freeDisk(parent)
  }
}
