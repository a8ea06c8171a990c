import type { Cell } from '@hearsay/scenario'
import { trainersBeside } from './trainers-beside.ts'

/** What the first rounds of a cell took, by the clock on the wall. */
export interface Probe {
  /** From the beginning to the end of the first round, for which processes warm up. */
  readonly startMs: number
  /** Of the second round. */
  readonly roundMs: number
  /** Of evaluating the models of a round, where only some rounds are evaluated; else it is part of `roundMs`. */
  readonly evaluationMs: number
  /** How many cores were at work on average; undefined where the system does not tell. */
  readonly coresAtWork: number | undefined
  /** Of this process and its training processes; undefined where the system does not tell. */
  readonly memoryBytes: number | undefined
  /** Of this process alone. */
  readonly ownBytes: number
  /** Written in a round, on average. */
  readonly roundBytes: number
  /** Of the model that is kept. */
  readonly modelBytes: number
}

/** What a run takes, as far as a few cells tell that were tried. */
export interface RunPlan {
  readonly cells: number
  /** Cells with one seed each that are to be done. */
  readonly jobs: number
  /** So many cells were tried, for two or three rounds each. */
  readonly tried: number
  /** At once: as many as memory and cores bear. */
  readonly parallel: number
  /** Of a job at once with its training processes, at most; null where the system does not tell. */
  readonly memoryBytes: number | null
  /** One after the other, and so many at once. */
  readonly aloneMs: number
  readonly parallelMs: number
  readonly longestJobMs: number
  readonly diskBytes: number
  readonly machine: Machine
}

export interface Machine {
  readonly cores: number
  readonly freeMemoryBytes: number
  /** Where the run is written; null where the system does not tell. */
  readonly freeDiskBytes: number | null
}

/** Of free memory, what jobs may fill. */
const mostOfMemory = 0.8
/** In that time processes for the jobs begin, and the last job ends by itself: see decision 95. */
const beginMs = 4000
/** What a run writes beside what its jobs do: tables of the same numbers. */
const tables = 1.5

/** So many cells are worth trying. */
export const mostTried = 6

/** Cells to try: evenly among those of a run, the first and the last of them. */
export function cellsToTry<C>(cells: readonly C[], most = mostTried): C[] {
  if (cells.length <= most) return [...cells]
  return Array.from({ length: most }, (_, at) => cells[Math.round((at * (cells.length - 1)) / Math.max(1, most - 1))]!)
}

/** `todo` are the cells of the jobs that are to be done; `asked`, how many at once somebody wants. */
export function estimate(
  todo: readonly Cell[],
  tried: ReadonlyMap<Cell, Probe>,
  machine: Machine,
  asked?: number,
): RunPlan {
  const probes = [...tried.values()]
  const jobs = todo.map((cell) => {
    const own = tried.get(cell)
    const of = (value: (probe: Probe) => number): number => (own === undefined ? mean(probes.map(value)) : value(own))
    const { rounds, evaluateEvery = 1 } = cell.parameters
    const evaluations = evaluateEvery === 1 ? 0 : Math.ceil(rounds / evaluateEvery)
    return {
      ms:
        of(({ startMs }) => startMs) +
        (rounds - 1) * of(({ roundMs }) => roundMs) +
        evaluations * of(({ evaluationMs }) => evaluationMs),
      bytes: rounds * of(({ roundBytes }) => roundBytes) * tables + of(({ modelBytes }) => modelBytes),
    }
  })
  const aloneMs = jobs.reduce((sum, { ms }) => sum + ms, 0)
  const longestJobMs = Math.max(0, ...jobs.map(({ ms }) => ms))
  // One job by itself keeps more than a core at work: a simulator, and processes that train.
  const coresOfOne = Math.max(1, mean(probes.map(({ coresAtWork }) => coresAtWork ?? 1)))
  const takes = (parallel: number): number =>
    parallel === 1
      ? aloneMs
      : beginMs + Math.max(longestJobMs, aloneMs / Math.min(parallel, Math.max(1, machine.cores / coresOfOne)))
  const most = bearable(todo, probes, machine)
  const parallel = asked ?? (takes(most) < aloneMs ? most : 1)
  return {
    cells: new Set(todo).size,
    jobs: todo.length,
    tried: tried.size,
    parallel,
    memoryBytes: memoryOf(probes, parallel, machine),
    aloneMs,
    parallelMs: takes(parallel),
    longestJobMs,
    diskBytes: jobs.reduce((sum, { bytes }) => sum + bytes, 0),
    machine,
  }
}

/** Jobs whose networks are not virtual have the machine's clock, and would make each other late: those are done one by one. */
function bearable(todo: readonly Cell[], probes: readonly Probe[], machine: Machine): number {
  if (todo.some(({ parameters }) => parameters.network.transport !== 'virtual')) return 1
  const fits = (parallel: number): boolean => {
    const bytes = memoryOf(probes, parallel, machine)
    return bytes !== null && parallel * bytes <= mostOfMemory * machine.freeMemoryBytes
  }
  let parallel = Math.min(todo.length, machine.cores)
  while (parallel > 1 && !fits(parallel)) parallel--
  return Math.max(1, parallel)
}

/** Of a job, the largest of those that were tried, when so many are done at once; null where the system does not tell. */
function memoryOf(probes: readonly Probe[], parallel: number, { cores }: Machine): number | null {
  const share = trainersBeside(parallel, cores) / trainersBeside(1, cores)
  const each = probes.map(({ memoryBytes, ownBytes }) =>
    memoryBytes === undefined ? undefined : ownBytes + (memoryBytes - ownBytes) * share,
  )
  return each.includes(undefined) ? null : Math.max(0, ...(each as number[]))
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
