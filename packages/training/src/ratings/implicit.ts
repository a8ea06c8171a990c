import { stream } from '../task/random.ts'
import type { Feedback } from './feedback.ts'
import type { Profile } from './profile.ts'
import type { RatingsSpec } from './schema.ts'

// How a user's vector is worked out: so many times over what it likes, by steps of this size, held to zero so much.
const passes = 5
const step = 0.05
const hold = 0.01

/**
 * Likes, by BPR (Rendle et al. 2009): for each event an item is drawn that the user does not like, and
 * −log σ(p · (v_liked − v_other)) falls. The user's vector begins at zero and takes a few such steps against items that are drawn
 * by its name, each liked item once; then the items take theirs, each event one. Each item that a user speaks about is held to zero by it
 * once, however many events it has.
 */
export function implicit({ factors, regularisation }: RatingsSpec, items: number): Feedback {
  /** How much the one is behind: σ(−p · (v_liked − v_other)). */
  const pullOf = (model: Float32Array, user: Float64Array, liked: number, other: number): number => {
    let ahead = 0
    for (let at = 0; at < factors; at++) ahead += user[at]! * (model[liked + at]! - model[other + at]!)
    return 1 / (1 + Math.exp(ahead))
  }
  const drawOthers = ({ name, items: liked }: Profile): Int32Array =>
    Int32Array.from({ length: passes * liked.length }, others(liked, items, stream('vector', name)))
  // Those that the vector of a user is worked out against, the same ones for every model.
  const known = new WeakMap<Profile, Int32Array>()
  const against = (profile: Profile): Int32Array => {
    const drawn = known.get(profile) ?? drawOthers(profile)
    known.set(profile, drawn)
    return drawn
  }
  return {
    width: factors,
    users: (model) => (profile) => {
      const user = new Float64Array(factors)
      const drawn = against(profile)
      let draw = 0
      for (let pass = 0; pass < passes; pass++)
        for (const item of profile.items) {
          const [liked, other] = [item * factors, drawn[draw++]! * factors]
          const pull = pullOf(model, user, liked, other)
          for (let at = 0; at < factors; at++)
            user[at]! += step * (pull * (model[liked + at]! - model[other + at]!) - hold * user[at]!)
        }
      return user
    },
    score(model, user, item) {
      let sum = 0
      for (let at = 0; at < factors; at++) sum += user[at]! * model[item * factors + at]!
      return sum
    },
    gradient(model, profile, user, sums, random) {
      const otherOf = others(profile.items, items, random)
      const { values } = sums
      let loss = 0
      for (const [each, item] of profile.items.entries())
        for (let event = 0; event < profile.counts[each]!; event++) {
          const [liked, other] = [sums.at(item), sums.at(otherOf())]
          const pull = pullOf(model, user, liked, other)
          for (let at = 0; at < factors; at++) {
            values[liked + at]! -= profile.weight * pull * user[at]!
            values[other + at]! += profile.weight * pull * user[at]!
          }
          loss -= profile.weight * Math.log1p(-pull)
        }
      sums.hold(model, profile.weight * regularisation)
      return loss
    },
  }
}

/** Draws items that are not liked; any where all are. */
function others(liked: Int32Array, items: number, random: { below(bound: number): number }): () => number {
  const likes = new Set(liked.length < items ? liked : [])
  return () => {
    let other = random.below(items)
    while (likes.has(other)) other = random.below(items)
    return other
  }
}
