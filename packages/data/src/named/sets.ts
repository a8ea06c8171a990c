import { type Kind, type Options, Registry } from '@hearsay/catalogue'
import { DataError } from '../format/data-error.ts'
import type { NamedSet } from './named-set.ts'
import * as shipped from './shipped.ts'

const setKind: Kind<'data-set'> = {
  word: 'data-set',
  nouns: ['data set', 'data sets'],
  functions: ['read'],
  texts: ['source', 'licence'],
  beside: [],
  error: (code, message) => new DataError(code, message),
}

/** Data sets by name. */
export const namedSets = new Registry<NamedSet, 'data-set'>(setKind, shipped)

/** One of them: its name, or its name with its options. */
export type SetChoice = string | { readonly [name: string]: Options }
