import { namedStream } from '@hearsay/catalogue/random'
import { z } from 'zod'
import { badData } from '../format/data-error.ts'

export const testShare = 0.2

/** The field that says how much of the data is held back when there are no test data. */
export const testShareField = z
  .number()
  .gt(0)
  .lt(1)
  .optional()
  .describe(`the share of rows that is held back for tests, drawn by row number, when test is left out; ${testShare}`)

export interface Division {
  /** Numbers of rows, ascending. */
  readonly train: Int32Array
  readonly test: Int32Array
}

/**
 * Draws which rows are held back: a pure function of how many there are, each choice of that many rows equally likely (Knuth's
 * algorithm S). Throws DataError when a part would be empty.
 */
export function holdBack(count: number, share: number | undefined, place: string): Division {
  if (count < 2) throw badData(place, `${count} rows cannot be divided into training and test data; give more`)
  const held = Math.min(count - 1, Math.max(1, Math.round(count * (share ?? testShare))))
  const random = namedStream('data', 'held back')
  const train = new Int32Array(count - held)
  const test = new Int32Array(held)
  let taken = 0
  for (let row = 0; row < count; row++) {
    if (random.uniform() * (count - row) < held - taken) test[taken++] = row
    else train[row - taken] = row
  }
  return { train, test }
}

/** A mark for each row: 1 for those of the test data. */
export function marksOf({ train, test }: Division): Uint8Array {
  const marks = new Uint8Array(train.length + test.length)
  for (const row of test) marks[row] = 1
  return marks
}
