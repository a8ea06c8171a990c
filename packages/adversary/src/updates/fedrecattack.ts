import type { RandomStream } from '@hearsay/catalogue/random'
import type { Attack, KnownItems } from './attack.ts'
import { lengthOf, longestRow, missing, rowOf, shareOf, strengthOption, userOf, withRows } from './item-rows.ts'
import { inner } from './vectors.ts'

// Of how users' vectors are fitted to what is known of them.
const passes = 20
const stepSize = 0.05
/** Among so many first items the target is to be. */
const firstItemsWanted = 10

/**
 * FedRecAttack (Rong et al.: FedRecAttack: Model Poisoning Attack to Federated Recommendation, ICDE 2022). It knows a share ξ of
 * what users like, fits a vector p to what it knows of each (by BPR, from zero), and wants each target above the last of that user's
 * first ten: the loss is Σ g(p · v_last − p · v_target), g(x) = x for x ≥ 0 and eˣ − 1 below. Of its gradient a liar sends
 * the targets' rows and others, drawn in proportion to their length, κ in all, each cut to the limit; what is left is sent by the
 * next liar. The rest is its own honest update.
 *
 * There the vectors are fitted on through the rounds, the κ rows stay those of the first, and noise is added. Here each round begins
 * anew with the same knowledge, and a row of zeros is not sent.
 *
 * Options: `share`, ξ; `rows`, κ; `strength`.
 *
 * What it can do: it moves the target towards real users and takes the place of what they are shown now. Half of its harm is
 * knowledge: with users that it knows nothing of, it has nothing to go by.
 *
 * Requires a task that has items. Cost O(u · d) for u users of whom something is known.
 *
 * Example, `strength` 1: one known user p, whose last item l has p · v_l ≥ p · v_target: the row of the target is p, that of l is −p, where no own row is
 * longer; where the longest is half as long, the first liar sends one half of both and the next the other.
 */
export const fedrecattack: Attack<'fedrecattack'> = {
  name: 'fedrecattack',
  summary: 'move the target above what is shown to users of whom a part is known',
  deed: 'moved the target above what users are shown',
  options: {
    share: {
      kind: 'number',
      summary: 'of what users like, the share that is known',
      above: 0,
      most: 1,
      default: 0.01,
    },
    rows: {
      kind: 'integer',
      summary: 'rows of a liar, those of the targets included',
      least: 1,
      most: 100_000,
      default: 60,
    },
    ...strengthOption,
  },
  paper: 'Rong et al.: FedRecAttack: Model Poisoning Attack to Federated Recommendation, ICDE 2022',
  ofItems: true,
  colludes: () => false,
  create:
    ({ share, rows, strength }) =>
    (context) => {
      const { random, place = 0 } = context
      const items = context.items!
      const limit = (strength as number) * longestRow(context)
      const wanted = wantedRows(items, share as number, random)
      // Those before this liar send their part first, as they would.
      for (let liar = 0; ; liar++) {
        const chosen = chosenRows(wanted, items.targets, rows as number, random)
        if (liar === place) return withRows(context, chosen, limit)
        for (const [item, row] of chosen) {
          const left = 1 - shareOf(row, limit)
          wanted.set(
            item,
            row.map((value) => left * value),
          )
        }
      }
    },
}

/** By item, what raises the targets for users of whom something is known: the gradient of the loss, turned round. */
function wantedRows(
  items: KnownItems,
  share: number,
  random: Pick<RandomStream, 'uniform'>,
): Map<number, Float64Array> {
  const wanted = new Map(items.targets.map((target) => [target, new Float64Array(items.width)]))
  const add = (item: number, weight: number, user: Float64Array): void => {
    const row = wanted.get(item) ?? new Float64Array(items.width)
    wanted.set(item, row)
    for (let at = 0; at < row.length; at++) row[at]! += weight * user[at]!
  }
  for (const liked of items.liked) {
    const known = liked.filter(() => random.uniform() < share)
    if (known.length === 0) continue
    const user = fitted(items, known, random)
    const scoreOf = (item: number): number => inner(user, rowOf(items, items.model, item))
    const first = firstItems(items, known, scoreOf)
    for (const target of items.targets) {
      // In pairs: the last of the first ten with one target, the one before with the next.
      const last = known.includes(target) ? undefined : first.pop()
      if (last === undefined) continue
      const weight = Math.min(1, Math.exp(scoreOf(last) - scoreOf(target)))
      add(target, weight, user)
      add(last, -weight, user)
    }
  }
  return wanted
}

/** A user's vector by BPR, from zero, against items at random. */
function fitted(items: KnownItems, known: Int32Array, random: Pick<RandomStream, 'uniform'>): Float64Array {
  const count = items.model.length / items.width
  const numbers = new Float64Array(items.factors)
  for (let pass = 0; pass < passes; pass++)
    for (const item of known) {
      let other = Math.floor(random.uniform() * count)
      for (let tries = 0; tries < count && known.includes(other); tries++) other = (other + 1) % count
      const [liked, unliked] = [rowOf(items, items.model, item), rowOf(items, items.model, other)]
      const apart = Float64Array.from(numbers, (_, at) => liked[at]! - unliked[at]!)
      const pull = stepSize * missing(inner(numbers, apart))
      for (let at = 0; at < numbers.length; at++) numbers[at]! += pull * apart[at]!
    }
  return userOf(items, numbers)
}

/** The first ten that are neither known nor targets, the best first. */
function firstItems({ model, width, targets }: KnownItems, known: Int32Array, scoreOf: (item: number) => number) {
  const out = new Set([...known, ...targets])
  const scores = Float64Array.from({ length: model.length / width }, (_, item) =>
    out.has(item) ? Number.NEGATIVE_INFINITY : scoreOf(item),
  )
  return [...scores.keys()]
    .filter((item) => !out.has(item))
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, firstItemsWanted)
}

/** The rows of the targets, and others, drawn in proportion to their length. */
function chosenRows(
  wanted: ReadonlyMap<number, Float64Array>,
  targets: readonly number[],
  count: number,
  random: Pick<RandomStream, 'uniform'>,
): [number, Float64Array][] {
  const chosen = targets.map((target): [number, Float64Array] => [target, wanted.get(target)!])
  const rest = [...wanted]
    .filter(([item, row]) => !targets.includes(item) && lengthOf(row) > 0)
    .sort(([a], [b]) => a - b)
  while (chosen.length < count && rest.length > 0) {
    let left = random.uniform() * rest.reduce((sum, [, row]) => sum + lengthOf(row), 0)
    const at = rest.findIndex(([, row]) => {
      left -= lengthOf(row)
      return left < 0
    })
    chosen.push(...rest.splice(at < 0 ? rest.length - 1 : at, 1))
  }
  return chosen
}
