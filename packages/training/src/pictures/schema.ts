import { choiceSchemas } from '@hearsay/catalogue/schema'
import { z } from 'zod'
import { count } from '../task/count.ts'
import { modelSchema } from '../task/layers.ts'
import { type PartitionSpec, partitionSchema } from '../task/partitions/partitions.ts'
import type { DataRequest } from './datasets/dataset.ts'
import { type DatasetChoice, datasets } from './datasets.ts'
import { type ModelChoice, models } from './models.ts'

/** A task of pictures, defaults filled in. */
export interface PicturesSpec extends DataRequest {
  readonly kind?: string | undefined
  readonly dataset: DatasetChoice
  readonly model: ModelChoice
  readonly partition: PartitionSpec
  readonly recallOf?: number | undefined
  readonly [field: string]: unknown
}

/** What a task of pictures may say besides its kind, by what is known now. */
export function picturesFields() {
  const told = ({ name, summary }: { name: string; summary: string }): string => `\`${name}\` (${summary})`
  return {
    dataset: oneOf(choiceSchemas([...datasets.values()]))
      .default('digits')
      .describe([...datasets.values()].map(({ name, summary }) => `\`${name}\` is ${summary}`).join('; ')),
    data: z.string().min(1).optional().describe('folder of the files of a data set that is read from files'),
    model: z
      .union([...choiceSchemas([...models.values()]), modelSchema])
      .default('mlp')
      .describe(`${[...models.values()].map(told).join(', ')}, or your own`),
    partition: partitionSchema().default({ kind: 'iid' }),
    recallOf: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe('a class, such as the digit 9: the measure `recall` is then of its test samples'),
    trainSamples: count(
      'training samples of all peers together; when left out, as many as the data set says',
    ).optional(),
    testSamples: count('test samples; when left out, as many as the data set says').optional(),
  }
}

/** Of one alternative, that alone: what is wrong is then told of it. */
function oneOf(schemas: readonly [z.ZodType, ...z.ZodType[]]): z.ZodType {
  return schemas.length === 1 ? schemas[0] : z.union(schemas)
}
