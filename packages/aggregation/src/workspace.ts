import { AggregationError } from './error.ts'
import { instantiateKernels, type Kernels } from './kernels.ts'
import { type Layout, layout, MIX_LANE_BYTES, pairPitch, sortLaneBytes } from './layout.ts'
import { type Comparator, classes, mergingNetwork } from './sorting-network.ts'

/** Columns of a mixture that are made at a time. */
const MIX_COLUMNS = 512

/**
 * Columns whose sums over pairs are added up apart, before they are added together. Fixed, so that whoever works on them
 * does not show in the result.
 */
const CHUNK_COLUMNS = 2 ** 16

/** Vectors at least this long have their distances by the fast kernel, where sums of many blocks are exact enough. */
export const FAST_LENGTH = 4096

const LINE_BYTES = 64

/** A line of mixtures and means is of 32 columns. */
const COLUMNS_STEP = 32

const NEEDED_BITS = { both: 0, low: 1, high: 2 }

/** A row of the workspace, the zero vector, or the vector of the context. */
export type Row = number | 'origin' | 'extra'

/** Combinations Σ w x_row, made a block of columns at a time and never kept. */
export type Combinations = readonly (readonly Term[])[]

export interface Term {
  readonly row: number
  readonly weight: number
}

type Source = { readonly rows: readonly Row[] } | { readonly combinations: Combinations }
type ColumnKernel = (rows: number, at: number, columns: number, out: number) => number

/**
 * Kernel memory that holds up to `rows` vectors of length `length`. Updates are decoded straight into it.
 *
 * The memory is reserved by the constructor and never grows, so views of it stay valid. Besides the rows it holds a
 * vector of output, one that is zero and one for a rule's context (which take memory only once they are used), some 24
 * bytes for each pair of rows, and scratch. A workspace is not shared between threads.
 *
 * The methods below `isFinite` are the kernels that rules are made of. They read the rows given, in the order given, and
 * change none. They return `undefined`, instead of a result, when a number they read is NaN or ±Inf: the test costs
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
    this.#columns = Math.ceil(length / COLUMNS_STEP) * COLUMNS_STEP
    // An odd number of cache lines: with a power of two, the same column of all rows would share one set of the cache.
    const lines = (this.#columns * 4) / LINE_BYTES
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

  /** Sets the vector of the context, of length `length`; zero when `undefined`. */
  setExtra(vector: Float32Array | undefined): void {
    const extra = new Float32Array(this.#buffer, this.#at.extra, this.length)
    if (vector) extra.set(vector)
    else extra.fill(0)
  }

  /** Column means of n ≥ 1 rows: float64 sums from +0 in the order of `rows`, divided by n, rounded to float32. O(nd). */
  mean(rows: readonly Row[]): Float32Array<ArrayBuffer> | undefined {
    return this.#columnwise({ rows }, (table, at, columns, out) =>
      this.#kernels.mean(table, rows.length, at, columns, out),
    )
  }

  /** Per column Σ w_i x_i / divisor: float64 products and sums from +0 in the order of `rows`, rounded to float32. O(nd). */
  weightedSum(rows: readonly Row[], weights: ArrayLike<number>, divisor = 1): Float32Array<ArrayBuffer> | undefined {
    const { weights: at } = this.#at
    new Float64Array(this.#buffer, at, rows.length).set(weights)
    return this.#columnwise({ rows }, (table, from, columns, out) =>
      this.#kernels.weightedSum(table, at, rows.length, divisor, from, columns, out),
    )
  }

  /**
   * Column means of the values of rank `trim` to n − trim − 1, n > 2 trim: float64 sums from +0 in ascending order, divided
   * by their number, rounded to float32. O(d n log² n).
   */
  trimmedMean(source: readonly number[] | Combinations, trim: number): Float32Array<ArrayBuffer> | undefined {
    const n = source.length
    const sort = this.#prepareSort(n, trim, n - trim - 1)
    return this.#columnwise(asSource(source), (table, at, columns, out) =>
      this.#kernels.trimmedMean(table, n, trim, at, columns, ...sort, out),
    )
  }

  /**
   * Column means of the `keep` values nearest to the mean of the values of rank `first` to `last`; of two equally near the
   * lesser is kept. That mean and the differences from it are rounded to float32; the sum is in float64 from +0 in the order
   * of the rank modulo `keep`, and its quotient is rounded to float32. O(d n log² n).
   */
  nearestMean(
    source: readonly number[] | Combinations,
    centre: { readonly first: number; readonly last: number },
    keep: number,
  ): Float32Array<ArrayBuffer> | undefined {
    const n = source.length
    const sort = this.#prepareSort(n, 0, n - 1)
    return this.#columnwise(asSource(source), (table, at, columns, out) =>
      this.#kernels.nearestMean(table, n, centre.first, centre.last, keep, at, columns, ...sort, out),
    )
  }

  /**
   * Squared Euclidean distances among n rows, as a symmetric n × n matrix in row-major order with a zero diagonal. O(n² d).
   * In float64 for short vectors: the sum over the even columns in ascending order, plus that over the odd ones. Longer
   * ones have differences and squares in float32, added up in float64 every 128 columns, except for rows so far apart or so
   * near to each other that this would lose them. No finite float32 overflows, and none hides the distances of others.
   */
  squaredDistances(rows: readonly Row[]): Float64Array | undefined {
    return this.length < FAST_LENGTH ? this.#exactDistances(rows) : this.#fastDistances(rows)
  }

  #exactDistances(rows: readonly Row[]): Float64Array | undefined {
    const { scratch, sums } = this.#at
    return this.#pairs(rows, (table, pitch, at, columns) =>
      this.#kernels.distances(table, rows.length, pitch, at, columns, scratch, sums),
    )
  }

  #fastDistances(rows: readonly Row[]): Float64Array | undefined {
    const n = rows.length
    const { sums } = this.#at
    const distances = this.#pairs(rows, (table, pitch, at, columns) => {
      this.#kernels.shortDistances(table, pitch, at, columns, sums)
      return 1
    })!
    // Where squares may have overflowed, or so many have vanished that it shows.
    const least = this.#columns / 2 ** 120
    const lost = rows
      .map((_, i) => i)
      .filter((i) => {
        for (let j = 0; j < n; j++)
          if (i !== j && !(distances[i * n + j]! > least && distances[i * n + j]! < Infinity)) return true
        return false
      })
    if (lost.length === 0) return distances
    const exact = this.#exactDistances(lost.map((i) => rows[i]!))
    if (!exact) return undefined
    for (const [a, i] of lost.entries()) {
      for (const [b, j] of lost.entries()) distances[i * n + j] = exact[a * lost.length + b]!
    }
    return distances
  }

  /**
   * Inner products (x_i − r)·(x_j − r) in float64, as a symmetric n × n matrix, r one more row; the diagonal is 0.
   * O(n² d).
   */
  products(rows: readonly Row[], reference: Row): Float64Array | undefined {
    const { scratch, sums } = this.#at
    const r = this.#address(reference)
    return this.#pairs(rows, (table, pitch, at, columns) =>
      this.#kernels.products(table, rows.length, pitch, at, columns, scratch, sums, r),
    )
  }

  /** (a − r)·(b − r) in float64; not finite when a number read is not. O(d). */
  product(a: Row, b: Row, r: Row): number {
    let sum = 0
    for (let column = 0; column < this.#columns; column += CHUNK_COLUMNS) {
      const columns = Math.min(CHUNK_COLUMNS, this.#columns - column)
      const [x, y, z] = [a, b, r].map((row) => this.#address(row) + column * 4)
      sum += this.#kernels.product(x!, y!, z!, columns)
    }
    return sum
  }

  /** Runs a kernel that adds up pairs over chunks of columns; makes a matrix of the sums of the chunks. */
  #pairs(rows: readonly Row[], kernel: (table: number, pitch: number, at: number, columns: number) => number) {
    const n = rows.length
    const pitch = pairPitch(n)
    const table = this.#addresses(rows, pitch)
    const sums = new Float64Array(this.#buffer, this.#at.sums, pitch * pitch * 2)
    const laneBytes = this.#at.pairLaneBytes
    new Uint8Array(this.#buffer, this.#at.scratch + n * laneBytes, (pitch - n) * laneBytes).fill(0)
    const matrix = new Float64Array(n * n)
    for (let column = 0; column < this.#columns; column += CHUNK_COLUMNS) {
      sums.fill(0)
      if (!kernel(table, pitch, column * 4, Math.min(CHUNK_COLUMNS, this.#columns - column))) return undefined
      for (let i = 0; i < n; i++) {
        for (let j = i + 1; j < n; j++) {
          const entry = (i * pitch + j) * 2
          matrix[i * n + j] = matrix[i * n + j]! + (sums[entry]! + sums[entry + 1]!)
        }
      }
    }
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) matrix[j * n + i] = matrix[i * n + j]!
    return matrix
  }

  /** Runs a kernel that gives the output column by column. */
  #columnwise(source: Source, kernel: ColumnKernel): Float32Array<ArrayBuffer> | undefined {
    const { output } = this.#at
    if ('rows' in source) {
      const finite = kernel(this.#addresses(source.rows), 0, this.#columns, output)
      return finite ? this.#output() : undefined
    }
    const { combinations } = source
    this.#writeCombinations(combinations)
    const lanes = combinations.map((_, i) => this.#at.lanes + i * MIX_LANE_BYTES)
    for (let column = 0; column < this.#columns; column += MIX_COLUMNS) {
      const columns = Math.min(MIX_COLUMNS, this.#columns - column)
      if (!this.#mix(combinations, column * 4, columns)) return undefined
      if (!kernel(this.#writeAddresses(lanes), 0, columns, output + column * 4)) return undefined
    }
    return this.#output()
  }

  /** Makes a block of the combinations in the lanes; 0 if it is not finite. */
  #mix(combinations: Combinations, at: number, columns: number): number {
    const { combinations: table, lanes, weights } = this.#at
    const { mix, weightedSum } = this.#kernels
    if (mix(table, combinations.length, at, columns * 4, lanes, MIX_LANE_BYTES)) return 1
    // Sums of huge numbers overflow in float32. In float64 they do not, and their mean is again a float32.
    return Number(
      combinations.every((terms, i) => {
        new Float64Array(this.#buffer, weights, terms.length).set(terms.map(({ weight }) => weight))
        const rows = this.#addresses(terms.map(({ row }) => row))
        return weightedSum(rows, weights, terms.length, 1, at, columns, lanes + i * MIX_LANE_BYTES - at)
      }),
    )
  }

  #writeCombinations(combinations: Combinations): void {
    const size = combinations.reduce((sum, terms) => sum + 2 + 2 * terms.length, 0)
    const words = new Uint32Array(this.#buffer, this.#at.combinations, size)
    const numbers = new Float32Array(this.#buffer, this.#at.combinations, size)
    let at = 0
    for (const terms of combinations) {
      words[at] = terms.length
      numbers[at + 1] = terms.every(({ weight }) => weight === 1 / terms.length) ? terms.length : 0
      at += 2
      for (const { row, weight } of terms) {
        words[at] = this.#address(row)
        numbers[at + 1] = weight
        at += 2
      }
    }
  }

  #address(row: Row): number {
    if (row === 'origin') return this.#at.origin
    if (row === 'extra') return this.#at.extra
    if (!Number.isInteger(row) || row < 0 || row >= this.rows) {
      throw new AggregationError(
        'bad-rows',
        `Row ${row} is not in a workspace of ${this.rows} rows (0 to ${this.rows - 1}).`,
      )
    }
    return this.#at.rows + row * this.#strideBytes
  }

  /** Writes the table of the rows' addresses, filled up to `size` with one of them; returns its own address. */
  #addresses(rows: readonly Row[], size = rows.length): number {
    if (rows.filter((row) => typeof row === 'number').length > this.rows) {
      throw new AggregationError('bad-rows', `${rows.length} rows are more than the workspace's ${this.rows}.`)
    }
    const addresses = rows.map((row) => this.#address(row))
    return this.#writeAddresses([...addresses, ...Array<number>(size - rows.length).fill(addresses[0]!)])
  }

  #writeAddresses(addresses: readonly number[]): number {
    new Uint32Array(this.#buffer, this.#at.addresses, addresses.length).set(addresses)
    return this.#at.addresses
  }

  /** Writes the network for n rows of which the ranks from `first` to `last` are wanted; returns arguments of kernels. */
  #prepareSort(n: number, first: number, last: number): [number, number, number, number, number] {
    const network = mergingNetwork(n, first, last)
    const laneBytes = sortLaneBytes(n)
    this.#writeNetwork(network, laneBytes)
    return [classes(n), this.#at.network, network.length, this.#at.scratch, laneBytes]
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

function asSource(source: readonly number[] | Combinations): Source {
  return isRows(source) ? { rows: source } : { combinations: source }
}

function isRows(source: readonly number[] | Combinations): source is readonly number[] {
  return typeof source[0] === 'number'
}
