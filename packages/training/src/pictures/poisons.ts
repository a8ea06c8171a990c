import { type Kind, Registry } from '@hearsay/catalogue'
import * as ofRatings from '../ratings/poisons/shipped.ts'
import type { Poison } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import * as shipped from './poisons/shipped.ts'

const poisonKind: Kind<'poison'> = {
  word: 'poison',
  nouns: ['poison', 'poisons'],
  reserved: ['none'],
  functions: [],
  texts: ['task', 'deed'],
  beside: ['kind', 'behaviour', 'count'],
  fault: (given) => {
    const needed = { pictures: 'poisoned', samples: 'poisonedSamples', ratings: 'accounts' }
    const missing = Object.entries(needed).find(
      ([task, field]) => isPoisonOf(given as unknown as Poison, task) && typeof given[field] !== 'function',
    )
    return missing && `${missing[1]} must be a function`
  },
  error: (code, message) => new TrainingError(code, message),
}

/** Whether it poisons data of this task. */
export function isPoisonOf({ task, alsoOf = [] }: Poison, name: string): boolean {
  return task === name || alsoOf.includes(name)
}

/** All poisons by name: those of pictures and ratings, and those that users add to them or to tasks of their own. */
export const poisons = new Registry<Poison, 'poison'>(poisonKind, { ...shipped, ...ofRatings })
