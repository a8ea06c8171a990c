/**
 * An exchange of a sorting network: afterwards wire `low` carries the lesser of the two values and `high` the greater.
 * `needed` says which of the two any later step still reads.
 */
export interface Comparator {
  readonly low: number
  readonly high: number
  readonly needed: 'both' | 'low' | 'high'
}

/**
 * What is left to do after every class of wires, i modulo `classes(n)`, has been sorted by itself, so that the wires
 * `first` to `last` end up carrying the values of rank `first` to `last` (from 0) of n values: Batcher's odd-even merge
 * sort, as merge exchange for any n (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M), without its first
 * three phases, which sort the classes, and without the comparators whose outputs nobody needs. O(n log² n) of them.
 *
 * With `below` the wires before `first` carry all values of lesser rank, in any order. Comparators that are all left whole would
 * do that: a change of one input from the rank k to below changes one output, and for `first` ≤ k ≤ `last` that is wire k, so that
 * those below are on the same wires whichever they are; on the first ones, since they stay there when they are there.
 */
export function mergingNetwork(n: number, first: number, last: number, below = false): Comparator[] {
  const wanted = Array.from({ length: n }, (_, wire) => wire >= first && wire <= last)
  const lasts = wanted.map((isWanted, wire) => isWanted || (below && wire < first))
  const kept: Comparator[] = []
  for (const [low, high] of mergeExchange(n).reverse()) {
    if (!wanted[low] && !wanted[high]) continue
    const [lowNeeded, highNeeded] = [lasts[low], lasts[high]]
    kept.push({ low, high, needed: lowNeeded && highNeeded ? 'both' : lowNeeded ? 'low' : 'high' })
    for (const wire of [low, high]) wanted[wire] = lasts[wire] = true
  }
  return kept.reverse()
}

/** Into how many classes of at most eight wires the sort of n is divided: a power of two. */
export function classes(n: number): number {
  return Math.max(1, topDistance(n) / 4)
}

/** An upper bound on the comparators for n wires: those of the whole sort of the next power of two, 2^p wires. */
export function mostComparators(n: number): number {
  const p = Math.max(1, 32 - Math.clz32(n - 1))
  return ((p * p - p + 4) * (1 << p)) / 4 - 1
}

function mergeExchange(n: number): [number, number][] {
  const pairs: [number, number][] = []
  for (let p = Math.floor(classes(n) / 2); p > 0; p = Math.floor(p / 2)) {
    let q = topDistance(n)
    let r = 0
    let distance = p
    while (distance > 0) {
      for (let i = 0; i < n - distance; i++) {
        if ((i & p) === r) pairs.push([i, i + distance])
      }
      distance = q > p ? q - p : 0
      q /= 2
      r = p
    }
  }
  return pairs
}

/** The largest power of two below n, or 1. */
function topDistance(n: number): number {
  let top = 1
  while (top * 2 < n) top *= 2
  return top
}
