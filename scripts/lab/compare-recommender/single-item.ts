import { aggregateVectors } from '@hearsay/aggregation'

/** What a rule says of one film that fifty rate honestly, and some rate five. */
export interface SingleItem {
  readonly rule: 'mean' | 'quadratic-median' | 'clipped-mean'
  /** So many fives. */
  readonly fives: number
  readonly ours: number
}

const prior = 3
/** How often each rating was given, from 0.5 in halves: mean 2.98. */
const honest = [0, 1, 3, 6, 9, 12, 11, 4, 3, 1]
const ratings = honest.flatMap((count, at) => Array<number>(count).fill(0.5 + at / 2))

/** Golden, to three digits: the mean, QrMed and BrMean with L = 0.1, of 1, 5, 10, 20 and 50 fives. */
export const singleItem = {
  within: 0.001,
  fives: [1, 5, 10, 20, 50],
  golden: {
    mean: [3.02, 3.164, 3.317, 3.557, 3.99],
    'quadratic-median': [3, 3, 3, 3.5, 4],
    'clipped-mean': [3.005, 3.107, 3.233, 3.549, 3.99],
  },
} as const

/** Each rating as what it is away from the prior, to which the rules are drawn. */
export function aggregateOf(rule: SingleItem['rule'], fives: number): number {
  const votes = [...ratings, ...Array<number>(fives).fill(5)].map((rating) => Float32Array.of(rating - prior))
  const options = rule === 'mean' ? {} : { resilience: 0.1 }
  return prior + aggregateVectors({ rule, tolerated: 0, ...options }, votes)[0]!
}
