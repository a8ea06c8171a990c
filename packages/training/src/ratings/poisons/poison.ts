import type { Options } from '@hearsay/catalogue'
import type { RandomStream } from '@hearsay/catalogue/random'
import type { Poison } from '../../task/task.ts'

/** What the accounts of a liar did: events in any order, of which several may be on one item. */
export interface Account {
  readonly items: readonly number[]
  /** One for each event. */
  readonly ratings: readonly number[]
}

/** What anybody can know of the ratings of others: which items are popular, and how they are rated. */
export interface Crowd {
  readonly feedback: 'implicit' | 'explicit'
  /** All items, the one with most events first. */
  readonly popular: Int32Array
  /** Mean rating of each item; that of all where nobody rated it. */
  readonly means: Float64Array
  readonly mean: number
  readonly deviation: number
  readonly least: number
  readonly greatest: number
  /** What the attack is about. */
  readonly targets: readonly number[]
  /** All other items, those first that users of a target have most in common. */
  segment(): Int32Array
}

/** An attack by behaviour: a liar hosts accounts beside its users, and computes honestly on what they do. */
export interface RatingsPoison<Name extends string = string> extends Poison<Name> {
  /** A pure function of its arguments. */
  accounts(options: Options, crowd: Crowd, random: RandomStream): readonly Account[]
}
