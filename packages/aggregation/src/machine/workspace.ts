import { AggregationError } from './error.ts'
import { distancesFromProducts, ofDistinct, type Pairs, rowAmid } from './fast-distances.ts'
import { allocateKernelMemory } from './kernels.ts'
import {
  bytesOfLane,
  columnsOfTask,
  type Layout,
  layout,
  outputOf,
  pairPitch,
  sortLaneBytes,
  tasksOf,
} from './layout.ts'
import { type PassName, passes, slotOf } from './pass.ts'
import { ranksOfBorder } from './ranks.ts'
import { type Comparator, classes, mergingNetwork } from './sorting-network.ts'
import { type Combinations, countOf, isCombinations, mostCommon, type Row, writeCombinations } from './source.ts'
import { Threads, type WorkerPort } from './threads.ts'

/** Vectors at least this long have their distances by the fast kernel, where sums of many blocks are exact enough. */
export const fastLength = 4096

const lineBytes = 64

/** A line of mixtures and means is of 32 columns. */
const columnsStep = 32

const neededBits = { both: 0, low: 1, high: 2 }

interface Size {
  readonly rows: number
  readonly length: number
}

interface Sharing {
  /** Threads that help the one that calls, each of which runs the package's `worker` and serves this workspace only. */
  readonly workers: readonly WorkerPort[]
  /** How long a worker may take for a task: hardly a second with a thousand rows, but a machine can be busy. */
  readonly timeoutMs?: number
}

const workerTimeoutMs = 120_000

/**
 * Kernel memory that holds up to `rows` vectors of length `length`. Updates are decoded straight into it.
 *
 * The memory is reserved by the constructor and never grows, so views of it stay valid. Besides the rows it holds a
 * vector that is zero, one for a rule's context and one of output where there are workers (which take memory only once
 * they are used), some 36 bytes for each pair of rows, and scratch.
 *
 * With `workers` the memory is shared, which its type says (`new Workspace<SharedArrayBuffer>`), and long vectors are
 * worked on by all threads. The results are the same bits, whatever the number of workers and whoever of them does what.
 * Methods return when all is done: workers wait in between, and keep the memory until they are ended. A worker that is
 * ended while nothing is going on is not missed. Other threads must not use the workspace.
 *
 * The methods below `finiteRows` are the kernels that rules are made of. They read the rows given, in the order given, and
 * change none. They return `undefined`, instead of a result, when a number they read is NaN or ±Inf: the test costs
 * next to nothing there, and a pass of its own over all rows would cost as much as a mean. They throw AggregationError
 * `worker-lost` when a worker dies at its work or takes longer than `timeoutMs` for a task (120,000 by default); the
 * workspace is of no use then.
 */
export class Workspace<B extends ArrayBufferLike = ArrayBuffer> {
  readonly rows: number
  readonly length: number
  readonly #buffer: B
  readonly #columns: number
  readonly #strideBytes: number
  readonly #at: Layout
  readonly #threads: Threads

  /**
   * Throws AggregationError `bad-workspace` unless rows ≥ 1 and length ≥ 0 are integers, `workspace-too-large` when
   * the memory would exceed 4 GiB or what the machine has, and `bad-workers` when workers cannot be given the memory, or
   * not be waited for (the page's own thread in a browser).
   */
  constructor(options: Size & (B extends SharedArrayBuffer ? Sharing : { readonly workers?: undefined })) {
    const { rows, length } = options
    const { workers = [], timeoutMs = workerTimeoutMs } = options as Partial<Sharing>
    if (!Number.isSafeInteger(rows) || rows < 1 || !Number.isSafeInteger(length) || length < 0) {
      throw new AggregationError(
        'bad-workspace',
        `A workspace needs an integer number of rows ≥ 1 and a length ≥ 0, not rows ${rows} and length ${length}.`,
      )
    }
    if (!(timeoutMs > 0)) {
      throw new AggregationError('bad-workspace', `timeoutMs of a workspace must be above 0, not ${timeoutMs}.`)
    }
    this.rows = rows
    this.length = length
    this.#columns = Math.ceil(length / columnsStep) * columnsStep
    // An odd number of cache lines: with a power of two, the same column of all rows would share one set of the cache.
    const lines = (this.#columns * 4) / lineBytes
    this.#strideBytes = (lines + 1 - (lines % 2)) * lineBytes
    const threads = workers.length + 1
    this.#at = layout({ rows, columns: this.#columns, strideBytes: this.#strideBytes, threads })
    const kernelMemory = allocateKernelMemory(this.#at.end, options.workers !== undefined)
    this.#buffer = kernelMemory.memory.buffer as B
    for (const { lanes, laneAddresses } of this.#at.own) {
      const table = new Uint32Array(this.#buffer, laneAddresses, rows + 2)
      for (let row = 0; row < rows + 2; row++) table[row] = lanes + row * bytesOfLane
    }
    this.#threads = new Threads({ kernelMemory, at: this.#at, workers, timeoutMs })
  }

  /** A view of row `row` (from 0) in kernel memory, writable, of length `length`. */
  vector(row: number): Float32Array<B> {
    return this.#view(row)
  }

  /** The same memory as bytes: float32, little-endian, 4 × `length` of them. */
  bytes(row: number): Uint8Array<B> {
    return new Uint8Array(this.#buffer, this.#address(row), this.length * 4)
  }

  /** Sets the vector of the context, of length `length`; zero when `undefined`. */
  setExtra(vector: Float32Array | undefined): void {
    const extra = new Float32Array(this.#buffer, this.#at.extra, this.length)
    if (vector) extra.set(vector)
    else extra.fill(0)
  }

  /** Whether row `row` has no NaN and no ±Inf. */
  isFinite(row: number): boolean {
    return this.finiteRows([row]).length === 1
  }

  /** Which of the rows have no NaN and no ±Inf, in their order. O(nd). */
  finiteRows(rows: readonly number[]): number[] {
    const finite = this.#each(rows, 'eachFinite', [])
    return rows.filter((_, i) => finite[i]!.every((chunk) => chunk === 1))
  }

  /** Column means of n ≥ 1 rows: float64 sums from +0 in the order of `rows`, divided by n, rounded to float32. O(nd). */
  mean(rows: readonly Row[]): Float32Array<ArrayBuffer> | undefined {
    return this.#columnwise(rows, 'mean')
  }

  /** Per column Σ w_i x_i / divisor: float64 products and sums from +0 in the order of `rows`, rounded to float32. O(nd). */
  weightedSum(rows: readonly Row[], weights: ArrayLike<number>, divisor = 1): Float32Array<ArrayBuffer> | undefined {
    new Float64Array(this.#buffer, this.#at.weights, rows.length).set(weights)
    return this.#columnwise(rows, 'weightedSum', divisor)
  }

  /**
   * Column means of the values of rank `trim` to n − trim − 1, n > 2 trim: float64 sums from +0 in ascending order, divided
   * by their number, rounded to float32. O(d n log² n).
   */
  trimmedMean(source: readonly number[] | Combinations, trim: number): Float32Array<ArrayBuffer> | undefined {
    const n = countOf(source)
    // What all but `trim` are is all that is left.
    const common = mostCommon(source, n - trim)
    if (common) return this.#columnwise(common, 'mean')
    return this.#columnwise(source, 'trimmedMean', trim, ...this.#prepareSort(n, trim, n - trim - 1))
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
    return this.#columnwise(source, 'nearestMean', centre.first, centre.last, keep, ...this.#prepareSortOfAll(source))
  }

  /**
   * As `trimmedMean`, of rows that have weights, positive integers: column means of what is left when the weight `trim` is
   * cut off from either end, a row on the border in part. See kernels/weighted-trimmed-mean.ts for the order of arithmetic.
   * O(d n log² n).
   */
  weightedTrimmedMean(
    source: readonly number[] | Combinations,
    weights: ArrayLike<number>,
    trim: number,
  ): Float32Array<ArrayBuffer> | undefined {
    const total = this.#writeIntegers(weights)
    const [lowest, middle] = ranksOfBorder(weights, trim)
    const n = weights.length
    const network = mergingNetwork(n, Math.max(0, lowest - 1), Math.min(n - 1, n - lowest), true)
    const sort = this.#writeNetwork(n, network)
    return this.#columnwise(source, 'weightedTrimmedMean', trim, total, lowest, middle, ...sort)
  }

  /** See rules/quadratic-median.ts, and rules/clipped-mean.ts with `clipped`. O(d n log² n). */
  quadraticMedian(
    source: readonly number[] | Combinations,
    weights: ArrayLike<number>,
    { resilience, clipped }: { readonly resilience: number; readonly clipped: boolean },
  ): Float32Array<ArrayBuffer> | undefined {
    const total = this.#writeIntegers(weights)
    const args = [resilience, Number(clipped), total, ...this.#prepareSortOfAll(source)]
    return this.#columnwise(source, 'quadraticMedian', ...args)
  }

  /**
   * Squared Euclidean distances among n rows, as a symmetric n × n matrix in row-major order with a zero diagonal. O(n² d).
   * In float64 for short vectors: the sum over the even columns in ascending order, plus that over the odd ones. For longer
   * ones from inner products about a row amid the others, in float32, added up in float64 every 128 columns; and as for
   * short ones among rows of which this would lose a distance, because they are too near to each other or too far from all.
   * No finite float32 overflows, and none hides the distances of others.
   */
  squaredDistances(rows: readonly Row[]): Float64Array | undefined {
    return this.length < fastLength ? this.#exactDistances(rows) : this.#fastDistances(rows)
  }

  #exactDistances(rows: readonly Row[]): Float64Array | undefined {
    if (rows.length > 1 && rows.every((row) => row === rows[0])) return this.#distancesOfCopies(rows)
    return ofDistinct(rows, (distinct) => this.#pairs(distinct, this.#columns, 'exactDistances'))?.sums
  }

  /** Of one row that is given several times: none, if it has any. */
  #distancesOfCopies(rows: readonly Row[]): Float64Array | undefined {
    const [finite] = this.#each(rows.slice(0, 1), 'eachFinite', [])
    return finite!.every((chunk) => chunk === 1) ? new Float64Array(rows.length * rows.length) : undefined
  }

  #fastDistances(rows: readonly Row[]): Float64Array | undefined {
    const n = rows.length
    const vectors = rows.filter((row) => row !== 'origin')
    const reference = vectors[rowAmid(vectors.map((row) => this.#view(row)))]!
    const productsOf = (distinct: readonly Row[]) =>
      this.#pairs(distinct, this.#columns, 'fastProducts', this.#address(reference))
    const products = ofDistinct(vectors, productsOf)!
    const { distances, doubtful } = distancesFromProducts(
      { ...products, origin: rows.indexOf('origin') },
      this.#columns,
    )
    if (doubtful.length === 0) return distances
    const exact = this.#exactDistances(doubtful.map((i) => rows[i]!))
    if (!exact) return undefined
    for (const [a, i] of doubtful.entries()) {
      for (const [b, j] of doubtful.entries()) distances[i * n + j] = exact[a * doubtful.length + b]!
    }
    return distances
  }

  /**
   * Inner products (x_i − r)·(x_j − r) in float64, as a symmetric n × n matrix, r one more row; the diagonal is 0.
   * O(n² d).
   */
  products(rows: readonly Row[], reference: Row): Float64Array | undefined {
    return this.#pairs(rows, this.#columns, 'products', this.#address(reference))?.sums
  }

  /** Squared distances in float64 over the columns given, as a symmetric n × n matrix. O(n² columns). */
  sampledDistances(rows: readonly Row[], columns: Uint32Array): Float64Array | undefined {
    this.#writeSample(columns)
    return this.#pairs(rows, columns.length, 'sampledDistances', columns.length)?.sums
  }

  /** As `products` over the columns given, about the row with the index `reference` among `rows`. O(n² columns). */
  sampledProducts(rows: readonly Row[], columns: Uint32Array, reference: number): Float64Array | undefined {
    this.#writeSample(columns)
    return this.#pairs(rows, columns.length, 'sampledProducts', columns.length, reference)?.sums
  }

  /** How many numbers of each row are above 0 (`sign` 1), or below (−1), among `first` to `end` − 1. O(n columns). */
  countSigned(rows: readonly Row[], columns: { readonly first: number; readonly end: number }, sign: 1 | -1): number[] {
    return this.#each(rows, 'eachSigned', [columns.first, columns.end, sign]).map((chunks) =>
      chunks.reduce((sum, chunk) => sum + chunk, 0),
    )
  }

  /**
   * (x_i − r)·(y − r) of each row in float64, y being the row itself without `other`; not finite when a number read is
   * not. O(nd).
   */
  productsOf(rows: readonly Row[], reference: Row, other?: Row): Float64Array {
    const others = other === undefined ? 0 : this.#address(other)
    const sums = this.#each(rows, 'eachProduct', [others, this.#address(reference)])
    return Float64Array.from(sums, (chunks) => {
      let sum = 0
      for (const chunk of chunks) sum += chunk
      return sum
    })
  }

  /** The numbers of each row's chunks of columns, in their order. */
  #each(rows: readonly Row[], pass: PassName, args: readonly number[]): number[][] {
    const n = rows.length
    const chunks = tasksOf(this.#columns, passes[pass].taskColumns)
    this.#writeAddresses(rows)
    this.#threads.run(pass, [n, ...args], [0, chunks])
    const partial = new Float64Array(this.#buffer, this.#at.partial, n * chunks)
    return rows.map((_, i) => Array.from({ length: chunks }, (_, chunk) => partial[chunk * n + i]!))
  }

  /**
   * Runs a pass that adds up pairs over chunks of so many columns; makes a matrix of the sums of the chunks. On its diagonal, and
   * as `norms`, is what the pass has there: two numbers a row.
   */
  #pairs(rows: readonly Row[], columns: number, pass: PassName, ...args: number[]): Pairs | undefined {
    const n = rows.length
    const pitch = pairPitch(n)
    this.#writeAddresses(rows, pitch)
    const sums = new Float64Array(n * n)
    const norms = new Float64Array(n)
    const chunks = tasksOf(columns, passes[pass].taskColumns)
    for (let first = 0; first < chunks; first += this.#at.slots) {
      const last = Math.min(chunks, first + this.#at.slots)
      if (!this.#threads.run(pass, [n, pitch, ...args], [first, last])) return undefined
      for (let chunk = first; chunk < last; chunk++) {
        const ofChunk = new Float64Array(this.#buffer, slotOf(this.#at, chunk, pitch), pitch * pitch * 2)
        for (let i = 0; i < n; i++) {
          const own = (i * pitch + i) * 2
          sums[i * n + i] = sums[i * n + i]! + ofChunk[own]!
          norms[i] = norms[i]! + ofChunk[own + 1]!
          for (let j = i + 1; j < n; j++) {
            const entry = (i * pitch + j) * 2
            sums[i * n + j] = sums[i * n + j]! + (ofChunk[entry]! + ofChunk[entry + 1]!)
          }
        }
      }
    }
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sums[j * n + i] = sums[i * n + j]!
    return { sums, norms }
  }

  /** Runs a pass that gives the output column by column. What is done is copied while other threads still work. */
  #columnwise(
    source: readonly Row[] | Combinations,
    pass: PassName,
    ...args: number[]
  ): Float32Array<ArrayBuffer> | undefined {
    const addressOf = (row: Row) => this.#address(row)
    const mixed = isCombinations(source) ? writeCombinations(this.#buffer, this.#at, source, addressOf) : 0
    if (mixed === 0) this.#writeAddresses(source as readonly Row[])
    const result = new Float32Array(this.length)
    const tasks = tasksOf(this.#columns, columnsOfTask)
    const whole = this.#threads.run(pass, [countOf(source), mixed, ...args], [0, tasks], (task) => {
      const column = task * columnsOfTask
      const columns = Math.min(columnsOfTask, this.length - column)
      result.set(new Float32Array(this.#buffer, outputOf(this.#at, column), columns), column)
    })
    return whole ? result : undefined
  }

  /** Returns their sum. */
  #writeIntegers(weights: ArrayLike<number>): number {
    const integers = new Int32Array(this.#buffer, this.#at.weights, weights.length)
    integers.set(weights)
    return integers.reduce((sum, weight) => sum + weight, 0)
  }

  #writeSample(columns: Uint32Array): void {
    if (columns.some((column) => column >= this.length)) {
      throw new AggregationError('bad-rows', `A column is not among the ${this.length} of the workspace.`)
    }
    new Uint32Array(this.#buffer, this.#at.sample, columns.length).set(columns)
  }

  #view(row: Row): Float32Array<B> {
    return new Float32Array(this.#buffer, this.#address(row), this.length)
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

  /** Writes the table of the rows' addresses, filled up to `size` with one of them. */
  #writeAddresses(rows: readonly Row[], size = rows.length): void {
    if (rows.filter((row) => typeof row === 'number').length > this.rows) {
      throw new AggregationError('bad-rows', `${rows.length} rows are more than the workspace's ${this.rows}.`)
    }
    const table = new Uint32Array(this.#buffer, this.#at.addresses, size)
    for (const [i, row] of rows.entries()) table[i] = this.#address(row)
    table.fill(table[0]!, rows.length)
  }

  /** Writes the network for n rows of which the ranks from `first` to `last` are wanted; returns arguments of kernels. */
  #prepareSort(n: number, first: number, last: number): [classes: number, comparators: number, laneBytes: number] {
    return this.#writeNetwork(n, mergingNetwork(n, first, last))
  }

  #prepareSortOfAll(source: readonly number[] | Combinations): [number, number, number] {
    const n = countOf(source)
    return this.#prepareSort(n, 0, n - 1)
  }

  #writeNetwork(n: number, network: readonly Comparator[]): [classes: number, comparators: number, laneBytes: number] {
    const laneBytes = sortLaneBytes(n)
    const words = new Uint32Array(this.#buffer, this.#at.network, network.length * 2)
    for (const [k, { low, high, needed }] of network.entries()) {
      words[2 * k] = low * laneBytes + neededBits[needed]
      words[2 * k + 1] = high * laneBytes
    }
    return [classes(n), network.length, laneBytes]
  }
}
