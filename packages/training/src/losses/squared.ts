import { byDifference } from './by-difference.ts'
import type { Loss } from './loss.ts'

/** (output − target)², the mean over samples and columns (Legendre 1805). */
export const squared: Loss<'squared'> = {
  name: 'squared',
  summary: 'squared error',
  targets: 'numbers',
  options: {},
  of: (outputs, targets) =>
    byDifference(
      outputs,
      targets,
      (difference) => difference * difference,
      (difference) => 2 * difference,
    ),
}
