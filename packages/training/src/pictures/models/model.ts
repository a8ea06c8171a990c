import type { Member, Options } from '@hearsay/catalogue'
import type { ModelSpec } from '../../layers/schema.ts'

/** A model by name. */
export interface Model<Name extends string = string> extends Member<Name> {
  /** From input to logits; the same layers for the same options. */
  layers(options: Options): Pick<ModelSpec, 'inputShape' | 'layers'>
}
