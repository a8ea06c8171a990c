import type { Kernels } from './kernels.ts'
import {
  bytesOfLane,
  chunkColumns,
  columnsOfTask,
  type Layout,
  laneColumns,
  type OwnLayout,
  outputOf,
  sampleColumns,
} from './layout.ts'

/** What a thread works with: kernels on the memory of the workspace, and what in it is the thread's own. */
export interface Thread {
  readonly kernels: Kernels
  readonly buffer: ArrayBufferLike
  readonly at: Layout
  readonly own: OwnLayout
}

/** A range of columns. Tasks of a pass write to different places, so that any thread may do any of them at any time. */
export interface Task {
  readonly index: number
  readonly column: number
  readonly columns: number
}

export interface Pass {
  /** Columns of a task: all but the last have as many. */
  readonly taskColumns: number
  /** Returns 0 when a number that was read is not finite, if it says so at all; otherwise 1. */
  work(thread: Thread, task: Task, args: readonly number[]): number
}

/**
 * What rules are made of, each cut into tasks. Rows are those of the table at `addresses`, or combinations; `args` are the
 * numbers that a pass is called with, which every thread finds in memory, and what they point to.
 */
export const passes = {
  mean: columnwise(({ kernels, own }, table, n, [from, width, out]) =>
    kernels.mean(table, n, from, width, own.scratch, out),
  ),

  weightedSum: columnwise(({ kernels, at, own }, table, n, [from, width, out], [divisor = 1]) =>
    kernels.weightedSum(table, at.weights, n, divisor, from, width, own.scratch, out),
  ),

  trimmedMean: columnwise(({ kernels, at, own }, table, n, [from, width, out], args) => {
    const [trim = 0, classes = 0, comparators = 0, laneBytes = 0] = args
    const { network } = at
    return kernels.trimmedMean(table, n, trim, from, width, classes, network, comparators, own.scratch, laneBytes, out)
  }),

  nearestMean: columnwise(({ kernels, at, own }, table, n, [from, width, out], args) => {
    const [first = 0, last = 0, keep = 0, classes = 0, comparators = 0, laneBytes = 0] = args
    const sort = [classes, at.network, comparators, own.scratch, laneBytes] as const
    return kernels.nearestMean(table, n, first, last, keep, from, width, ...sort, out)
  }),

  weightedTrimmedMean: columnwise(({ kernels, at, own }, table, n, [from, width, out], args) => {
    const [trim = 0, total = 0, lowest = 0, middle = 0, classes = 0, comparators = 0, laneBytes = 0] = args
    const sort = [from, width, classes, at.network, comparators, own.scratch, laneBytes, out] as const
    return kernels.weightedTrimmedMean(table, at.weights, n, trim, total, lowest, middle, ...sort)
  }),

  quadraticMedian: columnwise(({ kernels, at, own }, table, n, [from, width, out], args) => {
    const [resilience = 0, clipped = 0, total = 0, classes = 0, comparators = 0, laneBytes = 0] = args
    const sort = [classes, at.network, comparators, own.scratch, laneBytes] as const
    return kernels.quadraticMedian(table, at.weights, n, resilience, clipped, total, from, width, ...sort, out)
  }),

  exactDistances: pairs(({ kernels, at, own }, n, pitch, columns, sums) =>
    kernels.distances(at.addresses, n, pitch, ...columns, own.scratch, sums),
  ),

  /** Shows what is not finite in its sums. */
  fastProducts: pairs(({ kernels, at, own }, _n, pitch, columns, sums, reference) => {
    kernels.fastProducts(at.addresses, pitch, ...columns, reference, own.scratch, sums)
    return 1
  }),

  products: pairs(({ kernels, at, own }, n, pitch, columns, sums, reference) =>
    kernels.products(at.addresses, n, pitch, ...columns, own.scratch, sums, reference),
  ),

  sampledDistances: sampled(({ kernels, own }, n, pitch, columns, sums) =>
    kernels.distances(own.laneAddresses, n, pitch, 0, columns, own.scratch, sums),
  ),

  /** About the row with this index in the table. */
  sampledProducts: sampled(({ kernels, own }, n, pitch, columns, sums, reference) =>
    kernels.products(own.laneAddresses, n, pitch, 0, columns, own.scratch, sums, own.lanes + reference * bytesOfLane),
  ),

  /** Inner products of each row with the one at the address `other` (0: with itself), both less that at `origin`. */
  eachProduct: each(({ kernels, at }, row, column, columns, [other = 0, origin = 0]) => {
    const [from, about] = [row + column * 4, origin + column * 4]
    if (other !== 0) return kernels.product(from, other + column * 4, about, columns)
    return origin === at.origin ? kernels.squaredNorm(from, columns) : kernels.squaredDistance(from, about, columns)
  }),

  /** How many numbers of a row have the sign, 1 or −1, among the columns `first` to `end` − 1. */
  eachSigned: each(({ kernels }, row, column, columns, [first = 0, end = 0, sign = 1]) => {
    const from = Math.max(column, first)
    return kernels.countSigned(row + from * 4, Math.max(0, Math.min(column + columns, end) - from), sign)
  }),

  eachFinite: each(({ kernels }, row, column, columns) => kernels.allFinite(row + column * 4, columns)),
} as const satisfies Readonly<Record<string, Pass>>

export type PassName = keyof typeof passes

/** The order in which threads know them. */
export const passNames = Object.keys(passes) as readonly PassName[]

type Columns = readonly [at: number, columns: number, out: number]

/** Gives the output column by column. Arguments: n, how many combinations differ or 0 for rows, and those of the kernel. */
function columnwise(
  kernel: (thread: Thread, table: number, n: number, columns: Columns, args: readonly number[]) => number,
): Pass {
  return {
    taskColumns: columnsOfTask,
    work(thread, { column, columns }, [n = 0, mixed = 0, ...args]) {
      const { at } = thread
      const out = outputOf(at, column) - column * 4
      if (mixed === 0) return kernel(thread, at.addresses, n, [column * 4, columns, out], args)
      const table = tableOfMixed(thread, n)
      for (let first = column; first < column + columns; first += laneColumns) {
        const width = Math.min(laneColumns, column + columns - first)
        if (!mix(thread, mixed, first * 4, width)) return 0
        if (!kernel(thread, table, n, [0, width, out + first * 4], args)) return 0
      }
      return 1
    },
  }
}

/** The address of a table of the lanes of n combinations: those that are alike are made once. */
function tableOfMixed({ buffer, at, own }: Thread, n: number): number {
  const places = new Uint32Array(buffer, at.places, n)
  const table = new Uint32Array(buffer, own.mixedAddresses, n)
  for (let i = 0; i < n; i++) table[i] = own.lanes + places[i]! * bytesOfLane
  return own.mixedAddresses
}

/** Makes a block of the n combinations in the lanes; 0 if it is not finite. */
function mix({ kernels, buffer, at, own }: Thread, n: number, from: number, columns: number): number {
  if (kernels.mix(at.combinations, n, from, columns * 4, own.lanes, bytesOfLane)) return 1
  // Sums of huge numbers overflow in float32. In float64 they do not, and their mean is again a float32.
  const words = new Uint32Array(buffer, at.combinations)
  for (let i = 0, word = 0; i < n; i++) {
    const terms = words[word]!
    word += 2 + 2 * terms
    const [rows, weights] = [at.termRows + i * at.mostRows * 4, at.termWeights + i * at.mostRows * 8]
    const out = own.lanes + i * bytesOfLane - from
    if (!kernels.weightedSum(rows, weights, terms, 1, from, columns, own.scratch, out)) return 0
  }
  return 1
}

/** Adds up all pairs of n rows, in the slot of the task. Arguments: n, the pitch, and a reference for those that have one. */
function pairs(
  kernel: (
    thread: Thread,
    n: number,
    pitch: number,
    columns: readonly [at: number, columns: number],
    sums: number,
    reference: number,
  ) => number,
): Pass {
  return {
    taskColumns: chunkColumns,
    work(thread, { index, column, columns }, [n = 0, pitch = 0, reference = 0]) {
      return kernel(thread, n, pitch, [column * 4, columns], emptySlot(thread, index, n, pitch), reference)
    },
  }
}

/**
 * As `pairs`, of the `size` columns whose indices are at `sample`. Arguments: n, the pitch, the size, and the reference.
 */
function sampled(
  kernel: (thread: Thread, n: number, pitch: number, columns: number, sums: number, reference: number) => number,
): Pass {
  return {
    taskColumns: sampleColumns,
    work(thread, { index, column }, [n = 0, pitch = 0, size = 0, reference = 0]) {
      const { kernels, buffer, at, own } = thread
      const sums = emptySlot(thread, index, n, pitch)
      const rows = new Uint32Array(buffer, at.addresses, n)
      const end = Math.min(size, column + sampleColumns)
      for (let first = column; first < end; first += laneColumns) {
        const count = Math.min(laneColumns, end - first)
        // Kernels go by 16 columns.
        const columns = Math.ceil(count / 16) * 16
        for (const [i, row] of rows.entries()) {
          const lane = own.lanes + i * bytesOfLane
          kernels.gather(row, at.sample + first * 4, count, lane)
          new Float32Array(buffer, lane, columns).fill(0, count)
        }
        if (!kernel(thread, n, pitch, columns, sums, reference)) return 0
      }
      return 1
    },
  }
}

/** The address of the sums of a task of pairs, all 0; the lanes of rows that are not there are 0 too. */
function emptySlot({ buffer, at, own }: Thread, index: number, n: number, pitch: number): number {
  const sums = slotOf(at, index, pitch)
  new Float64Array(buffer, sums, pitch * pitch * 2).fill(0)
  new Uint8Array(buffer, own.scratch + n * at.pairLaneBytes, (pitch - n) * at.pairLaneBytes).fill(0)
  return sums
}

/** The address of the sums of a task of pairs. */
export function slotOf(at: Layout, index: number, pitch: number): number {
  return at.sums + (index % at.slots) * pitch * pitch * 16
}

/** Gives a number for each of n rows and each chunk, at `partial`. Arguments: n, and those of the kernel. */
function each(
  kernel: (thread: Thread, row: number, column: number, columns: number, args: readonly number[]) => number,
): Pass {
  return {
    taskColumns: chunkColumns,
    work(thread, { index, column, columns }, [n = 0, ...args]) {
      const { buffer, at } = thread
      const rows = new Uint32Array(buffer, at.addresses, n)
      const partial = new Float64Array(buffer, at.partial + index * n * 8, n)
      for (const [i, row] of rows.entries()) partial[i] = kernel(thread, row, column, columns, args)
      return 1
    },
  }
}
