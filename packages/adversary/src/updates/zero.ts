import type { Attack } from './attack.ts'

/**
 * No change: zero in every coordinate, as a peer sends that takes part and does no work.
 *
 * What it can do: slow a mean down, to (n−f)/n of a step. Rules that prefer small updates or the middle of updates that
 * cancel each other (`cge`, `krum` with data that differ) may take it for the best one.
 *
 * Requires nothing of n and f. Cost O(d).
 *
 * Example, d = 2: (0, 0).
 */
export const zero: Attack<'zero'> = {
  name: 'zero',
  summary: 'send an update of zeros',
  options: {},
  paper: '',
  colludes: () => false,
  create:
    () =>
    ({ own }) =>
      new Float32Array(own.length),
}
