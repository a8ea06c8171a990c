import { sizeOf } from '../../layers/plan.ts'
import type { Model } from './model.ts'

export const mlp: Model<'mlp'> = {
  name: 'mlp',
  summary: 'a hidden layer of 128, of digits 784-128-10 with 101,770 parameters',
  options: {},
  layers: (_options, { shape, outputs }) => ({
    inputShape: [sizeOf(shape)],
    layers: [
      { kind: 'dense', units: 128, activation: 'relu' },
      { kind: 'dense', units: outputs, activation: 'none' },
    ],
  }),
}
