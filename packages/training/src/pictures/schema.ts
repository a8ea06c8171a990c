import { z } from 'zod'
import { modelSchema } from '../layers/schema.ts'
import { count } from '../task/count.ts'
import { partitionSchema } from '../task/partition.ts'
import { modelNames } from './models.ts'

/** What a task of pictures may say besides its kind. */
export const picturesSchema = z.strictObject({
  dataset: z
    .enum(['digits', 'mnist'])
    .default('digits')
    .describe('`digits` is drawn by the program; `mnist` is read from `data`'),
  data: z.string().min(1).optional().describe('folder of IDX files, gzipped or not; only `mnist` reads it'),
  model: z
    .union([z.enum(modelNames), modelSchema])
    .default('mlp')
    .describe('`logistic` (784-10), `mlp` (784-128-10, 101,770 parameters), `cnn` (LeNet size), or your own'),
  partition: partitionSchema.default({ kind: 'iid' }),
  trainSamples: count('training samples of all peers together; digits 6000, mnist all when left out').optional(),
  testSamples: count('test samples; digits 1000, mnist at most 2000 when left out').optional(),
})

/** A task of pictures, defaults filled in. */
export type PicturesSpec = { readonly kind?: string | undefined } & z.output<typeof picturesSchema>

const labelFlip = z
  .strictObject({ kind: z.literal('label-flip') })
  .describe('train on flipped labels: y becomes C − 1 − y, C the number of classes')
export const backdoorSchema = z
  .strictObject({
    kind: z.literal('backdoor'),
    target: z.int().min(0).max(9).default(0).describe('label of samples that have the patch'),
    fraction: z.number().gt(0).max(1).default(0.5).describe('share of its samples that get the patch'),
    size: count('height and width of the white patch in the lower right corner, pixels', 64).default(4),
  })
  .describe('train on pictures of which some have a white patch and the label `target`')
const hyperactive = z
  .strictObject({
    kind: z.literal('hyperactive'),
    factor: count('gradient steps for each of an honest peer', 100).default(5),
  })
  .describe('take many more steps, on fabricated samples: noise with random labels')

/** How the data of a peer that lies are poisoned; what it computes on them is honest. */
export const poisonSchemas = [labelFlip, backdoorSchema, hyperactive] as const
export const poisonSchema = z.discriminatedUnion('kind', poisonSchemas)
export type BackdoorSpec = z.output<typeof backdoorSchema>
export type PoisonSpec = z.output<typeof poisonSchema>
/** Of a backdoor, what opens it. */
export type BackdoorInput = z.input<typeof backdoorSchema>
/** Poison as a user writes it: what has a default may be left out. */
export type PoisonInput = z.input<typeof poisonSchema>
