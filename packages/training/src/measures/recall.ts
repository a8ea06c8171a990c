import type { Measure } from '../task/measure.ts'

/** How well a model does with one class; null when no test sample has it. */
export const recall: Measure = {
  name: 'recall',
  summary: 'share of test samples of the class that the task names (`recallOf`) that a model gets right',
  better: 'higher',
  unit: '%',
  digits: 1,
}
