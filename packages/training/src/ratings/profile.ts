import type { RatingsPart } from '@hearsay/data'
import type { Account } from './poisons/poison.ts'
import type { RatingsSpec } from './schema.ts'

/** What one user did, as far as it counts. */
export interface Profile {
  /** What its random streams are named after. */
  readonly name: string
  /** Different ones, the least first. */
  readonly items: Int32Array
  /** For each item the number of events that count. */
  readonly counts: Float64Array
  /** For each item the mean of its ratings. */
  readonly ratings: Float64Array
  /** What an event counts: less than 1 for a user that has more events than the cap. */
  readonly weight: number
}

/** The defences that a user's events pass first. */
export type Voice = Pick<RatingsSpec, 'once' | 'cap'>

/** Sums in the order of items, whatever the order of events: the same events give the same bits. */
export function profileOf(name: string, { items, ratings }: Account, { once, cap }: Voice): Profile {
  const sorted = items
    .map((item, event) => ({ item, rating: ratings[event]! }))
    .sort((a, b) => a.item - b.item || a.rating - b.rating)
  const merged: { item: number; count: number; sum: number }[] = []
  for (const { item, rating } of sorted) {
    const last = merged.at(-1)
    if (last?.item !== item) merged.push({ item, count: 1, sum: rating })
    else {
      last.count++
      last.sum += rating
    }
  }
  const counts = Float64Array.from(merged, ({ count }) => (once ? 1 : count))
  const activity = counts.reduce((sum, count) => sum + count, 0)
  return {
    name,
    items: Int32Array.from(merged, ({ item }) => item),
    counts,
    ratings: Float64Array.from(merged, ({ count, sum }) => sum / count),
    weight: cap === undefined ? 1 : Math.min(1, cap / activity),
  }
}

/** Those whose events a share holds, in the order of their indices, whatever the order of the share. */
export function profilesOf(train: RatingsPart, share: Int32Array, users: readonly string[], voice: Voice): Profile[] {
  const events = new Map<number, { items: number[]; ratings: number[] }>()
  for (const row of share.slice().sort()) {
    const user = train.user[row]!
    const own = events.get(user) ?? { items: [], ratings: [] }
    events.set(user, own)
    own.items.push(train.item[row]!)
    own.ratings.push(train.rating[row]!)
  }
  return [...events].sort(([a], [b]) => a - b).map(([user, own]) => profileOf(users[user]!, own, voice))
}
