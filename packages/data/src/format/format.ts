import type { Member } from '@hearsay/catalogue'
import type { z } from 'zod'
import type { DataError } from './data-error.ts'
import type { Ratings } from './ratings.ts'
import type { Samples } from './samples.ts'

/** What stands under `data`, defaults filled in: `kind` names the format. */
export type DataSpec = { readonly kind: string; readonly [field: string]: unknown }

export interface DataContext {
  /** The folder that relative paths stand against. */
  readonly base: string
  /** Awaited now and then. */
  readonly turn?: () => Promise<void>
  /** Reading ends with its reason. */
  readonly signal?: AbortSignal
  /** Who is told all that is found, as `hearsay data check` does; without it the first fault is thrown. */
  readonly teller?: Teller
}

export interface Teller {
  /** What is wrong with one row, file or label, which is left out. */
  fault(error: DataError): void
  /** What is as it may be, and worth knowing. */
  note(text: string): void
  /** What a specification would have to say so that other files are understood in the same way. */
  understood?(fields: Readonly<Record<string, unknown>>): void
}

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
}
