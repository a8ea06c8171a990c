import { sizeOf } from '../../layers/plan.ts'
import type { Model } from './model.ts'

export const logistic: Model<'logistic'> = {
  name: 'logistic',
  summary: 'one layer, of digits 784-10',
  options: {},
  layers: (_options, { shape, outputs }) => ({
    inputShape: [sizeOf(shape)],
    layers: [{ kind: 'dense', units: outputs, activation: 'none' }],
  }),
}
