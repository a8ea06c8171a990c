import type { Attack } from './attack.ts'
import { lengthOf, longestRow, rowOf, shareOf, strengthOption, withRows } from './item-rows.ts'
import { miningOption, popularRows } from './popular-rows.ts'
import { inner } from './vectors.ts'

/**
 * PIECK-IPE, item popularity enhancement (Zhang et al.: Preventing the Popular Item Embedding Based Attack in Federated
 * Recommendations, ICDE 2024). It looks on for some rounds which rows move most, which are those of popular items, and then
 * makes each target's row v like those, p_1 … p_N: it raises Σ w_j cos(v, p_j), w_j = (N + 1 − j) / (1 + … + N). The rest is its
 * own honest update. It knows nothing but the models of the rounds.
 *
 * That sum is cos(v, m) · ‖m‖ with m = Σ w_j p_j / ‖p_j‖, and greatest where v is along m. There a gradient is sent, which turns v and leaves
 * it as long as it is. Here the whole step is taken that the limit L allows, the length of its own longest row times
 * `strength`: what of v is across m goes, and what is left of L is along m.
 *
 * Options: `popular`, N; `mining`; `strength`.
 *
 * What it can do: a target whose row is like that of what everybody is shown, and as long, is shown to everybody.
 *
 * Requires a task that has items. Cost O(d).
 *
 * Example, `strength` 1: v = (3, 0), N = 1, p = (0, 2), L = 5: the row is (−3, 4). With L = 1 it is (−1, 0).
 */
export const pieckIpe: Attack<'pieck-ipe'> = {
  name: 'pieck-ipe',
  summary: 'move the target towards the items whose rows moved most',
  deed: 'moved the target towards popular items',
  options: {
    popular: { kind: 'integer', summary: 'items that it takes for popular', least: 1, most: 100_000, default: 10 },
    ...miningOption,
    ...strengthOption,
  },
  paper: 'Zhang et al.: Preventing the Popular Item Embedding Based Attack in Federated Recommendations, ICDE 2024',
  ofItems: true,
  colludes: () => false,
  create: (options) => (context) => {
    const items = context.items!
    const mined = popularRows(context, options)?.slice(0, options.popular as number)
    if (mined === undefined) return withRows(context, [], 0)
    const limit = (options.strength as number) * longestRow(context)
    const factorsOf = (item: number) => rowOf(items, items.model, item).subarray(0, items.factors)
    const along = new Float64Array(items.factors)
    for (const [at, item] of mined.entries()) {
      const row = factorsOf(item)
      const weight = (mined.length - at) / (lengthOf(row) || 1)
      for (let k = 0; k < along.length; k++) along[k]! += weight * row[k]!
    }
    const length = lengthOf(along) || 1
    const direction = along.map((value) => value / length)
    const rows = items.targets.map((target): [number, Float64Array] => {
      const row = factorsOf(target)
      const across = direction.map((value, k) => row[k]! - inner(row, direction) * value)
      const share = shareOf(across, limit)
      const left = Math.sqrt(Math.max(0, limit ** 2 - (share * lengthOf(across)) ** 2))
      // A bias is left as it is.
      const wanted = new Float64Array(items.width)
      for (let k = 0; k < direction.length; k++) wanted[k] = left * direction[k]! - share * across[k]!
      return [target, wanted]
    })
    return withRows(context, rows, limit)
  },
}
