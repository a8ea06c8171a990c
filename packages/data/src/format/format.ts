import type { Member } from '@hearsay/catalogue'
import type { z } from 'zod'
import type { DataContext, DataSpec } from './data-spec.ts'
import type { Inputs, InputsContext, Like } from './inputs.ts'
import type { Ratings } from './ratings.ts'
import type { Samples } from './samples.ts'

export type { DataContext, DataSpec, Teller } from './data-spec.ts'

/** A way in which data lie in files. The same files and specification give the same bits on every machine. */
export interface Format<Spec extends DataSpec = DataSpec, Name extends string = string> extends Member<Name> {
  gives(spec: Spec): 'samples' | 'ratings'
  /** What `data` has besides `kind` and its options. */
  fields?(): z.ZodRawShape
  /** What the fields of a format are to read this file or folder in place of what is given, as a peer reads its own. */
  at?(path: string, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>
  /** Throws DataError. */
  read(spec: Spec, context: DataContext): Promise<Samples | Ratings>
  /** The same with empty inputs, where that is had for less. */
  outline?(spec: Spec, context: DataContext): Promise<Samples>
  /** The inputs of a file or folder, labelled or not, that the model of such samples can be used on; undefined when it reads none such. */
  inputs?(path: string, like: Like, context: InputsContext): Promise<Inputs | undefined>
}
