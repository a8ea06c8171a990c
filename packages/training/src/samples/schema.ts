import { choiceSchemas } from '@hearsay/catalogue/schema'
import { type DataSpec, dataSchema } from '@hearsay/data'
import { z } from 'zod'
import { type LossChoice, losses } from '../losses/losses.ts'
import { type ModelChoice, models } from '../pictures/models.ts'
import { count } from '../task/count.ts'
import { modelSchema } from '../task/layers.ts'
import { type PartitionSpec, partitionSchema } from '../task/partitions/partitions.ts'
import { type SavedModel, savedModelSchema } from '../task/saved.ts'

/** A model as a list of layers; what is left out follows from the data. */
const layersSchema = modelSchema.extend({
  name: modelSchema.shape.name.default('layers'),
  inputShape: modelSchema.shape.inputShape.optional(),
})

const numbers = z.array(z.number()).min(1).max(100_000)
const targetScaleSchema = z.union([
  z.enum(['standard', 'none']),
  z.strictObject({
    mean: numbers.describe('a number for each column of labels'),
    deviation: z.array(z.number().gt(0)).min(1).max(100_000).describe('a number above 0 for each column of labels'),
  }),
])
export type TargetScale = z.output<typeof targetScaleSchema>

/** A task of samples, defaults filled in. */
export interface SamplesSpec {
  readonly kind?: string | undefined
  readonly data: DataSpec
  readonly model: ModelChoice | z.output<typeof layersSchema> | SavedModel
  readonly loss?: LossChoice | undefined
  readonly targetScale?: TargetScale | undefined
  readonly partition: PartitionSpec
  readonly trainSamples?: number | undefined
  readonly testSamples?: number | undefined
  readonly [field: string]: unknown
}

/** What a task of samples may say besides its kind, by what is known now. */
export function samplesFields() {
  const told = ({ name, summary }: { name: string; summary: string }): string => `\`${name}\` (${summary})`
  return {
    data: dataSchema().describe(
      'where the samples are, and what of them is input, label and group; paths stand against the folder of the file that says so',
    ),
    model: z
      .union([...choiceSchemas([...models.values()]), layersSchema, savedModelSchema])
      .default('mlp')
      .describe(
        `${[...models.values()].map(told).join(', ')}, or your own: a list of layers, whose inputShape follows from the data, or one that TensorFlow.js saved`,
      ),
    loss: z
      .union(choiceSchemas([...losses.values()]))
      .optional()
      .describe(
        `${[...losses.values()].map(told).join(', ')}; when left out, cross-entropy for classes, squared for numbers, multi-label for flags`,
      ),
    targetScale: targetScaleSchema
      .optional()
      .describe(
        'what numbers that are learnt are scaled by, so that training does not depend on their unit: standard (their mean and deviation in the training part, when left out), none, or lists { mean, deviation }; measures are in the unit of the data',
      ),
    partition: partitionSchema().default({ kind: 'iid' }),
    trainSamples: count('training samples of all peers together, drawn at random; when left out, all').optional(),
    testSamples: count('test samples, drawn at random; when left out, all').optional(),
  }
}
