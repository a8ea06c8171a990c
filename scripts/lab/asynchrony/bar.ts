/** Whether asynchronous agreement comes to what exact agreement that waits for all comes to, and in which part of the time. */
import { bestOf, type Course, type Point, reaches } from './course.ts'

export interface Reached {
  /** Undefined if it did not come to that accuracy. */
  readonly seconds: number | undefined
  /** Of the time that exact agreement took. */
  readonly share: number | undefined
}

export interface Timed {
  readonly seed: number
  /** What it had at best until then, and when it first had that: neither side is asked for more than once. */
  readonly exact: Point
  readonly each: Reached
  readonly ordered: Reached
}

/** After a fourth, half and all of so many rounds of exact agreement, of which every one is a point of its course. */
export function barOf(
  seed: number,
  rounds: number,
  exact: Pick<Course, 'points'>,
  others: { readonly each: Pick<Course, 'points'>; readonly ordered: Pick<Course, 'points'> },
): Timed[] {
  const counts = [...new Set([4, 2, 1].map((part) => Math.ceil(rounds / part)))]
  return counts.map((count) => {
    const best = bestOf(exact.points, count)
    const of = ({ points }: Pick<Course, 'points'>): Reached => {
      const seconds = reaches(points, best.accuracy)
      return { seconds, share: seconds === undefined ? undefined : seconds / best.seconds }
    }
    return { seed, exact: best, each: of(others.each), ordered: of(others.ordered) }
  })
}
