import type { RatingsData } from './data.ts'
import type { Crowd } from './poisons/poison.ts'

/** What an attacker can know, from the training data of all. */
export function crowdOf(
  { items, train, mean, deviation, least, greatest }: RatingsData,
  feedback: Crowd['feedback'],
  targets: readonly number[],
): Crowd {
  const counts = new Int32Array(items.length)
  const sums = new Float64Array(items.length)
  for (let row = 0; row < train.item.length; row++) {
    counts[train.item[row]!]!++
    sums[train.item[row]!]! += train.rating[row]!
  }
  return {
    ...{ feedback, targets, mean, deviation, least, greatest },
    popular: byCount(counts),
    means: sums.map((sum, item) => (counts[item] === 0 ? mean : sum / counts[item]!)),
    segment() {
      const fans = new Set<number>()
      for (let row = 0; row < train.item.length; row++)
        if (targets.includes(train.item[row]!)) fans.add(train.user[row]!)
      const common = new Float64Array(items.length)
      // Popularity only decides among items that equally many fans like.
      for (let row = 0; row < train.item.length; row++)
        common[train.item[row]!]! += fans.has(train.user[row]!) ? 1 : 1 / (train.item.length + 1)
      return byCount(common)
    },
  }
}

function byCount(counts: Int32Array | Float64Array): Int32Array {
  return Int32Array.from(counts, (_, item) => item).sort((a, b) => counts[b]! - counts[a]! || a - b)
}

/** Indices of the items that a text names; `cold` is the one with fewest events, one at least. */
export function targetsOf(text: string, { items, train }: RatingsData): number[] | undefined {
  if (text === 'cold') {
    const counts = new Int32Array(items.length)
    for (const item of train.item) counts[item]!++
    return [...byCount(counts)].filter((item) => counts[item]! > 0).slice(-1)
  }
  const found = text.split(',').map((name) => items.indexOf(name.trim()))
  return found.includes(-1) ? undefined : [...new Set(found)]
}
