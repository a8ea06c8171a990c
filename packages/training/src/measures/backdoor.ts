import type { Measure } from '../task/measure.ts'

/** How well a backdoor works; null without one. */
export const backdoorSuccess: Measure = {
  name: 'backdoor',
  summary:
    'share of test samples of other labels that get the label that a backdoor aims at when they have its patch, of the ' +
    'backdoor that works best; null without a backdoor',
  better: 'lower',
  unit: '%',
  digits: 1,
}
