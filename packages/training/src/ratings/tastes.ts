import type { Ratings, RatingsPart } from '@hearsay/data'
import { z } from 'zod'
import { count } from '../task/count.ts'
import { stream } from '../task/random.ts'

export const tastesSchema = z.strictObject({
  users: count('users', 100_000).default(300),
  items: count('items', 100_000).default(800),
  tastes: count('clusters of taste, of items and of users', 1_000).default(8),
  median: count('events that half of the users have more than, about', 10_000).default(30),
})
export type TastesSpec = z.output<typeof tastesSchema>

/** Share of an item's draws that follow its user's taste. */
const faithful = 0.7
/** No user is more than so many times as active as the median. */
const mostActive = 30
const ratings = { least: 0.5, greatest: 5 }

/**
 * Ratings that are drawn. Items and users have a cluster of taste each. Popularity falls as 1 / (rank + 5) (Zipf), activity is
 * drawn from a Pareto distribution of exponent 2; a user draws most items from its cluster, by their popularity there. A rating is
 * 3.5, more for an item of the own taste, less for another, and noise. No function is used whose last bit differs between
 * machines: the same bits everywhere.
 */
export function drawTastes({ users, items, tastes, median }: TastesSpec): Ratings {
  const random = stream('tastes', users, items, tastes, median)
  const of = Array.from({ length: items }, () => random.integer(tastes))
  const weights = of.map((_, item) => 1 / (item + 5))
  const all = cumulated(
    of.map((_, item) => item),
    weights,
  )
  const clusters = Array.from({ length: tastes }, (_, taste) =>
    cumulated(
      [...of.keys()].filter((item) => of[item] === taste),
      weights,
    ),
  )
  const quality = of.map(() => bell(random) * 0.5)
  const events: { user: number; item: number; rating: number; time: number }[] = []
  for (let user = 0; user < users; user++) {
    const taste = random.integer(tastes)
    const strictness = bell(random) * 0.4
    const wanted = Math.min(mostActive, 1 / Math.sqrt((1 - random.uniform()) * 2)) * median
    const most = Math.min(Math.ceil(items / 2), Math.max(4, Math.round(wanted)))
    const seen = new Set<number>()
    // Popular items are drawn again and again; who cannot find new ones has seen enough.
    for (let draw = 0; draw < 20 * most && seen.size < most; draw++) {
      const from = random.uniform() < faithful && clusters[taste]!.items.length > 0 ? clusters[taste]! : all
      const item = pick(from, random.uniform())
      if (seen.has(item)) continue
      seen.add(item)
      const liked = of[item] === taste ? 0.4 : -0.4
      const exact = 3.5 + quality[item]! + strictness + liked + bell(random) * 0.7
      const rating = Math.min(ratings.greatest, Math.max(ratings.least, Math.round(2 * exact) / 2))
      events.push({ user, item, rating, time: seen.size })
    }
  }
  const held = events.map(() => random.uniform() < 0.1)
  return {
    users: Array.from({ length: users }, (_, user) => `user-${user}`),
    items: Array.from({ length: items }, (_, item) => `item-${item}`),
    train: partOf(events.filter((_, at) => !held[at])),
    test: partOf(events.filter((_, at) => held[at])),
  }
}

/** About normal with deviation 1: the sum of twelve uniform numbers less its mean. */
function bell(random: { uniform(): number }): number {
  let sum = -6
  for (let draw = 0; draw < 12; draw++) sum += random.uniform()
  return sum
}

interface Cumulated {
  readonly items: readonly number[]
  /** Sums of weights up to and with each. */
  readonly sums: Float64Array
}

function cumulated(items: readonly number[], weights: readonly number[]): Cumulated {
  let sum = 0
  const sums = Float64Array.from(items, (item) => {
    sum += weights[item]!
    return sum
  })
  return { items, sums }
}

/** The item at a share of all weights. */
function pick({ items, sums }: Cumulated, share: number): number {
  const wanted = share * sums.at(-1)!
  let [least, most] = [0, sums.length - 1]
  while (least < most) {
    const middle = (least + most) >> 1
    if (sums[middle]! > wanted) most = middle
    else least = middle + 1
  }
  return items[least]!
}

function partOf(
  events: readonly { readonly user: number; readonly item: number; readonly rating: number; readonly time: number }[],
): RatingsPart {
  return {
    user: Int32Array.from(events, ({ user }) => user),
    item: Int32Array.from(events, ({ item }) => item),
    rating: Float32Array.from(events, ({ rating }) => rating),
    time: Float64Array.from(events, ({ time }) => time),
  }
}
