import { type Kind, type Options, Registry } from '@hearsay/catalogue'
import { TrainingError } from '../task/training-error.ts'
import type { Loss } from './loss.ts'
import * as shipped from './shipped.ts'

const targetKinds = ['classes', 'numbers', 'flags']

const lossKind: Kind<'loss'> = {
  word: 'loss',
  nouns: ['loss', 'losses'],
  functions: ['of'],
  texts: ['targets'],
  beside: [],
  fault: ({ targets }) =>
    targetKinds.includes(targets as string) ? undefined : `targets must be ${targetKinds.join(' or ')}`,
  error: (code, message) => new TrainingError(code, message),
}

/** All losses by name. */
export const losses = new Registry<Loss, 'loss'>(lossKind, shipped)

/** One of them: its name, or its name with its options. */
export type LossChoice = string | { readonly [name: string]: Options }
