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
 * A network whose wires `first` to `last` end up carrying the values of rank `first` to `last` (from 0) of n values:
 * Batcher's odd-even merge sort, as merge exchange for any n (Knuth, The Art of Computer Programming 3, algorithm
 * 5.2.2M), without the comparators whose outputs nobody needs. O(n log² n) comparators.
 */
export function sortingNetwork(n: number, first: number, last: number): Comparator[] {
  const wanted = Array.from({ length: n }, (_, wire) => wire >= first && wire <= last)
  const kept: Comparator[] = []
  for (const [low, high] of mergeExchange(n).reverse()) {
    const lowNeeded = wanted[low]
    const highNeeded = wanted[high]
    if (!lowNeeded && !highNeeded) continue
    kept.push({ low, high, needed: lowNeeded && highNeeded ? 'both' : lowNeeded ? 'low' : 'high' })
    wanted[low] = true
    wanted[high] = true
  }
  return kept.reverse()
}

/** An upper bound on the comparators for n wires: the exact number for the next power of two, 2^p wires. */
export function mostComparators(n: number): number {
  const p = Math.max(1, Math.ceil(Math.log2(n)))
  return (p * p - p + 4) * 2 ** (p - 2) - 1
}

function mergeExchange(n: number): [number, number][] {
  const pairs: [number, number][] = []
  let top = 1
  while (top * 2 < n) top *= 2
  for (let p = n > 1 ? top : 0; p > 0; p = Math.floor(p / 2)) {
    let q = top
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
