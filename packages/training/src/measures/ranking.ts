import type { Measure } from '../task/measure.ts'

/** What a model thinks of the items that one user may be shown, and which of them are of use to that user. */
export interface Ranking {
  /** The higher, the sooner it is shown. */
  readonly scores: ArrayLike<number>
  /** Indices of items, each once. */
  readonly relevant: ArrayLike<number>
}

/** A measure of how soon users are shown what is of use to them. */
export interface RankingMeasure extends Measure {
  /** The mean over rankings that have something relevant; null without any. */
  of(rankings: readonly Ranking[]): number | null
}

/** The places of what is relevant, from 1; of equal scores what is not relevant comes first, so that saying one score of all earns nothing. */
export function placesOf({ scores, relevant }: Ranking): number[] {
  const wanted = new Set(Array.from(relevant))
  const items = Array.from({ length: scores.length }, (_, item) => item)
  items.sort((a, b) => scores[b]! - scores[a]! || Number(wanted.has(a)) - Number(wanted.has(b)))
  return items.flatMap((item, at) => (wanted.has(item) ? [at + 1] : []))
}
