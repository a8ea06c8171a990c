import { type Measure, worstOf, worstValue } from '@hearsay/training/schema'
import type { Spread } from './summary.ts'

/** Of honest models, the one that one wishes for least. */
export function worstIn({ least, greatest }: Spread, measure: Measure): number {
  return worstOf(measure, [least ?? worstValue(measure), greatest ?? worstValue(measure)])
}

/** Of honest models, at least one unless there is nothing to measure; a number that is not finite is null. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
  return {
    least: finite(Math.min(...values)),
    median: finite(median(values)),
    greatest: finite(Math.max(...values)),
  }
}

/** The middle value, or the mean of the middle two; of at least one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
