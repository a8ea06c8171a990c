import { z } from 'zod'

/** A model that is saved, in a scenario, a genesis or a module. */
export const savedModelSchema = z
  .strictObject({
    tfjs: z
      .string()
      .min(1)
      .max(4096)
      .describe(
        'model.json, as TensorFlow.js saves it, its weights beside it; from the folder of the file that says so',
      ),
    weights: z
      .enum(['saved', 'drawn'])
      .default('saved')
      .describe('what everybody starts from: the weights that are saved, or others, drawn from the seed'),
  })
  .describe('a model of layers that TensorFlow.js saved')
export type SavedModel = z.input<typeof savedModelSchema>

export function isSaved(model: unknown): model is SavedModel {
  return typeof model === 'object' && model !== null && 'tfjs' in model && typeof model.tfjs === 'string'
}
