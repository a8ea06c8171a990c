import { z } from 'zod'
import { count } from './count.ts'

const activationSchema = z.enum(['none', 'relu', 'tanh']).default('none').describe('function applied to the outputs')
const paddingSchema = z
  .enum(['valid', 'same'])
  .default('valid')
  .describe('`valid` uses only whole windows, `same` pads with zeros to keep the size')

const layerKinds = [
  z
    .strictObject({
      kind: z.literal('dense'),
      units: count('outputs of the layer', 65_536),
      activation: activationSchema,
    })
    .describe('fully connected; a flat input is required (see `flatten`)'),
  z
    .strictObject({
      kind: z.literal('conv2d'),
      filters: count('output channels', 4_096),
      size: count('height and width of the kernel, pixels', 64),
      stride: count('step of the kernel, pixels', 64).default(1),
      padding: paddingSchema,
      activation: activationSchema,
    })
    .describe('two-dimensional convolution over [height, width, channels]'),
  z
    .strictObject({
      kind: z.literal('max-pool'),
      size: count('height and width of the window, pixels', 64),
      stride: count('step of the window, pixels; its size when left out', 64).optional(),
      padding: paddingSchema,
    })
    .describe('largest value of each window'),
  z.strictObject({ kind: z.literal('flatten') }).describe('[height, width, channels] to one row of numbers'),
] as const

const layerSchema = z.discriminatedUnion('kind', layerKinds)
export type LayerSpec = z.output<typeof layerSchema>

export const modelSchema = z
  .strictObject({
    name: z.string().min(1).max(64).describe('name in results'),
    inputShape: z
      .array(count('length of one side', 65_536))
      .min(1)
      .max(3)
      .describe('shape of one sample: [784], or [28, 28, 1] for convolutions'),
    layers: z.array(layerSchema).min(1).max(64).describe('from input to logits; the last has one output per class'),
  })
  .describe('a model of your own, as a list of layers')
export type ModelSpec = z.output<typeof modelSchema>
