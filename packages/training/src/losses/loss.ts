import type { Member, Options } from '@hearsay/catalogue'

/** What samples may be labelled with: one class of several, numbers, or flags that are 0 or 1 each. */
export type TargetKind = 'classes' | 'numbers' | 'flags'

/**
 * What training makes small, of the outputs of a model. In JavaScript, since for so few numbers a kernel's dispatch costs more
 * than its work.
 */
export interface Loss<Name extends string = string> extends Member<Name> {
  /** What the samples must be labelled with. */
  readonly targets: TargetKind
  /** There are two classes, and one output: that of the second, against 0 for the first. Otherwise one output for each class or column. */
  readonly twoClasses?: true
  /**
   * Of a batch the mean, and its gradient by each output. Outputs that are not finite may give a loss that is not.
   *
   * @param outputs row by row [samples, outputs], without an activation
   * @param targets of classes the index of one for each sample; else [samples, outputs]
   */
  of(
    outputs: Float32Array,
    targets: ArrayLike<number>,
    options: Options,
  ): { readonly loss: number; readonly gradient: Float32Array }
}
