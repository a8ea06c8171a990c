import { pictureShape } from '../../layers/plan.ts'
import type { Model } from './model.ts'

/** LeNet-5 (LeCun et al. 1998) with the activations and pooling of today: 61,706 parameters for digits. */
export const cnn: Model<'cnn'> = {
  name: 'cnn',
  summary: 'LeNet size, for pictures',
  options: {},
  layers: (_options, { shape, outputs }) => ({
    inputShape: pictureShape(shape),
    layers: [
      { kind: 'conv2d', filters: 6, size: 5, stride: 1, padding: 'same', activation: 'relu' },
      { kind: 'max-pool', size: 2, padding: 'valid' },
      { kind: 'conv2d', filters: 16, size: 5, stride: 1, padding: 'valid', activation: 'relu' },
      { kind: 'max-pool', size: 2, padding: 'valid' },
      { kind: 'flatten' },
      { kind: 'dense', units: 120, activation: 'relu' },
      { kind: 'dense', units: 84, activation: 'relu' },
      { kind: 'dense', units: outputs, activation: 'none' },
    ],
  }),
}
