import { initialParameters, type LayerPlan, planLayers } from '../layers/plan.ts'
import type { ModelSpec } from '../layers/schema.ts'

export const modelNames = ['logistic', 'mlp', 'cnn'] as const
export type ModelName = (typeof modelNames)[number]

const models: Readonly<Record<ModelName, ModelSpec>> = {
  logistic: { name: 'logistic', inputShape: [784], layers: [{ kind: 'dense', units: 10, activation: 'none' }] },
  mlp: {
    name: 'mlp',
    inputShape: [784],
    layers: [
      { kind: 'dense', units: 128, activation: 'relu' },
      { kind: 'dense', units: 10, activation: 'none' },
    ],
  },
  // LeNet-5 (LeCun et al. 1998) with the activations and pooling of today: 61,706 parameters.
  cnn: {
    name: 'cnn',
    inputShape: [28, 28, 1],
    layers: [
      { kind: 'conv2d', filters: 6, size: 5, stride: 1, padding: 'same', activation: 'relu' },
      { kind: 'max-pool', size: 2, padding: 'valid' },
      { kind: 'conv2d', filters: 16, size: 5, stride: 1, padding: 'valid', activation: 'relu' },
      { kind: 'max-pool', size: 2, padding: 'valid' },
      { kind: 'flatten' },
      { kind: 'dense', units: 120, activation: 'relu' },
      { kind: 'dense', units: 84, activation: 'relu' },
      { kind: 'dense', units: 10, activation: 'none' },
    ],
  },
}

/** The layers of a model with a name, or of one's own. */
export function planModel(model: ModelName | ModelSpec): LayerPlan[] {
  return planLayers(typeof model === 'string' ? models[model] : model)
}

/** What everybody starts from; see `initialParameters`. */
export function initialModel(model: ModelName | ModelSpec, seed: number | string): Float32Array {
  return initialParameters(planModel(model), seed)
}
