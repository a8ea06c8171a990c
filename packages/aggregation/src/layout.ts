import { classes, mostComparators } from './sorting-network.ts'

/** The scratch of a sort, at most, so that it stays in a first-level cache of 32 KiB beside what is read and written. */
const SORT_SCRATCH_BYTES = 16_384
const MOST_LANE_BYTES = 1_024

/** A row's lane in the scratch of exact distances: 128 float64. */
const PAIR_LANE_BYTES = 1_024

/** A combination's lane: 512 float32 and one line, so that lanes do not share one set of the cache. */
export const MIX_LANE_BYTES = 2_112

/** Kernels go by 16 columns; a cache line is as long. */
const LINE_BYTES = 64

/** Addresses of the parts of a workspace's memory, each at the start of a cache line, and the end of it all. */
export interface Layout {
  readonly addresses: number
  readonly weights: number
  readonly network: number
  readonly scratch: number
  readonly pairLaneBytes: number
  readonly sums: number
  readonly combinations: number
  readonly lanes: number
  readonly output: number
  readonly origin: number
  readonly extra: number
  readonly rows: number
  readonly end: number
}

/** For up to `rows` rows, and beside them the zero vector and that of a context. */
export function layout(rows: number, strideBytes: number): Layout {
  let end = 0
  const place = (sizeBytes: number): number => {
    const start = end
    end += Math.ceil(sizeBytes / LINE_BYTES) * LINE_BYTES
    return start
  }
  const pitch = pairPitch(rows + 2)
  const sortScratchBytes = Math.max(SORT_SCRATCH_BYTES, sortLanes(rows) * LINE_BYTES)
  return {
    addresses: place(pitch * 4),
    weights: place(pitch * 8),
    network: place(mostComparators(rows) * 8),
    scratch: place(Math.max(sortScratchBytes, pitch * PAIR_LANE_BYTES)),
    pairLaneBytes: PAIR_LANE_BYTES,
    sums: place(pitch * pitch * 16),
    combinations: place(rows * (rows + 1) * 8),
    lanes: place(rows * MIX_LANE_BYTES),
    output: place(strideBytes),
    origin: place(strideBytes),
    extra: place(strideBytes),
    rows: place(rows * strideBytes),
    end,
  }
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
