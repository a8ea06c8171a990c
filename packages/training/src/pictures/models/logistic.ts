import type { Model } from './model.ts'

export const logistic: Model<'logistic'> = {
  name: 'logistic',
  summary: '784-10',
  options: {},
  layers: () => ({ inputShape: [784], layers: [{ kind: 'dense', units: 10, activation: 'none' }] }),
}
