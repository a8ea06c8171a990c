/** How many subsets of `size` the integers from 0 to n − 1 have; Infinity when they are more than 2^53. */
export function subsetCount(n: number, size: number): number {
  let count = 1
  for (let k = 1; k <= Math.min(size, n - size); k++) {
    count = (count * (n - k + 1)) / k
    if (count > Number.MAX_SAFE_INTEGER) return Number.POSITIVE_INFINITY
  }
  return Math.round(count)
}

/** All subsets of `size` of the integers from 0 to n − 1, in lexicographic order. The array is the same each time. */
export function* subsets(n: number, size: number): Generator<readonly number[]> {
  const chosen = Array.from({ length: size }, (_, i) => i)
  for (;;) {
    yield chosen
    let place = size - 1
    while (place >= 0 && chosen[place] === n - size + place) place--
    if (place < 0) return
    chosen[place]!++
    for (let k = place + 1; k < size; k++) chosen[k] = chosen[k - 1]! + 1
  }
}

/** The subset for which `of` is least; of equally good ones the first. */
export function leastSubset(n: number, size: number, of: (chosen: readonly number[]) => number): number[] {
  let least = Number.POSITIVE_INFINITY
  let best: number[] = []
  for (const chosen of subsets(n, size)) {
    const value = of(chosen)
    if (!(value < least)) continue
    least = value
    best = [...chosen]
  }
  return best
}
