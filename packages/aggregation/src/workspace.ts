import { AggregationError } from './error.ts'
import { instantiateKernels, type Kernels } from './kernels.ts'
import { type Comparator, classes, mergingNetwork, mostComparators } from './sorting-network.ts'

/** The scratch of a sort, at most, so that it stays in a first-level cache of 32 KiB beside what is read and written. */
const SORT_SCRATCH_BYTES = 16_384
const MOST_LANE_BYTES = 1_024

/** A row's lane in the scratch of the distances: 128 float64. */
const DISTANCE_LANE_BYTES = 1_024

/** Kernels go by 16 columns; a cache line is as long. */
const LINE_BYTES = 64

const NEEDED_BITS = { both: 0, low: 1, high: 2 }

/**
 * Kernel memory that holds up to `rows` vectors of length `length`. Updates are decoded straight into it.
 *
 * The memory is reserved by the constructor and never grows, so views of it stay valid. Besides the rows it holds one
 * vector of output, 16 bytes for each pair of rows, and scratch. A workspace is not shared between threads.
 *
 * The methods below `allFinite` are the kernels that rules are made of. They read the rows given, in the order given,
 * and change none. They return `undefined`, instead of a result, when a number they read is NaN or ±Inf: the test costs
 * next to nothing there, and a pass of its own over all rows would cost as much as a mean.
 */
export class Workspace {
  readonly rows: number
  readonly length: number
  readonly #kernels: Kernels
  readonly #buffer: ArrayBuffer
  readonly #columns: number
  readonly #strideBytes: number
  readonly #at: Layout

  /**
   * Throws AggregationError `bad-workspace` unless rows ≥ 1 and length ≥ 0 are integers, and `workspace-too-large` when
   * the memory would exceed 4 GiB or what the machine has.
   */
  constructor(options: { rows: number; length: number }) {
    const { rows, length } = options
    if (!Number.isSafeInteger(rows) || rows < 1 || !Number.isSafeInteger(length) || length < 0) {
      throw new AggregationError(
        'bad-workspace',
        `A workspace needs an integer number of rows ≥ 1 and a length ≥ 0, not rows ${rows} and length ${length}.`,
      )
    }
    this.rows = rows
    this.length = length
    this.#columns = Math.ceil(length / 16) * 16
    // An odd number of cache lines: with a power of two, the same column of all rows would share one set of the cache.
    const lines = this.#columns / 16
    this.#strideBytes = (lines + 1 - (lines % 2)) * LINE_BYTES
    this.#at = layout(rows, this.#strideBytes)
    const { kernels, buffer } = instantiateKernels(this.#at.end)
    this.#kernels = kernels
    this.#buffer = buffer
  }

  /** A view of row `row` (from 0) in kernel memory, writable, of length `length`. */
  vector(row: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#buffer, this.#address(row), this.length)
  }

  /** The same memory as bytes: float32, little-endian, 4 × `length` of them. */
  bytes(row: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer, this.#address(row), this.length * 4)
  }

  /** Whether row `row` has no NaN and no ±Inf. */
  isFinite(row: number): boolean {
    return this.#kernels.allFinite(this.#address(row), this.#columns) === 1
  }

  /** Column means of n ≥ 1 rows: float64 sums from +0 in the order of `rows`, divided by n, rounded to float32. O(nd). */
  mean(rows: readonly number[]): Float32Array<ArrayBuffer> | undefined {
    const finite = this.#kernels.mean(this.#addresses(rows), rows.length, this.#columns, this.#at.output)
    return finite ? this.#output() : undefined
  }

  /**
   * Column means of the values of rank `trim` to n − trim − 1, n = rows.length > 2 trim: float64 sums from +0 in ascending
   * order, divided by their number, rounded to float32. O(d n log² n).
   */
  trimmedMean(rows: readonly number[], trim: number): Float32Array<ArrayBuffer> | undefined {
    const n = rows.length
    const network = mergingNetwork(n, trim, n - trim - 1)
    const lines = Math.floor(SORT_SCRATCH_BYTES / sortLanes(n) / LINE_BYTES)
    const laneBytes = Math.min(Math.max(lines * LINE_BYTES, LINE_BYTES), MOST_LANE_BYTES)
    this.#writeNetwork(network, laneBytes)
    const finite = this.#kernels.trimmedMean(
      this.#addresses(rows),
      n,
      trim,
      this.#columns,
      classes(n),
      this.#at.network,
      network.length,
      this.#at.scratch,
      laneBytes,
      this.#at.output,
    )
    return finite ? this.#output() : undefined
  }

  /**
   * Squared Euclidean distances among n rows, as a symmetric n × n matrix in row-major order with a zero diagonal, in
   * float64, where no finite float32 overflows: the sum over the even columns in ascending order, plus that over the
   * odd ones. O(n² d).
   */
  squaredDistances(rows: readonly number[]): Float64Array | undefined {
    const n = rows.length
    const pitch = Math.ceil(n / 4) * 4
    const sums = new Float64Array(this.#buffer, this.#at.sums, pitch * pitch * 2).fill(0)
    new Uint8Array(this.#buffer, this.#at.scratch + n * DISTANCE_LANE_BYTES, (pitch - n) * DISTANCE_LANE_BYTES).fill(0)
    const { scratch, sums: at } = this.#at
    if (!this.#kernels.distances(this.#addresses(rows), n, pitch, this.#columns, scratch, at)) return undefined
    const distances = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const entry = (i * pitch + j) * 2
        distances[i * n + j] = distances[j * n + i] = sums[entry]! + sums[entry + 1]!
      }
    }
    return distances
  }

  #address(row: number): number {
    if (!Number.isInteger(row) || row < 0 || row >= this.rows) {
      throw new AggregationError(
        'bad-rows',
        `Row ${row} is not in a workspace of ${this.rows} rows (0 to ${this.rows - 1}).`,
      )
    }
    return this.#at.rows + row * this.#strideBytes
  }

  /** Writes the table of the rows' addresses; returns its own address. */
  #addresses(rows: readonly number[]): number {
    if (rows.length > this.rows) {
      throw new AggregationError('bad-rows', `${rows.length} rows are more than the workspace's ${this.rows}.`)
    }
    new Uint32Array(this.#buffer, this.#at.addresses, rows.length).set(rows.map((row) => this.#address(row)))
    return this.#at.addresses
  }

  #writeNetwork(network: readonly Comparator[], laneBytes: number): void {
    const words = new Uint32Array(this.#buffer, this.#at.network, network.length * 2)
    for (const [k, { low, high, needed }] of network.entries()) {
      words[2 * k] = low * laneBytes + NEEDED_BITS[needed]
      words[2 * k + 1] = high * laneBytes
    }
  }

  #output(): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#buffer, this.#at.output, this.length).slice()
  }
}

/** Lanes in the scratch of a sort of n rows: eight for each class, and one that stands for rows that are not there. */
function sortLanes(n: number): number {
  return 8 * classes(n) + 1
}

/** Addresses of the parts of a workspace's memory, each at the start of a cache line, and the end of it all. */
interface Layout {
  readonly addresses: number
  readonly network: number
  readonly scratch: number
  readonly sums: number
  readonly output: number
  readonly rows: number
  readonly end: number
}

function layout(rows: number, strideBytes: number): Layout {
  let end = 0
  const place = (sizeBytes: number): number => {
    const start = end
    end += Math.ceil(sizeBytes / LINE_BYTES) * LINE_BYTES
    return start
  }
  const pitch = Math.ceil(rows / 4) * 4
  const sortScratchBytes = Math.max(SORT_SCRATCH_BYTES, sortLanes(rows) * LINE_BYTES)
  return {
    addresses: place(rows * 4),
    network: place(mostComparators(rows) * 8),
    scratch: place(Math.max(sortScratchBytes, pitch * DISTANCE_LANE_BYTES)),
    sums: place(pitch * pitch * 16),
    output: place(strideBytes),
    rows: place(rows * strideBytes),
    end,
  }
}
