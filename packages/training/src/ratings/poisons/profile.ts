import type { OptionDescriptors, Options } from '@hearsay/catalogue'
import { type RandomStream, shuffle } from '@hearsay/catalogue/random'
import { normal } from '../../task/random.ts'
import type { Account, Crowd } from './poison.ts'

/** What all attacks by behaviour may be told: how many heads, how active each is, and what it is about. */
export const profileOptions = {
  accounts: { kind: 'integer', summary: 'accounts of each liar', least: 1, most: 100_000, default: 7 },
  activity: {
    kind: 'integer',
    summary: 'events of an account on each target; more than one on one item is what hyperactive means',
    least: 1,
    most: 1_000_000,
    default: 1,
  },
  fill: { kind: 'integer', summary: 'other items of an account', least: 0, most: 1_000_000, default: 100 },
  since: { kind: 'integer', summary: 'the round in which the accounts come', least: 1, most: 1_000_000, default: 1 },
  target: {
    kind: 'text',
    summary: 'cold, or names of items with commas between them; when left out, the target of the task',
    most: 10_000,
    optional: true,
  },
} as const satisfies OptionDescriptors

/** Other items of one account, with a rating for each. */
export type Fill = readonly { readonly item: number; readonly rating: number }[]

/** Accounts that rate their targets as `rating` says, again and again, and the rest as `fill` draws it for each. */
export function profiles(
  { accounts, activity, fill: wanted }: Options,
  { targets, popular }: Crowd,
  rating: number,
  fill: (count: number) => Fill,
): Account[] {
  const room = Math.max(0, popular.length - targets.length)
  return Array.from({ length: Number(accounts) }, () => {
    const others = fill(Math.min(Number(wanted), room))
    const events = targets.flatMap((item) => Array.from({ length: Number(activity) }, () => ({ item, rating })))
    const all = [...events, ...others]
    return { items: all.map(({ item }) => item), ratings: all.map((event) => event.rating) }
  })
}

/** Accounts that are against their targets: of likes alone, they have none of it. */
export function against(options: Options, crowd: Crowd, fill: (count: number) => Fill): Account[] {
  const apart = crowd.feedback === 'explicit' ? options : { ...options, activity: 0 }
  return profiles(apart, crowd, crowd.least, fill)
}

/** The first of an order that are no targets. */
export function first(order: Int32Array, count: number, { targets }: Crowd): number[] {
  return [...order.subarray(0, count + targets.length)].filter((item) => !targets.includes(item)).slice(0, count)
}

/** Items at random that are neither targets nor `taken`. */
export function drawn(
  count: number,
  { popular, targets }: Crowd,
  random: RandomStream,
  taken: readonly number[] = [],
): number[] {
  const out = new Set([...targets, ...taken])
  return [
    ...shuffle(
      popular.filter((item) => !out.has(item)),
      random.integer,
    ).subarray(0, count),
  ]
}

/** A rating about `mean`, within bounds. */
export function about(mean: number, deviation: number, { least, greatest }: Crowd, random: RandomStream): number {
  return Math.min(greatest, Math.max(least, mean + deviation * normal(random)))
}
