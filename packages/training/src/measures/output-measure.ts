import type { Measure } from '../task/measure.ts'

/** A measure that follows from the outputs of a model on test samples. */
export interface OutputMeasure extends Measure {
  /**
   * Null: these samples cannot tell, such as those of one class alone. Outputs must be finite.
   *
   * @param outputs row by row [samples, width], without an activation
   * @param targets as of a loss: of classes the index of one for each sample; else [samples, width]
   * @param width how many classes there are, or columns of targets
   */
  of(outputs: Float32Array, targets: ArrayLike<number>, width: number): number | null
}
