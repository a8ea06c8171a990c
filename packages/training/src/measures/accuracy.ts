import { largestOf } from './largest.ts'
import type { OutputMeasure } from './output-measure.ts'

export const accuracy: OutputMeasure = {
  name: 'accuracy',
  summary: 'share of test samples that a model gets right',
  better: 'higher',
  unit: '%',
  digits: 1,
  of: (outputs, labels, classes) => (labels.length === 0 ? null : countRight(outputs, labels, classes) / labels.length),
}

/** How many samples have their largest output at their label. */
export function countRight(outputs: Float32Array, labels: ArrayLike<number>, classes: number): number {
  let right = 0
  for (let sample = 0; sample < labels.length; sample++)
    if (largestOf(outputs, sample * classes, classes) === labels[sample]) right++
  return right
}
