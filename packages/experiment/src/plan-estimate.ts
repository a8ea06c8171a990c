import type { Cell } from '@hearsay/scenario'

/** What two rounds of a cell took, by the clock on the wall. */
export interface Probe {
  /** From the beginning to the end of the first round, for which processes warm up. */
  readonly startMs: number
  /** Of the second round. */
  readonly roundMs: number
  /** Of this process and its training processes; undefined where the system does not tell. */
  readonly memoryBytes: number | undefined
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
  /** So many cells were tried, for two rounds each. */
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
/** By how much several at once are slower than as many times one: each has fewer training processes. */
const crowding = 1.1
/** In less than that, processes for the jobs take longer to begin than they save. */
const worthwhileMs = 20_000
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
    const { rounds } = cell.parameters
    return {
      ms: of(({ startMs }) => startMs) + (rounds - 1) * of(({ roundMs }) => roundMs),
      bytes: rounds * of(({ roundBytes }) => roundBytes) * tables + of(({ modelBytes }) => modelBytes),
    }
  })
  const memories = probes.map(({ memoryBytes }) => memoryBytes)
  const known = memories.every((bytes) => bytes !== undefined)
  const memoryBytes = known ? Math.max(0, ...(memories as number[])) : null
  const aloneMs = jobs.reduce((sum, { ms }) => sum + ms, 0)
  const parallel = asked ?? (aloneMs < worthwhileMs ? 1 : bearable(todo, memoryBytes, machine))
  const longestJobMs = Math.max(0, ...jobs.map(({ ms }) => ms))
  return {
    cells: new Set(todo).size,
    jobs: todo.length,
    tried: tried.size,
    parallel,
    memoryBytes,
    aloneMs,
    parallelMs:
      parallel > 1 ? Math.max(longestJobMs, (aloneMs / Math.min(parallel, machine.cores)) * crowding) : aloneMs,
    longestJobMs,
    diskBytes: jobs.reduce((sum, { bytes }) => sum + bytes, 0),
    machine,
  }
}

/** Jobs whose networks are not virtual have the machine's clock, and would make each other late: those are done one by one. */
function bearable(todo: readonly Cell[], memoryBytes: number | null, { cores, freeMemoryBytes }: Machine): number {
  if (todo.some(({ parameters }) => parameters.network.transport !== 'virtual')) return 1
  const byMemory = memoryBytes ? Math.floor((mostOfMemory * freeMemoryBytes) / memoryBytes) : 1
  return Math.max(1, Math.min(todo.length, cores, byMemory))
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
