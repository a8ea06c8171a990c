import { votingRights } from '../voting-rights.ts'
import { type Comparison, scoresOf } from './bradley-terry.ts'
import { type MehestanOptions, mehestan, type Rater } from './mehestan.ts'
import { resilientDeviation, resilientQuantile, type Voter } from './resilient.ts'
import { scaled } from './scaled.ts'
import { inOrder, type Score, type Scores } from './score.ts'

export interface Judge {
  /** From 0 to 1. */
  readonly trust: number
  readonly comparisons: readonly Comparison[]
  /** Items that it rates in private, and that count half. */
  readonly private?: ReadonlySet<number>
}

export interface CollectiveOptions extends MehestanOptions {
  /** Deviation of scores a priori. */
  readonly deviation?: number
  /** The part of all scores that is below 0 after scaling. */
  readonly zero?: number
  /** The quantile of users that an item's score is. */
  readonly quantile?: number
}

export interface Collective {
  /** Of each user, on the common scale. */
  readonly users: readonly Scores[]
  /** Of each item, how much each of its raters may say of it. */
  readonly rights: ReadonlyMap<number, ReadonlyMap<number, number>>
  /** Of each item that anybody rates, with how far off it is, alike to either side. */
  readonly items: ReadonlyMap<number, Score>
}

/** Of sums over all users and items, and over the users of an item. */
const resilience = 0.1
const unitQuantile = 0.9

/**
 * The pipeline of Solidago, from comparisons of items by users who are trusted more or less, to one score an item: scores of each user
 * (`scoresOf`), how much each may say on each item (`votingRights`), one scale for all (`mehestan`; then all scores are shifted so
 * that the quantile `zero` is 0, and divided by the quantile 0.9 of their deviations, where each user counts 1), and by item the
 * `quantile` of its users' scores, weighed by their rights. Trust comes from who vouches for whom (`trustOf`).
 *
 * Source: Hoang et al.: Solidago: A Modular Collaborative Scoring Pipeline, arXiv 2211.01179; solidago, in tournesol-app/tournesol.
 *
 * Guarantee: of an item, one who has the right w moves the score by at most 0.1 w by what it says of it, and all whom nobody trusts
 * together by no more than the overtrust of its raters allows. What they do to the scale is bounded by what each step says.
 */
export function collective(judges: readonly Judge[], options: CollectiveOptions = {}): Collective {
  const { deviation = 7 } = options
  return collectiveOfScores(
    judges.map(({ comparisons, ...same }) => ({ ...same, scores: scoresOf(comparisons, { deviation }) })),
    options,
  )
}

/** The same from scores that users have given, or that were learnt in another way. */
export function collectiveOfScores(raters: readonly Rater[], options: CollectiveOptions = {}): Collective {
  const { zero = 0.15, quantile = 0.2 } = options
  const rights = rightsOf(raters)
  const scalings = mehestan(raters, options)
  const users = standardised(
    raters.map(({ scores }, user) => scaled(scores, scalings[user]!)),
    zero,
  )
  return { users, rights, items: scoresOfItems(users, rights, quantile) }
}

/** By item, the rights of its raters. */
function rightsOf(raters: readonly Rater[]): Map<number, ReadonlyMap<number, number>> {
  const ratersOf = new Map<number, number[]>()
  for (const [user, { scores }] of raters.entries())
    for (const [item] of inOrder(scores)) ratersOf.set(item, [...(ratersOf.get(item) ?? []), user])
  return new Map(
    [...ratersOf].map(([item, users]) => {
      const trust = users.map((user) => raters[user]!.trust)
      const privacy = users.map((user) => (raters[user]!.private?.has(item) ? 0.5 : 1))
      const rights = votingRights(trust, privacy)
      return [item, new Map(users.map((user, at) => [user, rights[at]!]))]
    }),
  )
}

function standardised(users: readonly Scores[], zero: number): Scores[] {
  const shift = -resilientQuantile(votersOf(users), zero, { resilience })
  const shifted = users.map((scores) => scaled(scores, { ...same, translation: shift }))
  const unit = resilientDeviation(votersOf(shifted), { resilience, quantile: unitQuantile })
  return shifted.map((scores) => scaled(scores, { ...same, multiplier: 1 / unit }))
}

const same = { multiplier: 1, translation: 0, multiplierOff: 0, translationOff: 0 }

/** All scores of all users, each of whom weighs 1. */
function votersOf(users: readonly Scores[]): Voter[] {
  return users.flatMap((scores) =>
    inOrder(scores).map(([, { score, left, right }]) => ({ value: score, weight: 1 / scores.size, left, right })),
  )
}

/** The score of each item, by the rights of its users. */
function scoresOfItems(
  users: readonly Scores[],
  rights: ReadonlyMap<number, ReadonlyMap<number, number>>,
  quantile: number,
): Map<number, Score> {
  return new Map(
    inOrder(rights).map(([item, of]): [number, Score] => {
      const voters = inOrder(of).map(([user, weight]): Voter => {
        const { score, left, right } = users[user]!.get(item)!
        return { value: score, weight, left, right }
      })
      const off = resilientDeviation(voters, { resilience })
      return [item, { score: resilientQuantile(voters, quantile, { resilience }), left: off, right: off }]
    }),
  )
}
