import type { Workspace } from './workspace.ts'

/** A rule by name, how many Byzantine rows it tolerates (f), and its options: `{ rule: 'krum', tolerated: 3 }`. */
export interface RuleSpec {
  readonly rule: string
  readonly tolerated: number
  readonly [option: string]: unknown
}

/** Values of a rule's options, all of them, checked. */
export type RuleOptions = Readonly<Record<string, string>>

/** An aggregation rule: n vectors of length d, at most f of them Byzantine, to one vector of length d. */
export interface Rule {
  readonly name: string
  /** One line for a list of rules. */
  readonly summary: string
  /** Names of options and the values that each may have; the first is the default. */
  readonly options: Readonly<Record<string, readonly string[]>>
  /**
   * Whether the rule is defined for n rows of which f may be Byzantine. Must stay true when a row is taken out and both
   * n and f are one less, since that is what becomes of a row that is not finite.
   */
  requirement(n: number, f: number, options: RuleOptions): boolean
  readonly requirementText: string
  /**
   * κ of (f, κ)-robustness: for every set S of n−f rows, ‖F(x) − mean_S‖² ≤ κ · (1/|S|) Σ_{i∈S} ‖x_i − mean_S‖².
   * Infinity when there is no such κ.
   */
  kappa(n: number, f: number, options: RuleOptions): number
  /** By kernels. `undefined` when a number in `rows` is not finite. */
  aggregate(
    workspace: Workspace,
    rows: readonly number[],
    tolerated: number,
    options: RuleOptions,
  ): Float32Array<ArrayBuffer> | undefined
  /** The definition in plain TypeScript, for finite vectors: the same bits as `aggregate`. */
  reference(vectors: readonly Float32Array[], tolerated: number, options: RuleOptions): Float32Array<ArrayBuffer>
}
