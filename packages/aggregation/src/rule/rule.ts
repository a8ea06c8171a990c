import type { Member, Options } from '@hearsay/catalogue'
import type { Mixture } from '../geometry/geometry.ts'
import type { Vectors } from '../geometry/plain-vectors.ts'
import type { Updates } from '../geometry/updates.ts'

/**
 * A `RuleSpec` with rules as objects, one's own or those that ship: `{ rule: krum, tolerated: 3, neighbours: 'n-f-1' }`,
 * `{ rule: trimmedMean, tolerated: 3, before: [nnm, { rule: clipping, norm: 2 }] }`.
 */
export interface RuleObjectSpec {
  readonly rule: Rule
  readonly tolerated: number
  /** Pre-rules in the order in which they are applied, each alone or with its options. */
  readonly before?: readonly (BeforeRule | { readonly rule: BeforeRule; readonly [option: string]: unknown })[]
  readonly [option: string]: unknown
}

/** What some rules need besides the updates. */
export interface Context {
  /** The previous output, of length d and finite, for centered-clipping; zero when not given. */
  readonly previous?: Float32Array
  /** The update that the aggregating peer trusts, of length d and finite, for fltrust. */
  readonly root?: Float32Array
  /**
   * 32 bits that every option called `seed`, of the rule and of what comes before it, is combined with (exclusive or), so
   * that a rule draws anew each time. What liars cannot know when they form their updates is best. 0 when not given.
   */
  readonly draw?: number
  /** How much each update weighs: integers from 1, in their order; then `tolerated` is weight too. 1 each when not given. */
  readonly weights?: readonly number[] | undefined
}

/**
 * What is done where updates speak only about some rows of a model: each row is taken among those who speak about it, as
 * far as the requirement is met for their number; or who says nothing says zero; or such updates are refused.
 */
export type Masks = 'among those who speak' | 'absent rows are zero' | 'refuses'

/**
 * What is done where updates weigh differently: they count in proportion, so that weights of 2 each are as none; or in full, so
 * that twice the weight moves the result twice as far; or the rule counts updates, and refuses weights that differ.
 */
export type Weighted = 'in proportion' | 'in full' | 'refuses'

/** An aggregation rule: n vectors of length d, at most f of them Byzantine, to one vector of length d. */
export interface Rule<Name extends string = string> extends Member<Name> {
  /**
   * Whether the rule is defined for n rows of which f may be Byzantine. Must stay true when a row is taken out and both
   * n and f are one less, since that is what becomes of a row that is not finite. With weights n and f are weight, and
   * the heaviest row has `heaviest` of it, 1 without.
   */
  requirement(n: number, f: number, options: Options, heaviest?: number): boolean
  readonly requirementText: string
  /**
   * κ of (f, κ)-robustness: for every set S of n−f rows, ‖F(x) − mean_S‖² ≤ κ · (1/|S|) Σ_{i∈S} ‖x_i − mean_S‖².
   * Infinity when there is no such κ; no function when none is claimed.
   */
  kappa?(n: number, f: number, options: Options): number
  /** Among those who speak only if it goes column by column. `refuses` when left out. */
  readonly masks?: Masks
  /** `refuses` when left out. */
  readonly weighted?: Weighted
  /** Of a rule that goes column by column, whether F(x_1 + v, …, x_n + v) = F(x_1, …, x_n) + v. Not said when left out. */
  readonly equivariant?: true
  /** The vector of the context that takes part in it. */
  readonly context?: 'previous' | 'root'
  /**
   * Whether the zero vector has to be among the points of the geometry; `mixed` says that something comes before the rule.
   * Norms of rows need no geometry, those of combinations come from it.
   */
  origin?(options: Options, mixed: boolean): boolean
  /** By kernels. Throws NotFinite when a number that it reads is not finite. */
  aggregate(updates: Updates, tolerated: number, options: Options): Float32Array<ArrayBuffer>
  /**
   * The definition in plain TypeScript, for finite vectors, before the result is rounded to float32. Of the context, weights
   * are there only if they count.
   */
  reference(vectors: Vectors, tolerated: number, options: Options, context: Context): Float64Array
}

/** What may come before a rule: n vectors to n′, each a combination of the n and the zero vector. */
export interface BeforeRule<Name extends string = string> extends Member<Name> {
  /** See `Rule.requirement`. */
  requirement(n: number, f: number, options: Options, heaviest?: number): boolean
  readonly requirementText: string
  /** Among those who speak only if it scales each vector, and nothing more. `refuses` when left out. */
  readonly masks?: Masks
  /** As of a rule; then n′ = n, and each vector that comes out has the weight of the one in whose place it is. */
  readonly weighted?: Weighted
  /** n′ and f′ of what comes out. */
  counts(n: number, f: number, options: Options): { n: number; f: number }
  /** Whether its combinations have a part of the zero vector, so that later geometry needs it. */
  readonly origin?: true
  /** Its combinations, from the geometry of the updates. */
  mixture(updates: Updates, tolerated: number, options: Options): Mixture
  reference(vectors: Vectors, tolerated: number, options: Options, weights?: readonly number[]): Float64Array[]
}
