import type { DataSpec } from './data-spec.ts'

/** Samples of one part, training or test: n of them. */
export interface Part {
  /** n × the product of the shape, sample after sample, row by row. */
  readonly inputs: Float32Array
  readonly targets: Targets
  /** Who a sample is of (a hospital, a user, a device): an index into `groups` for each; undefined without a group column. */
  readonly group?: Int32Array
  readonly count: number
}

export type Targets =
  /** n indices into `outputs`. */
  | { readonly kind: 'classes'; readonly labels: Int32Array }
  /** n × the number of outputs: regression. */
  | { readonly kind: 'numbers'; readonly values: Float32Array }
  /** n × the number of outputs, 0 or 1: several labels for each sample. */
  | { readonly kind: 'flags'; readonly values: Uint8Array }

/** Data to learn from, whatever files they come from. */
export interface Samples {
  /** Of one input. */
  readonly shape: readonly number[]
  /** Names of input columns; empty for pictures and arrays. */
  readonly inputs: readonly string[]
  readonly targets: Targets['kind']
  /** Names of classes, or of target columns. */
  readonly outputs: readonly string[]
  readonly groups: readonly string[]
  readonly train: Part
  readonly test: Part
  /** What was subtracted and divided by, of each input, from the training part only. */
  readonly scaling?: Scaling
  /** What the specification would have to say so that other files are understood in the same way. */
  readonly agreed?: Readonly<Record<string, unknown>>
  /** The specification that they were read by, where it is another than the one given. */
  readonly readBy?: DataSpec
  readonly origin?: { readonly source: string; readonly licence: string }
}

export interface Scaling {
  readonly mean: Float64Array
  readonly deviation: Float64Array
}
