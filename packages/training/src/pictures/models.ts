import { type Kind, type Options, Registry } from '@hearsay/catalogue'
import { type LayerPlan, planLayers } from '../layers/plan.ts'
import type { ModelSpec } from '../task/layers.ts'
import { TrainingError } from '../task/training-error.ts'
import type { Fit, Model } from './models/model.ts'
import * as shipped from './models/shipped.ts'

const modelKind: Kind<'model'> = {
  word: 'model',
  nouns: ['model', 'models'],
  functions: ['layers'],
  beside: [],
  error: (code, message) => new TrainingError(code, message),
}

/** All models of pictures by name. */
export const models = new Registry<Model, 'model'>(modelKind, shipped)

/** One of them, its name or its name with its options; or a model of one's own, as a list of layers. */
export type ModelChoice = string | ModelSpec | { readonly [name: string]: Options }

/** Whether it is a list of layers. */
export function isSpec(model: ModelChoice): model is ModelSpec {
  return typeof model === 'object' && Array.isArray(model.layers)
}

/** Ten digits, as both data sets that ship have them. */
export const digitsFit: Fit = { shape: [28, 28, 1], outputs: 10 }

/** The layers of a model with a name, or of one's own. */
export function specOfModel(model: ModelChoice, fit: Fit = digitsFit): ModelSpec {
  if (isSpec(model)) return model
  const { member, options } = models.choose(model)
  return { name: member.name, ...member.layers(options, fit) }
}

/** Shapes and places of these layers. */
export function planModel(model: ModelChoice, fit: Fit = digitsFit): LayerPlan[] {
  return planLayers(specOfModel(model, fit))
}
