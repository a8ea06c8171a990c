export function equalShares(count: number): number[] {
  return Array.from({ length: count }, () => 1 / count)
}

/** Cuts a list into consecutive pieces of the given proportions; every element is in one piece. */
export function cut(list: Int32Array, proportions: number[]): Int32Array[] {
  let sum = 0
  let start = 0
  return proportions.map((proportion, index) => {
    sum += proportion
    const end = index === proportions.length - 1 ? list.length : Math.min(list.length, Math.round(sum * list.length))
    const piece = list.subarray(start, end)
    start = end
    return piece
  })
}

/** The order, sort by sort: class by class, or group by group. */
export function bySort(order: Int32Array, sorts: Uint8Array | Int32Array): Int32Array[] {
  const members = new Map<number, number[]>()
  for (const index of order) {
    const sort = sorts[index]!
    const known = members.get(sort)
    if (known === undefined) members.set(sort, [index])
    else known.push(index)
  }
  return [...members].sort(([a], [b]) => a - b).map(([, indices]) => Int32Array.from(indices))
}

export function concatenate(lists: Int32Array[]): Int32Array {
  const whole = new Int32Array(lists.reduce((length, list) => length + list.length, 0))
  let offset = 0
  for (const list of lists) {
    whole.set(list, offset)
    offset += list.length
  }
  return whole
}
