import type { Combinations, Row } from '../machine/source.ts'
import type { Workspace } from '../machine/workspace.ts'
import { type Geometry, gramOf, type Mixture, mixGeometry } from './geometry.ts'

/** A number that a kernel read is not finite. Never leaves the room: `aggregate` takes such rows out and starts again. */
export class NotFinite extends Error {}

/**
 * What a rule sees: `count` vectors, which are rows of a workspace or combinations of them that pre-rules made. A
 * combination is known by its weights; it is never made as a whole.
 *
 * All methods throw NotFinite when a number that they read is NaN or ±Inf.
 */
export class Updates {
  readonly count: number
  /** Integers, one an update, when they count; combinations weigh what the updates weigh in whose place they are. */
  readonly weights: readonly number[] | undefined
  /** Of all weights; the count when each is 1. */
  readonly total: number
  readonly #workspace: Workspace<ArrayBufferLike>
  readonly #rows: readonly number[]
  readonly #points: readonly ('origin' | 'extra')[]
  readonly #mixture: Mixture | undefined
  readonly #distances: ((rows: readonly Row[]) => Float64Array) | undefined
  #geometry: (() => Geometry) | undefined

  /**
   * `points`: the vectors beside the updates of which distances and inner products will be wanted. `distances` is asked for
   * squared distances in place of the workspace.
   */
  constructor(options: {
    readonly workspace: Workspace<ArrayBufferLike>
    readonly rows: readonly number[]
    readonly points: readonly ('origin' | 'extra')[]
    readonly weights?: readonly number[] | undefined
    readonly distances?: ((rows: readonly Row[]) => Float64Array) | undefined
    readonly mixed?: { readonly mixture: Mixture; readonly geometry: () => Geometry }
  }) {
    this.#workspace = options.workspace
    this.#rows = options.rows
    this.#points = options.points
    this.#mixture = options.mixed?.mixture
    this.#geometry = options.mixed?.geometry
    this.#distances = options.distances
    this.count = this.#mixture?.count ?? this.#rows.length
    this.weights = options.weights
    this.total = this.weights?.reduce((sum, weight) => sum + weight, 0) ?? this.count
  }

  /** The weights of these updates over the rows, where they are combinations. */
  get mixture(): Mixture | undefined {
    return this.#mixture
  }

  /** The combinations of these updates, as updates. */
  mixed(mixture: Mixture): Updates {
    const before = this.#mixture
    let geometry: Geometry | undefined
    return new Updates({
      workspace: this.#workspace,
      rows: this.#rows,
      points: this.#points,
      weights: this.weights,
      mixed: {
        mixture: before ? compose(mixture, before) : mixture,
        geometry: () => {
          geometry ??= mixGeometry(this.geometry(), mixture, this.weights)
          return geometry
        },
      },
    })
  }

  /** Squared distances and inner products. O(n² d) for rows, then O(n³) for combinations; each once. */
  geometry(): Geometry {
    this.#geometry ??= this.#rowGeometry()
    return this.#geometry()
  }

  /** As `geometry`, of some columns only: distinct indices, ascending. O(n² columns). */
  sampledGeometry(columns: Uint32Array): Geometry {
    const geometry = this.#geometryBy(
      (rows) => this.#workspace.sampledDistances(rows, columns),
      (rows, i) => this.#workspace.sampledProducts(rows, columns, i),
    )
    return this.#mixture ? mixGeometry(geometry, this.#mixture, this.weights) : geometry
  }

  /** count × count squared distances, row-major. */
  squaredDistances(): Float64Array {
    const { squared, points, count } = this.geometry()
    if (points === count) return squared
    const own = new Float64Array(count * count)
    for (let i = 0; i < count; i++) own.set(squared.subarray(i * points, i * points + count), i * count)
    return own
  }

  /** ‖x_i‖² of each, or ‖x_i − extra‖². O(nd) for rows. */
  squaredDistancesFrom(point: 'origin' | 'extra'): Float64Array {
    return this.#each(
      (rows) => this.#workspace.productsOf(rows, point),
      ({ squared, points }, i, to) => squared[i * points + to]!,
      point,
    )
  }

  /** x_i · extra of each. */
  productsWithExtra(): Float64Array {
    return this.#each(
      (rows) => this.#workspace.productsOf(rows, 'origin', 'extra'),
      ({ gram, points, origin }, i, extra) => {
        const g = gram()
        const o = origin! * points
        return g[i * points + extra]! - g[i * points + origin!]! - g[o + extra]! + g[o + origin!]!
      },
      'extra',
    )
  }

  /** ‖extra‖². */
  squaredNormOfExtra(): number {
    return this.#workspace.productsOf(['extra'], 'origin')[0]!
  }

  /** Update i: bit by bit when it is a row. */
  one(i: number): Float32Array<ArrayBuffer> {
    if (this.#mixture) return this.weightedSum(Float64Array.from({ length: this.count }, (_, j) => Number(i === j)))
    const row = this.#rows[i]!
    if (!this.#workspace.isFinite(row)) throw new NotFinite()
    return new Float32Array(this.#workspace.vector(row))
  }

  /** Mean of some of the updates by their weights, in ascending order of their indices; of all by default. */
  mean(chosen?: readonly number[]): Float32Array<ArrayBuffer> {
    if (this.weights && !chosen) return this.weightedSum(this.weights, this.total)
    const indices = chosen ?? Array.from({ length: this.count }, (_, i) => i)
    if (!this.#mixture) return finite(this.#workspace.mean(indices.map((i) => this.#rows[i]!)))
    const weights = new Float64Array(this.count)
    for (const i of indices) weights[i] = 1
    return this.weightedSum(weights, indices.length)
  }

  /** (Σ w_i x_i + extra · extraWeight) / divisor. Updates of weight 0 are not read. */
  weightedSum(weights: ArrayLike<number>, divisor = 1, extraWeight = 0): Float32Array<ArrayBuffer> {
    const overRows = this.#mixture ? transposed(this.#mixture, weights, this.#rows.length) : weights
    const rows: Row[] = []
    const given: number[] = []
    for (const [i, row] of this.#rows.entries()) {
      if (overRows[i] === 0) continue
      rows.push(row)
      given.push(overRows[i]!)
    }
    if (extraWeight !== 0) {
      rows.push('extra')
      given.push(extraWeight)
    }
    return finite(this.#workspace.weightedSum(rows, given, divisor))
  }

  /** See `Workspace.trimmedMean`, and with weights `Workspace.weightedTrimmedMean`. */
  trimmedMean(trim: number): Float32Array<ArrayBuffer> {
    const source = this.#source()
    if (this.weights) return finite(this.#workspace.weightedTrimmedMean(source, this.weights, trim))
    return finite(this.#workspace.trimmedMean(source, trim))
  }

  /** See `Workspace.quadraticMedian`. */
  quadraticMedian(options: { readonly resilience: number; readonly clipped: boolean }): Float32Array<ArrayBuffer> {
    const weights = this.weights ?? new Int32Array(this.count).fill(1)
    return finite(this.#workspace.quadraticMedian(this.#source(), weights, options))
  }

  /** See `Workspace.nearestMean`; of some of the updates only. */
  nearestMean(
    centre: { readonly first: number; readonly last: number },
    keep: number,
    chosen?: readonly number[],
  ): Float32Array<ArrayBuffer> {
    return finite(this.#workspace.nearestMean(this.#source(chosen), centre, keep))
  }

  /** The numbers of some columns of every update, count × columns.length in row-major order. */
  gather(columns: Uint32Array): Float64Array {
    const width = columns.length
    const taken = new Float64Array(this.#rows.length * width)
    for (const [i, row] of this.#rows.entries()) {
      const vector = this.#workspace.vector(row)
      for (let k = 0; k < width; k++) taken[i * width + k] = vector[columns[k]!]!
    }
    if (!this.#mixture) return taken
    const { count, weights } = this.#mixture
    const n = this.#rows.length
    const mixed = new Float64Array(count * width)
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < n; j++) {
        const weight = weights[i * n + j]!
        if (weight === 0) continue
        for (let k = 0; k < width; k++) {
          mixed[i * width + k] = mixed[i * width + k]! + weight * taken[j * width + k]!
        }
      }
    }
    return mixed
  }

  /** How many numbers of each update are positive, zero and negative, from column `first` to `end` − 1. */
  signCounts(first: number, end: number): Float64Array[] {
    if (!this.#mixture) {
      const positive = this.#workspace.countSigned(this.#rows, { first, end }, 1)
      const negative = this.#workspace.countSigned(this.#rows, { first, end }, -1)
      return positive.map((above, i) => Float64Array.of(above, end - first - above - negative[i]!, negative[i]!))
    }
    const width = end - first
    const taken = this.gather(Uint32Array.from({ length: width }, (_, k) => first + k))
    return Array.from({ length: this.count }, (_, i) => signCountsOf(taken.subarray(i * width, (i + 1) * width)))
  }

  /** Throws NotFinite unless all numbers are finite: for rules that read only some. O(nd). */
  requireFinite(): void {
    if (this.#workspace.finiteRows(this.#rows).length < this.#rows.length) throw new NotFinite()
  }

  /** The length of every update. */
  get length(): number {
    return this.#workspace.length
  }

  #rowGeometry(): () => Geometry {
    const geometry = this.#geometryBy(
      (rows) => this.#distances?.(rows) ?? this.#workspace.squaredDistances(rows),
      (rows, i) => this.#workspace.products(rows, rows[i]!),
    )
    // A lone row has no distances, which would have shown a number that is not finite.
    if (geometry.points === 1) this.requireFinite()
    return () => geometry
  }

  #geometryBy(
    distances: (rows: readonly Row[]) => Float64Array | undefined,
    products: (rows: readonly Row[], reference: number) => Float64Array | undefined,
  ): Geometry {
    const rows: Row[] = [...this.#rows, ...this.#points]
    const [count, points] = [this.#rows.length, rows.length]
    const squared = finite(distances(rows))
    let gram: Float64Array | undefined
    const at = (point: 'origin' | 'extra') => (this.#points.includes(point) ? rows.indexOf(point) : undefined)
    return {
      count,
      points,
      squared,
      gram: () => {
        gram ??= gramOf({ squared, points, count, weights: this.weights }, (row) => finite(products(rows, row)))
        return gram
      },
      origin: at('origin'),
      extra: at('extra'),
    }
  }

  #each(
    ofRows: (rows: readonly number[]) => Float64Array,
    ofPoint: (geometry: Geometry, i: number, point: number) => number,
    point: 'origin' | 'extra',
  ): Float64Array {
    if (!this.#mixture) {
      const values = ofRows(this.#rows)
      if (!values.every(Number.isFinite)) throw new NotFinite()
      return values
    }
    const geometry = this.geometry()
    return Float64Array.from({ length: this.count }, (_, i) => ofPoint(geometry, i, geometry[point]!))
  }

  #source(chosen?: readonly number[]): readonly number[] | Combinations {
    const indices = chosen ?? Array.from({ length: this.count }, (_, i) => i)
    const mixture = this.#mixture
    if (!mixture) return indices.map((i) => this.#rows[i]!)
    const n = this.#rows.length
    const weights = indices.map((i) => mixture.weights.subarray(i * n, (i + 1) * n))
    return { rows: this.#rows, weights }
  }
}

/** How many are positive, zero and negative. */
export function signCountsOf(values: Float64Array): Float64Array {
  const counts = new Float64Array(3)
  for (const value of values) {
    const kind = value > 0 ? 0 : value < 0 ? 2 : 1
    counts[kind] = counts[kind]! + 1
  }
  return counts
}

function finite<T>(result: T | undefined): T {
  if (result === undefined) throw new NotFinite()
  return result
}

/** First `before`, then `after`. */
function compose(after: Mixture, before: Mixture): Mixture {
  const n = before.weights.length / before.count
  const weights = new Float64Array(after.count * n)
  for (let i = 0; i < after.count; i++) {
    for (let k = 0; k < before.count; k++) {
      const weight = after.weights[i * before.count + k]!
      if (weight === 0) continue
      for (let j = 0; j < n; j++) weights[i * n + j] = weights[i * n + j]! + weight * before.weights[k * n + j]!
    }
  }
  return { count: after.count, weights }
}

/** Weights over rows of a combination of combinations. */
function transposed(mixture: Mixture, weights: ArrayLike<number>, n: number): Float64Array {
  const overRows = new Float64Array(n)
  for (let i = 0; i < mixture.count; i++) {
    if (weights[i] === 0) continue
    for (let j = 0; j < n; j++) overRows[j] = overRows[j]! + weights[i]! * mixture.weights[i * n + j]!
  }
  return overRows
}
