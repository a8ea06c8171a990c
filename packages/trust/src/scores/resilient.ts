/**
 * Primitives of Solidago that no voter moves far: with the resilience L, one voter more or less, of weight w, moves each of them
 * by at most L w, whatever it says and however many others there are.
 *
 * `resilientQuantile` (QrQuantile) is the root m of
 *
 *     (m − otherwise) / L + Σ w_i c_i (m − x_i) / √(Δ_i² + (m − x_i)²) = 0
 *
 * with Δ_i the left uncertainty of x_i where m < x_i, else the right one, and c_i = min(1, q/(1−q)) for voters above m,
 * min(1, (1−q)/q) for those below. Why: each voter pulls with a force of at most w_i, so that a voter more changes the sum by w at
 * most, and the first term, whose slope is 1/L, takes that up within L w, since the sum never falls in m. So too the root is one,
 * and lies within L W of `otherwise`, where it stays without voters.
 *
 * `resilientMean` (BrMean): the mean of the values moved to within L W / 4 of their quantile ½ with L/4. Both the centre and the
 * radius change by L w / 4 at most, and the new voter has the part w / W of values no farther apart than L W / 2.
 *
 * `resilientDeviation` (QrDev): the quantile of the distances from the median; 0 or more.
 *
 * Source: solidago, in tournesol-app/tournesol (`primitives.py`); Allouah, Guerraoui, Hoang, Villemaud: Robust Sparse Voting,
 * AISTATS 2024. There L is called more resilient the larger it is; it is the other way round.
 *
 * Found by halving, to 2⁻⁴⁸ of what the root may be: +, −, ×, ÷ and square roots of float64, the same bits on every machine.
 */
export interface Voter {
  readonly value: number
  readonly weight: number
  /** Uncertainty; 0 when left out. */
  readonly left?: number
  /** As to the left when left out. */
  readonly right?: number
}

export interface Resilience {
  /** L. */
  readonly resilience: number
  /** What it is without voters; 0 when left out. */
  readonly otherwise?: number
}

const halvings = 48
/** Under the root, so that a voter without uncertainty pulls at its own value with 0. */
const leastSquare = 1e-18

/** The quantile q of weighted values, 0 < q < 1. */
export function resilientQuantile(
  voters: readonly Voter[],
  quantile: number,
  { resilience, otherwise = 0 }: Resilience,
): number {
  if (!(quantile > 0 && quantile < 1)) throw new RangeError('a quantile is between 0 and 1')
  const [above, below] = [Math.min(1, quantile / (1 - quantile)), Math.min(1, (1 - quantile) / quantile)]
  const pull = (m: number): number => {
    let sum = (m - otherwise) / resilience
    for (const { value, weight, left = 0, right = left } of voters) {
      const delta = m - value
      const uncertainty = delta < 0 ? left : delta > 0 ? right : 0
      const force = (weight * delta) / Math.sqrt(uncertainty * uncertainty + leastSquare + delta * delta)
      sum += force < 0 ? force * above : force * below
    }
    return sum
  }
  let total = 0
  for (const { weight } of voters) total += weight
  // No force is greater than all weights; where values end before, so do forces.
  let low = otherwise
  let high = otherwise
  for (const { value } of voters) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  low = Math.max(low, otherwise - resilience * total)
  high = Math.min(high, otherwise + resilience * total)
  for (let step = 0; step < halvings && low < high; step++) {
    const middle = low + (high - low) / 2
    if (pull(middle) < 0) low = middle
    else high = middle
  }
  return low + (high - low) / 2
}

export function resilientMedian(voters: readonly Voter[], resilience: Resilience): number {
  return resilientQuantile(voters, 0.5, resilience)
}

export function resilientMean(voters: readonly Voter[], { resilience, otherwise = 0 }: Resilience): number {
  let total = 0
  for (const { weight } of voters) total += weight
  if (total === 0) return otherwise
  const centre = resilientMedian(voters, { resilience: resilience / 4, otherwise })
  const radius = (total * resilience) / 4
  let sum = 0
  for (const { value, weight } of voters) sum += weight * Math.min(Math.max(value, centre - radius), centre + radius)
  return sum / total
}

/** `otherwise` is the deviation without voters; from `centre`, their median unless given. */
export function resilientDeviation(
  voters: readonly Voter[],
  {
    resilience,
    otherwise = 1,
    quantile = 0.5,
    centre,
  }: Resilience & { readonly quantile?: number; readonly centre?: number },
): number {
  const from = centre ?? resilientMedian(voters, { resilience })
  const deviations = voters.map(({ value, weight, left = 0, right = left }) => {
    const distance = Math.abs(value - from)
    // As solidago has it: nothing is nearer to the centre than the centre.
    const nearer = Math.min(value > from ? left : value < from ? right : 0, distance)
    return { value: distance, weight, left: nearer, right: value > from ? right : value < from ? nearer : 0 }
  })
  return Math.max(0, resilientQuantile(deviations, quantile, { resilience, otherwise }))
}
