import { resilientDeviation, resilientMean, resilientMedian, type Voter } from './resilient.ts'
import { type Scaling, scaled } from './scaled.ts'
import { inOrder, type Score, type Scores } from './score.ts'

export interface Rater {
  /** From 0 to 1. */
  readonly trust: number
  readonly scores: Scores
  /** Items that it rates in private, and that count half. */
  readonly private?: ReadonlySet<number>
}

export interface MehestanOptions {
  /** L: how far a scaler of trust 1 moves a scaled score, about. */
  readonly resilience?: number
  /** The least trusted activity of a scaler. */
  readonly leastActivity?: number
  readonly mostScalers?: number
}

/** Of what one user says to another's scaling; it is combined by trust afterwards. */
const resilienceOfPairs = 10
/** Of two users who share more pairs of items, so many are taken. */
const mostPairs = 1000
const ofPrivate = 0.5

/**
 * Mehestan: users mean different things by the same numbers, so each is scaled, score ↦ s · score + τ, to what trusted and active
 * users, the scalers, make of the items that both have scored.
 *
 * Scalers: of those whose trust times the number of items whose sign is sure is `leastActivity` or more, the `mostScalers` first.
 * The multiplier of u: for each scaler v, over pairs of items whose order both are sure of (they differ by twice their uncertainty
 * or more), the median of |Δ_v / Δ_u|; then of these, by the trust of v, the median with the prior 1 and the resilience
 * L / (8 ‖θ_u‖₄). The translation: for each v the median of s_v θ_v − s_u θ_u over the items of both; then by trust their
 * resilient mean, with the prior 0 and the resilience L / 8. Scalers are scaled by each other, and then the others by them.
 *
 * Source: Allouah, Guerraoui, Hoang, Villemaud: Robust Sparse Voting, AISTATS 2024; Mehestan of solidago, in
 * tournesol-app/tournesol, whose arithmetic this is, uncertainties included. Where users share very many items it draws pairs
 * at random; here they are evenly spread, so that all compute the same.
 *
 * Guarantee: by `resilientMedian` and `resilientMean` a scaler of trust t moves s_u by at most t L / (8 ‖θ_u‖₄), and so s_u θ by
 * about t L / 8, and τ_u by t L / 8 besides what s does to it. Users without trust are no scalers.
 *
 * @returns the scalings, one a rater; 1 and 0, with nothing off, where nobody is a scaler
 */
export function mehestan(raters: readonly Rater[], options: MehestanOptions = {}): Scaling[] {
  const { resilience = 0.1, leastActivity = 10, mostScalers = 100 } = options
  const scalers = scalersOf(raters, leastActivity, mostScalers)
  if (scalers.length === 0) return raters.map(() => unscaled)
  const isScaler = new Set(scalers)
  const others = [...raters.keys()].filter((user) => !isScaler.has(user))
  const scalings = new Map<number, Scaling>()
  const first = scalingsOf(
    raters,
    scalers,
    scalers.map((v) => ({ user: v, ...raters[v]! })),
    true,
    resilience,
  )
  for (const [user, scaling] of first) scalings.set(user, scaling)
  const examples = scalers.map((v) => ({ user: v, ...raters[v]!, scores: scaled(raters[v]!.scores, scalings.get(v)!) }))
  for (const [user, scaling] of scalingsOf(raters, others, examples, false, resilience)) scalings.set(user, scaling)
  return raters.map((_, user) => scalings.get(user)!)
}

const unscaled: Scaling = { multiplier: 1, translation: 0, multiplierOff: 0, translationOff: 0 }

interface Example extends Rater {
  readonly user: number
}

function scalersOf(raters: readonly Rater[], least: number, most: number): number[] {
  const activity = raters.map((rater) => {
    let sum = 0
    for (const [item, { score, left, right }] of inOrder(rater.scores))
      if (score > left || score < -right) sum += weightOf(rater, item)
    return Math.max(0, rater.trust) * sum
  })
  const active = [...raters.keys()].filter((user) => activity[user]! >= least && activity[user]! > 0)
  return active
    .sort((a, b) => activity[b]! - activity[a]! || a - b)
    .slice(0, most)
    .sort((a, b) => a - b)
}

function weightOf(rater: Rater, item: number): number {
  return rater.private?.has(item) ? ofPrivate : 1
}

/** Of these users, by these examples: `among` whether examples are scaled here too. */
function scalingsOf(
  raters: readonly Rater[],
  users: readonly number[],
  examples: readonly Example[],
  among: boolean,
  resilience: number,
): Map<number, Scaling> {
  const multipliers = new Map(
    users.map((user) => [user, multiplierOf(raters[user]!, user, examples, resilience)] as const),
  )
  return new Map(
    users.map((user) => {
      const own = multipliers.get(user)!
      const translation = translationOf(raters[user]!, user, examples, resilience, own, (v) =>
        among ? multipliers.get(v)! : [1, 0],
      )
      const [multiplier, multiplierOff] = own
      return [user, { multiplier, multiplierOff, translation: translation[0], translationOff: translation[1] }]
    }),
  )
}

/** A value and how far off it may be. */
type Estimate = readonly [value: number, off: number]

/** What one user's items say, in one voter of the weight of its trust. */
function voterOf(trust: number, voters: readonly Voter[]): Voter {
  const value = resilientMedian(voters, { resilience: resilienceOfPairs })
  const left = resilientDeviation(voters, { resilience: resilienceOfPairs, centre: value })
  return { value, weight: trust, left }
}

function multiplierOf(rater: Rater, user: number, examples: readonly Example[], resilience: number): Estimate {
  const voters = examples.flatMap((example) => {
    if (example.user === user) return voterOf(example.trust, [{ value: 1, weight: 1 }])
    const ratios = ratiosOf(rater, example)
    return ratios.length === 0 ? [] : voterOf(example.trust, ratios)
  })
  const of = resilience / (8 * (1e-9 + normOf(rater)))
  const value = resilientMedian(voters, { resilience: of, otherwise: 1 })
  return [value, resilientDeviation(voters, { resilience: of, otherwise: 0.8, centre: value })]
}

/** (Σ π θ⁴ / Σ π)^¼ */
function normOf(rater: Rater): number {
  let [sum, weights] = [0, 0]
  for (const [item, { score }] of inOrder(rater.scores)) {
    const weight = weightOf(rater, item)
    weights += weight
    sum += weight * score * score * score * score
  }
  return weights === 0 ? 1 : Math.sqrt(Math.sqrt(sum / weights))
}

function ratiosOf(rater: Rater, example: Rater): Voter[] {
  const items = sharedBy(rater, example)
  const pairs = (items.length * (items.length - 1)) / 2
  const step = items.length <= 100 ? 1 : Math.max(1, pairs / mostPairs)
  const ratios: Voter[] = []
  for (let at = 0; Math.floor(at) < pairs; at += step) {
    const [e, f] = pairAt(Math.floor(at), items)
    const own = differenceOf(rater.scores.get(e)!, rater.scores.get(f)!)
    const theirs = differenceOf(example.scores.get(e)!, example.scores.get(f)!)
    if (own === undefined || theirs === undefined) continue
    const value = theirs.by / own.by
    ratios.push({
      value,
      weight: weightOf(rater, f) * weightOf(example, f),
      left: value - Math.abs((theirs.by - theirs.left) / (own.by + own.right)),
      right: Math.abs((theirs.by + theirs.right) / (own.by - own.left)) - value,
    })
  }
  return ratios
}

function sharedBy(rater: Rater, example: Rater): number[] {
  return [...rater.scores.keys()].filter((item) => example.scores.has(item)).sort((a, b) => a - b)
}

/** Of all pairs, the later item first: (1, 0), (2, 0), (2, 1), … */
function pairAt(index: number, items: readonly number[]): [number, number] {
  let later = Math.floor((1 + Math.sqrt(8 * index + 1)) / 2)
  while ((later * (later - 1)) / 2 > index) later--
  return [items[later]!, items[index - (later * (later - 1)) / 2]!]
}

/** How much more the one is that is surely more. */
function differenceOf(a: Score, b: Score): { by: number; left: number; right: number } | undefined {
  if (a.score - b.score >= 2 * a.left + 2 * b.right)
    return { by: a.score - b.score, left: a.left + b.right, right: a.right + b.left }
  if (b.score - a.score >= 2 * b.left + 2 * a.right)
    return { by: b.score - a.score, left: b.left + a.right, right: b.right + a.left }
  return undefined
}

function translationOf(
  rater: Rater,
  user: number,
  examples: readonly Example[],
  resilience: number,
  [own, ownOff]: Estimate,
  multiplierOf: (example: number) => Estimate,
): Estimate {
  const voters = examples.map((example): Voter => {
    if (example.user === user) return voterOf(example.trust, [{ value: 0, weight: 1 }])
    const [their, theirOff] = multiplierOf(example.user)
    const differences = sharedBy(rater, example).map((item): Voter => {
      const [mine, theirs] = [rater.scores.get(item)!, example.scores.get(item)!]
      const off = ownOff * Math.abs(mine.score) + theirOff * Math.abs(theirs.score)
      return {
        value: their * theirs.score - own * mine.score,
        weight: weightOf(rater, item) * weightOf(example, item),
        left: own * mine.left + their * theirs.left + off,
        right: own * mine.right + their * theirs.right + off,
      }
    })
    return voterOf(example.trust, differences)
  })
  const of = { resilience: resilience / 8 }
  return [resilientMean(voters, of), resilientDeviation(voters, of)]
}
