import { z } from 'zod'
import { modelSchema } from './layers.ts'
import { readingSchema } from './reading.ts'

/** A model of TensorFlow.js, without its numbers. */
const topologySchema = z.object({
  /** What `toJSON` of a LayersModel gives. */
  model: z.record(z.string(), z.unknown()),
  /** Of each tensor, in the order of the parameters, the name by which TensorFlow.js loads it. */
  weights: z.array(z.string()),
})
export type Topology = z.output<typeof topologySchema>

/** What other programs need to be told of a model, besides its tensors: its layers in one of two ways, and how it is used. */
export const architectureSchema = z.object({
  /** Of a model that is a list of layers. */
  layers: modelSchema.optional(),
  /** Of a model of TensorFlow.js. */
  topology: topologySchema.optional(),
  /** How it is used on new data. */
  reading: readingSchema.optional(),
})
export type Architecture = z.output<typeof architectureSchema>
