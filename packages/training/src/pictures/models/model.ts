import type { Member, Options } from '@hearsay/catalogue'
import type { ModelSpec } from '../../task/layers.ts'

/** What a model has to fit. */
export interface Fit {
  /** Of one input: [height, width, channels] for pictures. */
  readonly shape: readonly number[]
  /** How many numbers it gives: one for each class, usually. */
  readonly outputs: number
}

/** A model by name. */
export interface Model<Name extends string = string> extends Member<Name> {
  /** From input to logits; the same layers for the same options and data. */
  layers(options: Options, fit: Fit): Pick<ModelSpec, 'inputShape' | 'layers'>
}
