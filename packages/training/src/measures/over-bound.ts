import type { Measure } from '../task/measure.ts'

/** Whether forward error propagation held; null where nothing is broken. */
export const overBound: Measure = {
  name: 'overBound',
  summary:
    'of hardware that is broken, by how much outputs are off over what bounds it, at most, while predicting and while ' +
    'training: at most 1 where the bound holds; null where nothing is broken',
  better: 'lower',
  unit: '',
  digits: 3,
}
