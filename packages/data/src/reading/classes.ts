import { z } from 'zod'
import { badData } from '../format/data-error.ts'

/** Up to so many different whole numbers are taken for classes when nothing is said. */
export const fewNumbers = 50
const mostClasses = 100_000
const whole = /^-?\d+$/
const number = /^-?\d+(\.\d+)?$/

export const labelsField = z
  .enum(['classes', 'numbers', 'flags'])
  .optional()
  .describe(
    'what labels are: classes, numbers (regression) or flags (several, each 0 or 1); when left out, text is classes, and so are ' +
      `whole numbers of up to ${fewNumbers} values`,
  )

export const classesField = z
  .array(z.string())
  .min(2)
  .max(mostClasses)
  .refine((names) => new Set(names).size === names.length, 'a class is there twice')
  .optional()
  .describe('the classes in their order, needed when peers read files of their own; when left out, those found, sorted')

/** Classes by name, in the order of indices. */
export interface Classes {
  readonly names: readonly string[]
  readonly indices: ReadonlyMap<string, number>
}

export function isWhole(name: string): boolean {
  return whole.test(name)
}

/** Numbers by size, everything else by code units. */
export function sortedNames(names: Iterable<string>): string[] {
  const all = [...names]
  if (all.every((name) => number.test(name)))
    return all.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0))
  return all.sort()
}

/** What is given, or all that are found. Throws DataError when there is one class only. */
export function classesOf(found: Iterable<string>, given: readonly string[] | undefined, place: string): Classes {
  const names = given ?? sortedNames(new Set(found))
  if (names.length < 2) {
    const only = names.length === 0 ? 'there is no class' : `all labels are "${names[0]}"`
    throw badData(place, `${only}, where two classes or more can be told apart; add samples, or name all in classes`)
  }
  if (names.length > mostClasses)
    throw badData(place, `${names.length} different labels; at most ${mostClasses} can be classes: say labels: numbers`)
  return { names, indices: new Map(names.map((name, index) => [name, index])) }
}
