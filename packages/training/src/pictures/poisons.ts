import { type Kind, Registry } from '@hearsay/catalogue'
import type { Poison } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import * as shipped from './poisons/shipped.ts'

const POISON: Kind<'poison'> = {
  word: 'poison',
  nouns: ['poison', 'poisons'],
  reserved: ['none'],
  functions: [],
  texts: ['task', 'deed'],
  beside: ['kind', 'behaviour', 'count'],
  fault: ({ task, poisoned }) =>
    task === 'pictures' && typeof poisoned !== 'function' ? 'poisoned must be a function' : undefined,
  error: (code, message) => new TrainingError(code, message),
}

/** All poisons by name: those of pictures, and those that users add to them or to tasks of their own. */
export const poisons = new Registry<Poison, 'poison'>(POISON, shipped)
