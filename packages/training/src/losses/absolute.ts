import { byDifference } from './by-difference.ts'
import type { Loss } from './loss.ts'

/** |output − target|, the mean over samples and columns: learns the median, so that outliers weigh little. */
export const absolute: Loss<'absolute'> = {
  name: 'absolute',
  summary: 'absolute error, which outliers weigh little in',
  targets: 'numbers',
  options: {},
  of: (outputs, targets) => byDifference(outputs, targets, Math.abs, Math.sign),
}
