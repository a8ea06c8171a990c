import { type Kind, type Options, Registry } from '@hearsay/catalogue'
import { TrainingError } from '../task/training-error.ts'
import type { Loss } from './loss.ts'
import * as shipped from './shipped.ts'

const TARGETS = ['classes', 'numbers', 'flags']

const LOSS: Kind<'loss'> = {
  word: 'loss',
  nouns: ['loss', 'losses'],
  functions: ['of'],
  texts: ['targets'],
  beside: [],
  fault: ({ targets }) => (TARGETS.includes(targets as string) ? undefined : `targets must be ${TARGETS.join(' or ')}`),
  error: (code, message) => new TrainingError(code, message),
}

/** All losses by name. */
export const losses = new Registry<Loss, 'loss'>(LOSS, shipped)

/** One of them: its name, or its name with its options. */
export type LossChoice = string | { readonly [name: string]: Options }
