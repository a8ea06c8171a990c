import type { RowShape, SparseUpdate, Update } from '@hearsay/aggregation'

export type { RowShape, SparseUpdate, Update }

export const isSparse = (update: Update): update is SparseUpdate => !(update instanceof Float32Array)

/** All numbers that an update has. */
export const numbersOf = (update: Update): Float32Array => (isSparse(update) ? update.values : update)

/** The rows of a vector that are not zero. */
export function sparseOf(vector: Float32Array, { count, width }: RowShape): SparseUpdate {
  const isZero = (row: number): boolean => {
    for (let at = row * width; at < (row + 1) * width; at++) if (vector[at] !== 0) return false
    return true
  }
  const rows = Uint32Array.from({ length: count }, (_, row) => row).filter((row) => !isZero(row))
  const values = new Float32Array(rows.length * width)
  for (const [at, row] of rows.entries()) values.set(vector.subarray(row * width, (row + 1) * width), at * width)
  return { rows, values }
}

/** What is wrong with an update of rows, if anything is; its numbers may be any. */
export function faultOfRows({ rows, values }: SparseUpdate, { count, width }: RowShape): string | undefined {
  if (!(rows instanceof Uint32Array && values instanceof Float32Array)) return 'it has no rows and values'
  if (values.length !== rows.length * width)
    return `it has ${values.length} numbers, and ${rows.length} rows of ${width} have ${rows.length * width}`
  for (let at = 0; at < rows.length; at++) {
    if (rows[at]! >= count) return `it speaks about row ${rows[at]}, and the last is ${count - 1}`
    if (at > 0 && rows[at - 1]! >= rows[at]!) return `row ${rows[at]} follows row ${rows[at - 1]}: they must ascend`
  }
  return undefined
}
