import { classes, mostComparators } from './sorting-network.ts'

/** The scratch of a sort, at most, so that it stays in a first-level cache of 32 KiB beside what is read and written. */
const SORT_SCRATCH_BYTES = 16_384
const MOST_LANE_BYTES = 1_024

/** A row's lane in the scratch of exact distances: 128 float64. */
const PAIR_LANE_BYTES = 1_024

/** Columns of combinations, or of a sample of columns, that are made at a time. */
export const LANE_COLUMNS = 512

/** A lane of them: one line more, so that lanes do not share one set of the cache. */
export const LANE_BYTES = 2_112

/** Kernels go by 16 columns; a cache line is as long. */
const LINE_BYTES = 64

/** Words of control, each in a line of its own: threads wait on one while others count in the next. */
export const CONTROL_WORDS = { state: 0, active: 16, next: 32, end: 48, finished: 64, failed: 80, phase: 96 } as const
export const CONTROL_LENGTH = 7 * 16

/** Numbers that a phase of work takes, at most. */
export const MOST_ARGUMENTS = 16

/** Columns whose sums are added up apart. Fixed, so that whoever works on them does not show in the result. */
export const CHUNK_COLUMNS = 2 ** 15

/** Columns of a task that gives columns of the output. */
export const TASK_COLUMNS = 2 ** 14

/** Columns of a sample that a task takes. */
export const SAMPLE_COLUMNS = 2 ** 10

/** Chunks of distances that are worked on at a time, by many threads or by one: the sums of each take memory. */
const MOST_SLOTS = 32

/** Addresses of the parts of a workspace's memory, each at the start of a cache line, and the end of it all. */
export interface Layout {
  readonly columns: number
  readonly mostRows: number
  /** Of words of 32 bits; see `CONTROL_WORDS`. */
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
}

/** For up to `rows` rows, and beside them the zero vector and that of a context. */
export function layout(options: { rows: number; columns: number; strideBytes: number; threads: number }): Layout {
  const { rows, columns, strideBytes, threads } = options
  let end = 0
  const place = (sizeBytes: number): number => {
    const start = end
    end += Math.ceil(sizeBytes / LINE_BYTES) * LINE_BYTES
    return start
  }
  const pitch = pairPitch(rows + 2)
  const sortScratchBytes = Math.max(SORT_SCRATCH_BYTES, sortLanes(rows) * LINE_BYTES)
  const chunks = tasksOf(columns, CHUNK_COLUMNS)
  const outputColumns = threads === 1 ? Math.min(columns, TASK_COLUMNS) : columns
  const slots = threads === 1 ? 1 : Math.min(chunks, MOST_SLOTS)
  return {
    columns,
    mostRows: rows,
    control: place(CONTROL_LENGTH * 4),
    arguments: place(MOST_ARGUMENTS * 8),
    done: place(tasksOf(columns, Math.min(TASK_COLUMNS, SAMPLE_COLUMNS, CHUNK_COLUMNS)) * 4),
    addresses: place(pitch * 4),
    weights: place(pitch * 8),
    network: place(mostComparators(rows) * 8),
    sums: place(slots * pitch * pitch * 16),
    slots,
    partial: place(chunks * rows * 8),
    combinations: place(rows * (rows + 1) * 8),
    termRows: place(rows * rows * 4),
    termWeights: place(rows * rows * 8),
    sample: place(strideBytes),
    output: place(outputColumns * 4),
    outputColumns,
    origin: place(strideBytes),
    extra: place(strideBytes),
    rows: place(rows * strideBytes),
    pairLaneBytes: PAIR_LANE_BYTES,
    own: Array.from({ length: threads }, () => ({
      scratch: place(Math.max(sortScratchBytes, pitch * PAIR_LANE_BYTES)),
      lanes: place((rows + 2) * LANE_BYTES),
      laneAddresses: place((rows + 2) * 4),
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
  const lines = Math.floor(SORT_SCRATCH_BYTES / sortLanes(n) / LINE_BYTES)
  return Math.min(Math.max(lines * LINE_BYTES, LINE_BYTES), MOST_LANE_BYTES)
}

/** Lanes in the scratch of a sort of n rows: eight for each class, and one that stands for rows that are not there. */
function sortLanes(n: number): number {
  return 8 * classes(n) + 1
}
