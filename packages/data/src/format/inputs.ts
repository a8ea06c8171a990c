import type { DataContext, DataSpec } from './data-spec.ts'

/** How the samples were understood that a model learnt from, wherever they lay. */
export interface Like {
  /** The specification of their data, with all that followed from them: classes, categories, scales. */
  readonly data: DataSpec
  /** Of one input. */
  readonly shape: readonly number[]
}

/** Samples without labels, that a model is to be used on. */
export interface Inputs {
  /** n × the product of the shape, sample after sample, scaled as those were that were learnt from. */
  readonly values: Float32Array
  readonly count: number
  /** What each is called: its line in a text, its row, or its file. */
  readonly called: 'line' | 'row' | 'file'
  readonly names: readonly (number | string)[]
}

export interface InputsContext extends DataContext {
  /** Of an archive of several arrays, which. */
  readonly array?: string | undefined
  /** Categories that training did not have are none of those that it had, in place of an error. */
  readonly unseen?: boolean | undefined
}
