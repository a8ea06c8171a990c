/**
 * The median of the first `count` values, of two the lesser, which are put in another order for it (Hoare's selection, a few
 * steps a value): it is asked for twice in every fetch, of all sources. `count` is at least 1, and none of them is NaN.
 */
export function lowerMedian(values: Float64Array, count: number): number {
  const wanted = (count - 1) >> 1
  let from = 0
  let to = count - 1
  while (from < to) {
    const pivot = values[(from + to) >> 1]!
    let left = from
    let right = to
    while (left <= right) {
      while (values[left]! < pivot) left++
      while (values[right]! > pivot) right--
      if (left > right) break
      const value = values[left]!
      values[left++] = values[right]!
      values[right--] = value
    }
    if (wanted <= right) to = right
    else if (wanted >= left) from = left
    else break
  }
  return values[wanted]!
}

/** The same by weight: the least value that, with all below, weighs half or more. */
export function weightedLowerMedian(values: readonly { readonly value: number; readonly weight: number }[]): number {
  const sorted = values.toSorted((a, b) => a.value - b.value)
  let left = values.reduce((sum, { weight }) => sum + weight, 0) / 2
  const wanted = sorted.find(({ weight }) => {
    left -= weight
    return left <= 0
  })
  return wanted!.value
}
