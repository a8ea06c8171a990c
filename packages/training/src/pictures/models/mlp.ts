import type { Model } from './model.ts'

export const mlp: Model<'mlp'> = {
  name: 'mlp',
  summary: '784-128-10, 101,770 parameters',
  options: {},
  layers: () => ({
    inputShape: [784],
    layers: [
      { kind: 'dense', units: 128, activation: 'relu' },
      { kind: 'dense', units: 10, activation: 'none' },
    ],
  }),
}
