import { type LayerPlan, pictureShape, planLayers, sizeOf } from '../layers/plan.ts'
import type { Fit } from '../pictures/models/model.ts'
import { type ModelChoice, specOfModel } from '../pictures/models.ts'
import type { ModelSpec } from '../task/layers.ts'
import { TrainingError } from '../task/training-error.ts'
import type { SamplesSpec } from './schema.ts'

/** The layers of the model for such data. */
export function layersFor({ model }: Pick<SamplesSpec, 'model'>, fit: Fit): ModelSpec {
  return isList(model) ? { ...model, inputShape: inputOf(model, fit) } : specOfModel(model as ModelChoice, fit)
}

/** The same with their shapes and places. Throws TrainingError `bad-model` when it does not fit them. */
export function planFor(spec: Pick<SamplesSpec, 'model'>, fit: Fit): LayerPlan[] {
  const plans = planLayers(layersFor(spec, fit))
  const input = plans[0]!.inputShape
  if (sizeOf(input) !== sizeOf(fit.shape)) {
    const problem = `the model's inputShape [${input}] does not hold a sample of [${fit.shape}]`
    throw new TrainingError('bad-model', `${problem}; correct inputShape or leave it out`)
  }
  const output = plans[plans.length - 1]!.outputShape
  if (output.length !== 1 || output[0] !== fit.outputs) {
    const problem = `the model's last layer gives [${output}], and the data and the loss need [${fit.outputs}]`
    throw new TrainingError('bad-model', `${problem}; end with a dense layer of ${fit.outputs} units`)
  }
  return plans
}

type Layers = Extract<SamplesSpec['model'], { readonly layers: unknown[] }>

function isList(model: SamplesSpec['model']): model is Layers {
  return typeof model === 'object' && 'layers' in model && Array.isArray(model.layers)
}

/** Convolutions see channels, though there may be only one. */
function inputOf({ inputShape, layers }: Layers, { shape }: Fit): number[] {
  const flat = layers[0]!.kind === 'dense' || layers[0]!.kind === 'flatten'
  return inputShape ?? (flat ? [...shape] : pictureShape(shape))
}
