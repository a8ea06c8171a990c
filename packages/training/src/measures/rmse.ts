import { squared } from '../losses/squared.ts'
import type { OutputMeasure } from './output-measure.ts'

export const rmse: OutputMeasure = {
  name: 'rmse',
  summary: 'root of the mean squared error on test samples, over all columns',
  better: 'lower',
  unit: '',
  digits: 3,
  of: (outputs, values) => (values.length === 0 ? null : Math.sqrt(squared.of(outputs, values, {}).loss)),
}
