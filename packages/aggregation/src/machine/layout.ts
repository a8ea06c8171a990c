import { classes, mostComparators } from './sorting-network.ts'

/** The scratch of a sort, at most, so that it stays in a first-level cache of 32 KiB beside what is read and written. */
const scratchBytesOfSort = 16_384
const mostBytesOfLane = 1_024

/** After the lanes, what a search of ranks keeps of 16 columns, and tables of weights. */
const searchBytes = 320

/** A row's lane in the scratch of exact distances: 128 float64. */
const pairLaneBytes = 1_024

/** Columns of combinations, or of a sample of columns, that are made at a time. */
export const laneColumns = 512

/** A lane of them: one line more, so that lanes do not share one set of the cache. */
export const bytesOfLane = 2_112

/** Kernels go by 16 columns; a cache line is as long. */
const lineBytes = 64

/** Words of control, each in a line of its own: threads wait on one while others count in the next. */
export const controlWords = { state: 0, active: 16, next: 32, end: 48, finished: 64, failed: 80, pass: 96 } as const
export const controlLength = 7 * 16

/** Numbers that a pass of work takes, at most. */
export const mostArguments = 16

/** Columns whose sums are added up apart. Fixed, so that whoever works on them does not show in the result. */
export const chunkColumns = 2 ** 15

/** Columns of a task that gives columns of the output. */
export const columnsOfTask = 2 ** 14

/** Columns of a sample that a task takes. */
export const sampleColumns = 2 ** 10

/** Chunks of distances that are worked on at a time, by many threads or by one: the sums of each take memory. */
const mostSlots = 32

/** Addresses of the parts of a workspace's memory, each at the start of a cache line, and the end of it all. */
export interface Layout {
  readonly columns: number
  readonly mostRows: number
  /** Of words of 32 bits; see `controlWords`. */
  readonly control: number
  readonly arguments: number
  /** A word of 32 bits for each task: 1 when it is done. */
  readonly done: number
  readonly addresses: number
  readonly weights: number
  readonly network: number
  readonly sums: number
  /** How many matrices there are at `sums`. */
  readonly slots: number
  /** A float64 for each row and chunk. */
  readonly partial: number
  readonly combinations: number
  /** Of each combination its place among those that differ, 32 bits. */
  readonly places: number
  /** The rows of the terms of each combination, 32 bits each, and their weights, float64. */
  readonly termRows: number
  readonly termWeights: number
  /** Indices of columns, 32 bits each. */
  readonly sample: number
  readonly output: number
  /** Of the output that there is room for: one task's, which is copied before the next begins, unless there are workers. */
  readonly outputColumns: number
  readonly origin: number
  readonly extra: number
  readonly rows: number
  readonly pairLaneBytes: number
  /** What each thread has for itself. */
  readonly own: readonly OwnLayout[]
  readonly end: number
}

export interface OwnLayout {
  readonly scratch: number
  readonly lanes: number
  /** The table of the lanes' addresses. */
  readonly laneAddresses: number
  /** The table of the addresses of the lanes of combinations, of which some may have the same. */
  readonly mixedAddresses: number
}

/** For up to `rows` rows, and beside them the zero vector and that of a context. */
export function layout(options: { rows: number; columns: number; strideBytes: number; threads: number }): Layout {
  const { rows, columns, strideBytes, threads } = options
  let end = 0
  const place = (sizeBytes: number): number => {
    const start = end
    end += Math.ceil(sizeBytes / lineBytes) * lineBytes
    return start
  }
  const pitch = pairPitch(rows + 2)
  const sortScratchBytes = Math.max(scratchBytesOfSort, sortLanes(rows) * lineBytes) + searchBytes
  const chunks = tasksOf(columns, chunkColumns)
  const outputColumns = threads === 1 ? Math.min(columns, columnsOfTask) : columns
  const slots = threads === 1 ? 1 : Math.min(chunks, mostSlots)
  return {
    columns,
    mostRows: rows,
    control: place(controlLength * 4),
    arguments: place(mostArguments * 8),
    done: place(tasksOf(columns, Math.min(columnsOfTask, sampleColumns, chunkColumns)) * 4),
    addresses: place(pitch * 4),
    weights: place(pitch * 8),
    network: place(mostComparators(rows) * 8),
    sums: place(slots * pitch * pitch * 16),
    slots,
    partial: place(chunks * rows * 8),
    combinations: place(rows * (rows + 1) * 8),
    places: place(rows * 4),
    termRows: place(rows * rows * 4),
    termWeights: place(rows * rows * 8),
    sample: place(strideBytes),
    output: place(outputColumns * 4),
    outputColumns,
    origin: place(strideBytes),
    extra: place(strideBytes),
    rows: place(rows * strideBytes),
    pairLaneBytes: pairLaneBytes,
    own: Array.from({ length: threads }, () => ({
      scratch: place(Math.max(sortScratchBytes, pitch * pairLaneBytes)),
      lanes: place((rows + 2) * bytesOfLane),
      laneAddresses: place((rows + 2) * 4),
      mixedAddresses: place(rows * 4),
    })),
    end,
  }
}

/** How many tasks of `taskColumns` there are, the last of which may have fewer. */
export function tasksOf(columns: number, taskColumns: number): number {
  return Math.ceil(columns / taskColumns)
}

/** The address of the output of a task that begins with this column. */
export function outputOf(at: Layout, column: number): number {
  return at.output + (column % at.outputColumns) * 4
}

/** Kernels of pairs go by four rows. */
export function pairPitch(n: number): number {
  return Math.ceil(n / 4) * 4
}

export function sortLaneBytes(n: number): number {
  const lines = Math.floor(scratchBytesOfSort / sortLanes(n) / lineBytes)
  return Math.min(Math.max(lines * lineBytes, lineBytes), mostBytesOfLane)
}

/** Lanes in the scratch of a sort of n rows: eight for each class, and one that stands for rows that are not there. */
function sortLanes(n: number): number {
  return 8 * classes(n) + 1
}
