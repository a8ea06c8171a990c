import type { Divided } from './partition.ts'

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

/** The order, class by class. */
export function byClass({ order, labels }: Divided): Int32Array[] {
  const classes = [...new Set(labels)].sort((a, b) => a - b)
  return classes.map((label) => order.filter((index) => labels[index] === label))
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
