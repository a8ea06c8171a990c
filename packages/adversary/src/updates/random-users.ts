import type { OptionDescriptors, Options } from '@hearsay/catalogue'
import type { AttackContext, KnownItems } from './attack.ts'
import { longestRow, missing, ofLength, rowOf, strengthOption, userOf, withRows } from './item-rows.ts'
import { normals } from './normals.ts'
import { inner } from './vectors.ts'

export const randomUsersOptions = {
  users: { kind: 'integer', summary: 'how many users it makes up', least: 1, most: 10_000, default: 10 },
  deviation: {
    kind: 'number',
    summary: 'standard deviation of each number of their vectors',
    above: 0,
    most: 1e3,
    default: 0.01,
  },
  ...strengthOption,
} as const satisfies OptionDescriptors

/**
 * Its own update, with each target's row towards users that are made up, Σ (1 − σ(u · v)) u: what those would want if they
 * liked it, as long as the longest row of its own update. `harden` changes a vector u, of one target's row, first.
 */
export function pushForRandomUsers(
  context: AttackContext,
  { users, deviation, strength }: Options,
  harden: (user: Float64Array, row: Float32Array, items: KnownItems) => void = () => {},
): Float32Array<ArrayBuffer> {
  const items = context.items!
  const limit = (strength as number) * longestRow(context)
  const drawn = Array.from({ length: users as number }, () =>
    normals(items.factors, context.random).map((value) => (deviation as number) * value),
  )
  const rows = items.targets.map((target): [number, Float64Array] => {
    const row = rowOf(items, items.model, target)
    const wanted = new Float64Array(items.width)
    for (const numbers of drawn) {
      const user = userOf(items, numbers)
      harden(user, row, items)
      const share = missing(inner(user, row))
      for (let at = 0; at < wanted.length; at++) wanted[at]! += share * user[at]!
    }
    return [target, ofLength(wanted, limit)]
  })
  return withRows(context, rows, limit)
}
