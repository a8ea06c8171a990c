import { softmaxCrossEntropy } from '../losses/cross-entropy.ts'
import { sigmoidCrossEntropy } from '../losses/multi-label.ts'
import type { OutputMeasure } from './output-measure.ts'

const shared = { name: 'logLoss', better: 'lower', unit: '', digits: 3 } as const

/** Of classes (Good 1952). */
export const logLoss: OutputMeasure = {
  ...shared,
  summary: 'mean cross-entropy on test samples',
  of: (outputs, labels) => (labels.length === 0 ? null : softmaxCrossEntropy(outputs, labels).loss),
}

/** Of flags. */
export const multiLabelLogLoss: OutputMeasure = {
  ...shared,
  summary: 'mean cross-entropy over flags of test samples',
  of: (outputs, flags) => (flags.length === 0 ? null : sigmoidCrossEntropy(outputs, flags).loss),
}
