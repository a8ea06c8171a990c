import type { Ratings, RatingsPart } from '@hearsay/data'
import { stream } from '../task/random.ts'
import { TrainingError } from '../task/training-error.ts'

/** Who rated what: what is learnt, and what is kept back to judge by. */
export interface RatingsData {
  readonly users: readonly string[]
  readonly items: readonly string[]
  /** In the order of users, and of the items of each. */
  readonly train: RatingsPart
  /** What the errors of foretold ratings are measured on; empty where nothing is foretold. */
  readonly test: RatingsPart
  /** For each user an item that is not in its training data and should be near the top; −1 without one. */
  readonly held: Int32Array
  /** Of the training ratings. */
  readonly mean: number
  readonly deviation: number
  readonly least: number
  readonly greatest: number
}

/**
 * Of likes, the latest of each user is held back (leave one out). Of ratings that are foretold, the test part is as it was read,
 * and the latest of each user in it should be near the top. Throws TrainingError `bad-data` when nothing is left.
 */
export function prepared({ users, items, train, test }: Ratings, feedback: 'implicit' | 'explicit'): RatingsData {
  const all = feedback === 'implicit' ? joined(train, test) : train
  const held = latest(feedback === 'implicit' ? all : test, users, feedback === 'implicit')
  const kept = rows(all).filter((row) => feedback === 'explicit' || held[all.user[row]!] !== all.item[row])
  if (kept.length === 0) throw new TrainingError('bad-data', 'no rating is left to learn from; take more ratings')
  const sorted = chosen(
    all,
    kept.sort(
      (a, b) => all.user[a]! - all.user[b]! || all.item[a]! - all.item[b]! || all.rating[a]! - all.rating[b]! || a - b,
    ),
  )
  const { rating } = sorted
  const mean = rating.reduce((sum, value) => sum + value, 0) / rating.length
  const square = rating.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rating.length
  const bounds = { least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY }
  for (const value of rating) {
    bounds.least = Math.min(bounds.least, value)
    bounds.greatest = Math.max(bounds.greatest, value)
  }
  const foretold = feedback === 'explicit' ? test : chosen(test, new Int32Array())
  return { users, items, train: sorted, test: foretold, held, mean, deviation: Math.sqrt(square), ...bounds }
}

const rows = ({ user }: RatingsPart): Int32Array => Int32Array.from(user, (_, row) => row)

function joined(a: RatingsPart, b: RatingsPart): RatingsPart {
  return {
    user: join(Int32Array, a.user, b.user),
    item: join(Int32Array, a.item, b.item),
    rating: join(Float32Array, a.rating, b.rating),
    time: join(Float64Array, a.time, b.time),
  }
}

function join<Numbers extends Int32Array | Float32Array | Float64Array>(
  kind: new (length: number) => Numbers,
  a: Numbers,
  b: Numbers,
): Numbers {
  const both = new kind(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function chosen(part: RatingsPart, order: Int32Array): RatingsPart {
  return {
    user: order.map((row) => part.user[row]!),
    item: order.map((row) => part.item[row]!),
    rating: Float32Array.from(order, (row) => part.rating[row]!),
    time: Float64Array.from(order, (row) => part.time[row]!),
  }
}

/** The latest item of each user; of those at one time one at random. A user of one event keeps it when `keepOne`. */
function latest(part: RatingsPart, users: readonly string[], keepOne: boolean): Int32Array {
  const events = users.map((): number[] => [])
  for (let row = 0; row < part.user.length; row++) events[part.user[row]!]!.push(row)
  return Int32Array.from(events, (own, user) => {
    if (own.length === 0 || (keepOne && new Set(own.map((row) => part.item[row])).size < 2)) return -1
    const last = own.reduce((most, row) => Math.max(most, part.time[row]!), Number.NEGATIVE_INFINITY)
    const least = own.filter((row) => part.time[row] === last).map((row) => part.item[row]!)
    return least.sort((a, b) => a - b)[stream('held back', users[user]!).integer(least.length)]!
  })
}
