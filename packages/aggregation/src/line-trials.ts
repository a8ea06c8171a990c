/**
 * What a rule makes of rows that stay and of one that moves along a line, a + c s for factors c, given several times: for
 * attacks that try the rule again and again, with long vectors. Not less is tried than by aggregating anew each time; what
 * follows from what is known is not computed again:
 *
 * - ‖x − a − c s‖² = ‖x − a‖² − 2 c (x − a)·s + c² ‖s‖², so that distances need no pass over the vectors;
 * - where all combinations that come to the rule have the same share w of the moving row, and the rule goes along with what
 *   is added to all, F(c) = F(c₀) + w (c − c₀) s, so that ‖F(c) − t‖² is a polynomial in c.
 *
 * This is rounded otherwise than what aggregates anew, and so are distances; by arithmetic that is the same on every machine:
 * float64, in the order of the columns.
 */
import { drawn, finish, type Prepared, prepared } from './aggregate-plan.ts'
import { nnm } from './before/nnm.ts'
import type { Mixture } from './geometry/geometry.ts'
import type { Row } from './machine/source.ts'
import { fastLength, type Workspace } from './machine/workspace.ts'
import type { Plan } from './rule/plan.ts'
import type { RuleSpec } from './rule-names.ts'
import { resolveRule, rules } from './rules.ts'

/** Beyond the largest float32 a row would leave the line. */
const largest = 3.4e38

/** a + c s, in float64; a is zero where it is left out. */
export interface Line {
  readonly from?: Float64Array
  readonly along: Float64Array
}

export interface LineOptions {
  readonly rule: RuleSpec
  /** Its first `still` rows stay and are finite; the row after them moves. */
  readonly workspace: Workspace<ArrayBufferLike>
  readonly still: number
  /** How often the moving row is given, at least once. */
  readonly copies: number
  readonly weights?: readonly number[] | undefined
  readonly line: Line
  /** Puts the row of a factor in its place in the workspace. */
  readonly put: (factor: number) => void
  /** t. */
  readonly target: Float64Array
}

/** A polynomial: c₀, ‖F(c₀) − t‖² and (F(c₀) − t)·s, and the share w. */
interface Shifted extends Moments {
  readonly factor: number
  readonly share: number
}

export class LineTrials {
  readonly #options: LineOptions
  readonly #plan: Plan
  readonly #rows: readonly number[]
  readonly #table: Table
  /** Whether what comes before the rule looks at distances alone, and not at rows. */
  readonly #byDistances: boolean
  /** By the shares of the rows that stay. */
  readonly #shifted = new Map<string, Shifted>()

  private constructor(options: LineOptions, plan: Plan) {
    this.#options = options
    this.#plan = plan
    const { still, copies } = options
    this.#rows = Array.from({ length: still + copies }, (_, row) => Math.min(row, still))
    this.#table = new Table(options)
    this.#byDistances = plan.before.every((each) => each.rule === nnm)
  }

  /** Undefined where nothing is gained, or the rule is no one of ours and could look at anything. Throws AggregationError as `checkRule`. */
  static of(options: LineOptions): LineTrials | undefined {
    const { rule, workspace, still, copies, weights } = options
    const plan = resolveRule(rule, still + copies, weights)
    const own = !rules.ships(plan.rule) || plan.rule.context !== undefined
    if (own || workspace.length < fastLength || copies < 1) return undefined
    return new LineTrials(options, drawn(plan, {}))
  }

  /** Whether the row of this factor is on the line, and not cut off at the largest number. */
  reaches(factor: number): boolean {
    return this.#table.greatestAt(factor) < largest
  }

  /** ‖F − t‖² for a factor that is reached. */
  squaredDistance(factor: number): number {
    const { workspace, put, still } = this.#options
    if (!this.#byDistances) put(factor)
    const plan = this.#plan
    const given = prepared(plan, workspace, this.#rows, (rows) => this.#table.squaredDistances(rows, factor))
    const share = plan.rule.equivariant && commonShare(given, still)
    if (share === undefined) return this.#measured(given, factor, 0).squared
    const key = String(given.updates.mixture!.weights)
    const known = this.#shifted.get(key) ?? this.#measured(given, factor, share)
    this.#shifted.set(key, known)
    const by = known.share * (factor - known.factor)
    return known.squared + 2 * by * known.product + by * by * this.#table.alongSquared
  }

  #measured(given: Prepared, factor: number, share: number): Shifted {
    const { workspace, line, put, target } = this.#options
    if (this.#byDistances) put(factor)
    const result = finish(this.#plan, given, workspace.length, false)
    const measured = { ...momentsOf(result, target, line.along), factor, share }
    // Ten times as much as is kept of a round would wait to be collected.
    result.buffer.transfer(0)
    return measured
  }
}

/** What all combinations have of the moving row together, which is given behind the `still` ones; undefined where it differs. */
function commonShare({ updates: { mixture } }: Prepared, still: number): number | undefined {
  if (mixture === undefined) return undefined
  const shares = sharesOf(mixture, still)
  return shares.every((share) => share === shares[0]) ? shares[0] : undefined
}

function sharesOf({ count, weights }: Mixture, still: number): number[] {
  const n = weights.length / count
  return Array.from({ length: count }, (_, i) =>
    weights.subarray(i * n + still, (i + 1) * n).reduce((sum, weight) => sum + weight, 0),
  )
}

/** Squared distances, by inner products of the rows that stay, about a, with s. */
class Table {
  readonly alongSquared: number
  readonly #still: number
  /** Among the rows that stay and the zero vector behind them. */
  readonly #among: Float64Array
  /** Of each of these. */
  readonly #moments: readonly Moments[]
  readonly #greatest: { readonly from: number; readonly along: number }

  constructor({ workspace, still, line: { from = new Float64Array(workspace.length), along } }: LineOptions) {
    const rows = [...Array(still).keys()]
    this.#still = still
    this.#among = workspace.squaredDistances([...rows, 'origin'])!
    const [start, way] = [extentOf(from, along), extentOf(along, along)]
    const zero = { squared: start.squared, product: -start.product }
    this.#moments = [...rows.map((row) => momentsOf(workspace.vector(row), from, along)), zero]
    this.alongSquared = way.squared
    this.#greatest = { from: start.greatest, along: way.greatest }
  }

  /** No number of the row of this factor is greater. */
  greatestAt(factor: number): number {
    return this.#greatest.from + Math.abs(factor) * this.#greatest.along
  }

  /** Among these rows, as a symmetric matrix; that of index `still` is the one that moves. */
  squaredDistances(rows: readonly Row[], factor: number): Float64Array {
    const n = rows.length
    const distances = new Float64Array(n * n)
    for (const [i, a] of rows.entries()) {
      for (const [j, b] of rows.slice(0, i).entries())
        distances[i * n + j] = distances[j * n + i] = this.#between(a, b, factor)
    }
    return distances
  }

  #between(a: Row, b: Row, factor: number): number {
    if (a === b) return 0
    if (b === this.#still) return this.#between(b, a, factor)
    const place = this.#placeOf(b)
    if (a !== this.#still) return this.#among[this.#placeOf(a) * this.#moments.length + place]!
    const { squared, product } = this.#moments[place]!
    return Math.max(0, squared - 2 * factor * product + factor * factor * this.alongSquared)
  }

  #placeOf(row: Row): number {
    return row === 'origin' ? this.#still : (row as number)
  }
}

/** ‖x − a‖² and (x − a)·s. */
interface Moments {
  readonly squared: number
  readonly product: number
}

function momentsOf(vector: Float32Array, from: Float64Array, along: Float64Array): Moments {
  let [squared, product] = [0, 0]
  for (let i = 0; i < along.length; i++) {
    const apart = vector[i]! - from[i]!
    squared += apart * apart
    product += apart * along[i]!
  }
  return { squared, product }
}

/** ‖x‖², x·s, and the greatest magnitude of x. */
function extentOf(vector: Float64Array, along: Float64Array): Moments & { readonly greatest: number } {
  let [squared, product, greatest] = [0, 0, 0]
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]!
    squared += value * value
    product += value * along[i]!
    const size = Math.abs(value)
    if (size > greatest) greatest = size
  }
  return { squared, product, greatest }
}
