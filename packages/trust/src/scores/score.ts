/** What one user thinks of an item: a score, and how far the truth may be to the left and to the right of it. */
export interface Score {
  readonly score: number
  readonly left: number
  readonly right: number
}

/** By item. */
export type Scores = ReadonlyMap<number, Score>

/** Of items in ascending order, so that sums have one order on every machine. */
export function inOrder<T>(given: ReadonlyMap<number, T>): [item: number, value: T][] {
  return [...given].sort(([a], [b]) => a - b)
}
