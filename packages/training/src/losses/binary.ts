import type { Loss } from './loss.ts'
import { sigmoidCrossEntropy } from './multi-label.ts'

/** −log σ(z) of samples of the second class, −log(1 − σ(z)) of the first (Cox 1958): half the last layer of `cross-entropy`. */
export const binary: Loss<'binary'> = {
  name: 'binary',
  summary: 'of two classes: cross-entropy of the sigmoid of one output',
  targets: 'classes',
  twoClasses: true,
  options: {},
  of: sigmoidCrossEntropy,
}
