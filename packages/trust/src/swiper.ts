/** A share as a fraction of integers, between 0 and 1: [1, 3]. */
export type Share = readonly [over: number, under: number]

interface Demand {
  readonly shift: Share
  /** Tickets with which it is surely kept. */
  readonly bound: number
  /** Whether tickets keep it, when `most` gives the most tickets of a set lighter than a share, or no less. */
  kept(total: number, most: (share: Share) => number): boolean
}

/**
 * Swiper: few whole tickets for weights, so that a protocol that counts heads (a coin, a committee) can count tickets where liars
 * are bounded by weight. With weights w, which sum to W, a peer has ⌊s · w + shift⌋ tickets; T is how many there are. Sought is a
 * small s with which these keep the demand, and of the peers that get a ticket more between s − 1/max w and s only the first k:
 *
 * - restriction(α, β): w(S) < α · W ⇒ t(S) < β · T for all sets S; shift α, T ≤ ⌈α (1 − α) / (β − α) · n⌉
 * - qualification(α, β): w(S) > α · W ⇒ t(S) > β · T; it is restriction(1 − α, 1 − β) of those who are not in S
 * - separation(α, β): w(S) < α · W and w(S′) > β · W ⇒ t(S) < t(S′); shift (α + β) / 2, T ≤ (α + β) (1 − α) / (β − α) · n
 *
 * Source: the solver of DCL-TelecomParis/swiper, of which this takes each step, so that it finds the same tickets.
 *
 * Why it ends well: with s so that T reaches its bound the demand is kept, which is the bound's proof. From there three searches go
 * down: by the greedy bound of a knapsack, which is quick and may refuse what is good; by the knapsack itself; and over k. Each
 * keeps only what it has found good, and what comes out is checked once more. T is not always the least, since a demand may fail
 * with more tickets and hold with fewer.
 *
 * Example: weights 1 to 7, restriction(1/3, 1/2): 0, 0, 1, 1, 1, 1, 1.
 */
export function restriction(weights: readonly number[], lighter: Share, fewer: Share): number[] {
  const [a, b, c, d] = ordered(lighter, fewer)
  return search(weights, {
    shift: lighter,
    bound: Math.ceil((a * (b - a) * d * weights.length) / (b * (c * b - a * d))),
    kept: (total, most) => most(lighter) * d < c * total,
  })
}

export function qualification(weights: readonly number[], heavier: Share, more: Share): number[] {
  return restriction(weights, rest(heavier), rest(more))
}

export function separation(weights: readonly number[], lighter: Share, heavier: Share): number[] {
  const [a, b, c, d] = ordered(lighter, heavier)
  return search(weights, {
    shift: [a * d + c * b, 2 * b * d],
    bound: Math.floor(((a * d + c * b) * (b - a) * weights.length) / (b * (c * b - a * d))),
    kept: (total, most) => most(lighter) < total - most(rest(heavier)),
  })
}

const rest = ([over, under]: Share): Share => [under - over, under]

function ordered([a, b]: Share, [c, d]: Share): [number, number, number, number] {
  const fractions = [a, b, c, d].every((each) => Number.isSafeInteger(each) && each > 0 && each <= 1_000)
  if (fractions && a * d < c * b && c < d) return [a, b, c, d]
  throw new RangeError('the first share must be less than the second, both between 0 and 1, of integers up to 1000')
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

function search(weights: readonly number[], { shift: [over, under], bound, kept }: Demand): number[] {
  const whole = weights.every((weight) => Number.isSafeInteger(weight) && weight > 0 && weight <= 1_000_000)
  if (!whole || weights.length === 0 || weights.length > 1_000)
    throw new RangeError('weights are 1 to 1000 integers from 1 to 1000000')
  const good = (tickets: readonly number[], knapsack: typeof exactly): boolean =>
    kept(sumOf(tickets), (share) => knapsack(weights, tickets, capacityOf(weights, share)))
  // The values of s at which somebody gets a ticket; at s = (bound + n) / W there are more than `bound`.
  const values = weights.flatMap((weight) => {
    const most = Math.floor(((bound + weights.length) * weight) / sumOf(weights)) + 1
    return Array.from({ length: most }, (_, k) => ((k + 1) * under - over) / (weight * under))
  })
  const steps = Float64Array.from(values).sort()
  const countAt = (s: number): number => steps.findLastIndex((step) => step <= s) + 1
  const ticketsAt = (s: number): number[] =>
    weights.map((weight) => {
      let count = 0
      while (((count + 1) * under - over) / (weight * under) <= s) count++
      return count
    })
  const middle = (low: number, high: number): number => (low + high) / 2
  const narrow = (from: number, knapsack: typeof exactly, next: (low: number, high: number) => number): number => {
    let [low, high] = [0, from]
    while (low !== high) {
      const s = next(low, high)
      if (good(ticketsAt(s), knapsack)) high = steps[countAt(s) - 1]!
      else low = steps[countAt(s)]!
    }
    return high
  }
  const smallest = 1 / weights.reduce((a, b) => Math.max(a, b))
  const roughly = narrow(steps[bound - 1]!, atMost, middle)
  const s = narrow(roughly, exactly, downFrom(smallest, middle))
  return round(ticketsAt(s - smallest), ticketsAt(s), bound, (tickets) => good(tickets, exactly))
}

/** The middle, but at first nearer to the upper end, by steps that double. */
function downFrom(first: number, middle: (low: number, high: number) => number) {
  let step = first
  return (low: number, high: number): number => {
    if (2 * step >= high - low) return middle(low, high)
    step *= 2
    return high - step / 2
  }
}

/** Of those who have a ticket more in `high` than in `low` the first so many, as few as a search finds. */
function round(
  low: readonly number[],
  high: readonly number[],
  bound: number,
  good: (tickets: readonly number[]) => boolean,
): number[] {
  const border = low.flatMap((tickets, peer) => (tickets === high[peer] ? [] : [peer]))
  const first = (count: number): number[] => {
    const more = new Set(border.slice(0, count))
    return low.map((tickets, peer) => (more.has(peer) ? high[peer]! : tickets))
  }
  const middle = (from: number, to: number): number => Math.floor((from + to) / 2)
  let most = Math.min(border.length, bound - sumOf(low))
  for (const next of [middle, downFrom(1, middle)])
    for (let least = 0; most - least > 1; ) {
      const count = next(least, most)
      if (good(first(count))) most = count
      else least = count
    }
  const tickets = first(most)
  if (!good(tickets)) throw new Error('tickets that were found do not keep the demand: this is a bug')
  return tickets
}

/** The greatest weight below that share of all. */
function capacityOf(weights: readonly number[], [over, under]: Share): number {
  return Math.ceil((over * sumOf(weights)) / under) - 1
}

/** The most tickets of a set of so much weight: for each number of tickets the least weight with which a set has them. */
function exactly(weights: readonly number[], tickets: readonly number[], capacity: number): number {
  const total = sumOf(tickets)
  const lightest = new Float64Array(total + 1).fill(Number.POSITIVE_INFINITY)
  lightest[0] = 0
  for (const [peer, each] of tickets.entries())
    for (let count = total; each > 0 && count >= each; count--)
      lightest[count] = Math.min(lightest[count]!, lightest[count - each]! + weights[peer]!)
  return lightest.findLastIndex((weight) => weight <= capacity)
}

/** No less than that: those with the most tickets for their weight, and a part of the first who does not fit. */
function atMost(weights: readonly number[], tickets: readonly number[], capacity: number): number {
  const worth = (peer: number): number => tickets[peer]! / weights[peer]!
  let [left, sum] = [capacity, 0]
  for (const peer of [...weights.keys()].sort((a, b) => worth(b) - worth(a))) {
    if (left <= weights[peer]!) return sum + Math.floor(tickets[peer]! * (left / weights[peer]!))
    left -= weights[peer]!
    sum += tickets[peer]!
  }
  return sum
}
