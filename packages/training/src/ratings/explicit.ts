import type { Feedback } from './feedback.ts'
import type { RatingsSpec } from './schema.ts'
import { addSquare, solve } from './solve.ts'

/**
 * Ratings: r̂ = μ + b_u + b_i + p_u · v_i (Koren, Bell, Volinsky 2009). The row of an item is v_i, then b_i; that of a user p_u, then
 * b_u, the ridge solution for what it rated, each item once. Items learn by the squared error, each event holding its row to zero as well.
 */
export function explicit({ factors, regularisation }: RatingsSpec, mean: number): Feedback {
  const width = factors + 1
  const score = (model: Float32Array, user: Float64Array, item: number): number => {
    const row = item * width
    let sum = mean + user[factors]! + model[row + factors]!
    for (let at = 0; at < factors; at++) sum += user[at]! * model[row + at]!
    return sum
  }
  return {
    width,
    score,
    users: (model) => (profile) => {
      const matrix = new Float64Array(width * width)
      const user = new Float64Array(width)
      const seen = new Float32Array(width)
      for (const [each, item] of profile.items.entries()) {
        seen.set(model.subarray(item * width, (item + 1) * width))
        const miss = profile.ratings[each]! - mean - seen[factors]!
        // The bias of a user goes with a 1 in place of that of the item.
        seen[factors] = 1
        addSquare(matrix, seen, 0, width, 1)
        for (let at = 0; at < width; at++) user[at]! += miss * seen[at]!
      }
      for (let at = 0; at < width; at++) matrix[at * width + at]! += regularisation * profile.items.length
      solve(matrix, user)
      return user
    },
    gradient(model, { items, counts, ratings, weight }, user, sums) {
      const { values } = sums
      let loss = 0
      for (const [each, item] of items.entries()) {
        const miss = score(model, user, item) - ratings[each]!
        const share = weight * counts[each]!
        const row = sums.at(item)
        for (let at = 0; at < factors; at++)
          values[row + at]! += share * (miss * user[at]! + regularisation * model[row + at]!)
        values[row + factors]! += share * (miss + regularisation * model[row + factors]!)
        loss += share * miss * miss
      }
      return loss
    },
  }
}
