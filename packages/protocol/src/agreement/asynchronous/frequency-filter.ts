/**
 * Whose gradients may be accepted, by whose were. Of any 2f + 1 that are accepted in a row, f + 1 shall be of honest
 * workers: which holds for every set of f liars if, and unless it were so only if, all 2f + 1 are of different workers.
 *
 * - `strict`: nobody of the last 2f. It gives that, and 3f + 1 workers leave 2f + 1 honest ones to go on when f are silent.
 * - `per-worker`: nobody of whom with this one more than f are among the last 2f + 1. The poster's words read so; f liars may
 *   then have f² of 2f + 1, which is all for f ≥ 3.
 */
import type { Position } from '../../roster/position.ts'
import type { Filters } from './settings.ts'

/** How many of the authors that were accepted last matter. */
export const frequencyWindow = (tolerated: number): number => 2 * tolerated

/** `authors`: of the gradients accepted last, as many as matter. */
export function isTooFrequent(
  frequency: Filters['frequency'],
  author: Position,
  authors: readonly Position[],
  tolerated: number,
): boolean {
  if (tolerated === 0 || frequency === 'none') return false
  const times = authors.filter((each) => each === author).length
  return frequency === 'strict' ? times > 0 : times + 1 > tolerated
}
