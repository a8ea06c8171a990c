/** Overtrust that is allowed on every item, whoever rates it, and for each unit of trust of its raters. */
export interface Overtrust {
  readonly least?: number
  readonly scale?: number
}

/**
 * AffineOvertrust, of Tournesol's Solidago: how much each rater of one item may say. Who is trusted has its trust; who is not has
 * a little too, as much as keeps what the untrusted have in excess of their trust within a budget that grows with the trust of
 * all raters. With trust t_u and privacy weight π_u (1 for a public rating, less for a private one):
 *
 *     A = least + scale · Σ π_u t_u;   m = the greatest number up to 1 with Σ over t_u < m of π_u (m − t_u) ≤ A;
 *     the right of u = π_u · max(t_u, m)
 *
 * Source: AffineOvertrust of solidago, in tournesol-app/tournesol.
 *
 * Guarantee: rights exceed π t by at most A together, however many raters nobody trusts: with j of them, and only them below m,
 * each has A/j. The sum over t_u < m grows in m without jumps, and is linear between two values of t, so that one pass over the
 * raters by ascending trust finds m, exactly but for rounding.
 *
 * Example: 1 trusted (1) and 100 not (0): A = 2.1, m = 0.021.
 *
 * @param trust of each rater, from 0 to 1
 * @param privacy of each rater, above 0 to 1; 1 each when left out
 */
export function votingRights(
  trust: readonly number[],
  privacy: readonly number[] = trust.map(() => 1),
  { least = 2, scale = 0.1 }: Overtrust = {},
): number[] {
  if (trust.length !== privacy.length) throw new RangeError('as many privacy weights as raters are needed')
  if (!trust.every((each) => each >= 0 && each <= 1) || !privacy.every((each) => each > 0 && each <= 1))
    throw new RangeError('trust is from 0 to 1, and privacy above 0 to 1')
  let total = 0
  for (const [rater, weight] of privacy.entries()) total += weight * trust[rater]!
  const right = leastRight(trust, privacy, least + scale * total)
  return trust.map((each, rater) => privacy[rater]! * Math.max(each, right))
}

function leastRight(trust: readonly number[], privacy: readonly number[], allowed: number): number {
  const ascending = trust.map((_, rater) => rater).sort((a, b) => trust[a]! - trust[b]! || a - b)
  // Of those below m, so far: their privacy weights, and the same times their trust.
  let below = 0
  let spent = 0
  for (const [position, rater] of ascending.entries()) {
    below += privacy[rater]!
    spent += privacy[rater]! * trust[rater]!
    const next = ascending[position + 1]
    const end = next === undefined ? 1 : trust[next]!
    // Up to the trust of the next: Σ = below · m − spent.
    if (below * end - spent > allowed) return (allowed + spent) / below
  }
  return 1
}
