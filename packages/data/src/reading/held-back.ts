import { namedStream, shuffle } from '@hearsay/catalogue/random'
import { z } from 'zod'
import { badData } from '../format/data-error.ts'

export const TEST_SHARE = 0.2

/** The field that says how much of the data is held back when there are no test data. */
export const testShareField = z
  .number()
  .gt(0)
  .lt(1)
  .optional()
  .describe(`the share of rows that is held back for tests, drawn by row number, when test is left out; ${TEST_SHARE}`)

export interface Division {
  /** Numbers of rows, ascending. */
  readonly train: Int32Array
  readonly test: Int32Array
}

/** Draws which rows are held back: a pure function of how many there are. Throws DataError when a part would be empty. */
export function holdBack(count: number, share: number | undefined, place: string): Division {
  if (count < 2) throw badData(place, `${count} rows cannot be divided into training and test data; give more`)
  const order = shuffle(
    Int32Array.from({ length: count }, (_, row) => row),
    namedStream('data', 'held back').integer,
  )
  const held = Math.min(count - 1, Math.max(1, Math.round(count * (share ?? TEST_SHARE))))
  return { train: order.slice(held).sort(), test: order.slice(0, held).sort() }
}

/** A mark for each row: 1 for those of the test data. */
export function marksOf({ train, test }: Division): Uint8Array {
  const marks = new Uint8Array(train.length + test.length)
  for (const row of test) marks[row] = 1
  return marks
}
