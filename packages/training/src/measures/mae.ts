import { absolute } from '../losses/absolute.ts'
import type { OutputMeasure } from './output-measure.ts'

export const mae: OutputMeasure = {
  name: 'mae',
  summary: 'mean absolute error on test samples, over all columns',
  better: 'lower',
  unit: '',
  digits: 3,
  of: (outputs, values) => (values.length === 0 ? null : absolute.of(outputs, values, {}).loss),
}
