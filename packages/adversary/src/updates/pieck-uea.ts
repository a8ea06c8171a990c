import type { Attack } from './attack.ts'
import { longestRow, missing, ofLength, rowOf, strengthOption, userOf, withRows } from './item-rows.ts'
import { miningOption, popularRows } from './popular-rows.ts'
import { inner } from './vectors.ts'

/**
 * PIECK-UEA, user embedding approximation (Zhang et al.: Preventing the Popular Item Embedding Based Attack in Federated
 * Recommendations, ICDE 2024). It looks on for some rounds which rows move most, which are those of popular items, and takes
 * these for users: each target's row v moves along Σ (1 − σ(p_j · v)) p_j, of the loss −log σ(p_j · v). The rest is its own honest
 * update. It knows nothing but the models of the rounds. The row is as long as the longest of its own update, times `strength`;
 * there it is the gradient, cut to a limit.
 *
 * Options: `popular`, how many; `mining`; `strength`.
 *
 * What it can do: users lie where the items lie that they like, so the target comes to be what most of them like.
 *
 * Requires a task that has items. Cost O(d).
 *
 * Example, `strength` 1: v = (0, 0), one popular item p = (0, 2), longest own row 3: the row is (0, 3).
 */
export const pieckUea: Attack<'pieck-uea'> = {
  name: 'pieck-uea',
  summary: 'move the target as users would that lie where the rows lie that moved most',
  deed: 'took popular items for users',
  options: {
    popular: {
      kind: 'integer',
      summary: 'items that it takes for popular, of all at most a tenth',
      least: 1,
      most: 100_000,
      default: 150,
    },
    ...miningOption,
    ...strengthOption,
  },
  paper: 'Zhang et al.: Preventing the Popular Item Embedding Based Attack in Federated Recommendations, ICDE 2024',
  ofItems: true,
  colludes: () => false,
  create: (options) => (context) => {
    const items = context.items!
    const most = Math.min(options.popular as number, Math.ceil(items.model.length / items.width / 10))
    const mined = popularRows(context, options)?.slice(0, most)
    if (mined === undefined) return withRows(context, [], 0)
    const limit = (options.strength as number) * longestRow(context)
    const users = mined.map((item) => userOf(items, rowOf(items, items.model, item)))
    const rows = items.targets.map((target): [number, Float64Array] => {
      const row = rowOf(items, items.model, target)
      const wanted = new Float64Array(items.width)
      for (const user of users) {
        const share = missing(inner(user, row))
        for (let at = 0; at < wanted.length; at++) wanted[at]! += share * user[at]!
      }
      return [target, ofLength(wanted, limit)]
    })
    return withRows(context, rows, limit)
  },
}
