import type { OptionDescriptors, Options } from '@hearsay/catalogue'
import type { AttackContext } from './attack.ts'
import { lengthOf, rowOf } from './item-rows.ts'

export const miningOption = {
  mining: {
    kind: 'integer',
    summary: 'rounds whose movement of the model it looks at before it attacks',
    least: 1,
    most: 1e6,
    default: 2,
  },
} as const satisfies OptionDescriptors

/** What such a liar has seen. */
interface Seen {
  last: { readonly round: number; readonly model: Float32Array }
  /** By item, over `rounds` rounds. */
  readonly movement: Float64Array
  rounds: number
}

/**
 * Items that are no targets, those first whose rows moved most, by Σ ‖V_t − V_{t−1}‖ over the first rounds that this liar saw: what
 * many like moves much. Nothing while it has not seen enough.
 */
export function popularRows({ items, round, memory }: AttackContext, { mining }: Options): number[] | undefined {
  const { model, width, targets } = items!
  const count = model.length / width
  const seen = (memory.get('seen') ?? {
    last: { round, model: model.slice() },
    movement: new Float64Array(count),
    rounds: 0,
  }) as Seen
  memory.set('seen', seen)
  if (round > seen.last.round && seen.rounds < (mining as number)) {
    for (let item = 0; item < count; item++) {
      const [now, before] = [rowOf(items!, model, item), rowOf(items!, seen.last.model, item)]
      seen.movement[item]! += lengthOf(now.map((value, at) => value - before[at]!))
    }
    seen.rounds++
    seen.last = { round, model: model.slice() }
  }
  if (seen.rounds < (mining as number)) return undefined
  const others = Array.from({ length: count }, (_, item) => item).filter((item) => !targets.includes(item))
  return others.sort((a, b) => seen.movement[b]! - seen.movement[a]! || a - b)
}
