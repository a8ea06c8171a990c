// What attacks on items share: rows of a model, users as vectors that go with them, and a row that is sent.
import type { OptionDescriptors } from '@hearsay/catalogue'
import type { AttackContext, KnownItems } from './attack.ts'
import { moved, scaled } from './vectors.ts'

/** A row that is sent is no longer than the longest of the liar's own update, so many times. */
export const strengthOption = {
  strength: {
    kind: 'number',
    summary: 'a row that it sends is at most so many times as long as the longest row of its own update',
    above: 0,
    most: 1e6,
    default: 10,
  },
} as const satisfies OptionDescriptors

export function rowOf({ width }: KnownItems, vector: Float32Array, item: number): Float32Array {
  return vector.subarray(item * width, (item + 1) * width)
}

/** As long as a row: the factors given, and 1 for what is beyond them. */
export function userOf({ width, factors }: KnownItems, numbers: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: width }, (_, at) => (at < factors ? numbers[at]! : 1))
}

/** σ(−x): what is missing to certainty. */
export const missing = (score: number): number => 1 / (1 + Math.exp(score))

export function lengthOf(row: ArrayLike<number>): number {
  let square = 0
  for (let at = 0; at < row.length; at++) square += row[at]! * row[at]!
  return Math.sqrt(square)
}

/** Of its own update. */
export function longestRow({ own, items }: AttackContext): number {
  const { width } = items!
  let longest = 0
  for (let item = 0; item * width < own.length; item++) longest = Math.max(longest, lengthOf(rowOf(items!, own, item)))
  return longest
}

/** Its own update with these rows in place of its own, each scaled down to the length `limit` if it is longer. */
export function withRows(
  { own, items }: AttackContext,
  rows: Iterable<readonly [item: number, row: Float64Array]>,
  limit: number,
): Float32Array<ArrayBuffer> {
  const update = scaled(own, 1)
  for (const [item, row] of rows)
    update.set(moved(new Float64Array(row.length), shareOf(row, limit), row), item * items!.width)
  return update
}

/** By what a row is multiplied so as to be no longer than the limit. */
export function shareOf(row: Float64Array, limit: number): number {
  const length = lengthOf(row)
  return length > limit ? limit / length : 1
}

/** So long; a row of zeros has no direction, and stays. */
export function ofLength(row: Float64Array, wanted: number): Float64Array {
  const length = lengthOf(row)
  return length > 0 ? row.map((value) => (value / length) * wanted) : row
}
