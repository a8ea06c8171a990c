import { describe, expect, test } from 'vitest'
import { type Comparator, classes, mergingNetwork, mostComparators } from './sorting-network.ts'

function run(network: readonly Comparator[], values: number[]): number[] {
  for (const { low, high, needed } of network) {
    const [a, b] = [values[low]!, values[high]!]
    // What is not needed is spoiled, so that a step that reads it after all is found out.
    values[low] = needed === 'high' ? Number.NaN : Math.min(a, b)
    values[high] = needed === 'low' ? Number.NaN : Math.max(a, b)
  }
  return values
}

/** Every input of zeros and ones to n wires whose classes are sorted: so many ones at the end of each class. */
function* sortedClasses(n: number): Generator<number[]> {
  const count = classes(n)
  const sizes = Array.from({ length: count }, (_, i) => Math.ceil((n - i) / count))
  const ones = sizes.map(() => 0)
  for (;;) {
    yield Array.from({ length: n }, (_, i) => {
      const own = i % count
      return Math.floor(i / count) >= sizes[own]! - ones[own]! ? 1 : 0
    })
    let i = 0
    while (i < count && ones[i] === sizes[i]) ones[i++] = 0
    if (i === count) return
    ones[i]!++
  }
}

describe('mergingNetwork', () => {
  // The 0-1 principle (Knuth 5.3.4): a network that sorts all inputs of zeros and ones sorts everything.
  test('gives the wanted ranks of every input of zeros and ones with sorted classes, up to 32 wires', () => {
    for (let n = 1; n <= 32; n++) {
      for (const trim of new Set([0, 1, Math.floor((n - 1) / 3), Math.floor((n - 1) / 2)])) {
        if (2 * trim >= n) continue
        const network = mergingNetwork(n, trim, n - trim - 1)
        for (const values of sortedClasses(n)) {
          const zeros = values.filter((value) => value === 0).length
          const kept = run(network, values).slice(trim, n - trim)
          const wrong = kept.findIndex((value, k) => value !== (trim + k < zeros ? 0 : 1))
          if (wrong >= 0)
            expect.fail(`n = ${n}, trim = ${trim}, ${zeros} zeros: rank ${trim + wrong} is ${kept[wrong]}`)
        }
      }
    }
  })

  test('carries all that is lesser on the wires before, in any order, when these are kept', () => {
    for (const n of [1, 2, 3, 7, 8, 9, 16, 23, 32]) {
      for (const first of new Set([0, 1, Math.floor((n - 1) / 4), Math.floor((n - 1) / 2)])) {
        const network = mergingNetwork(n, first, Math.max(first, n - 1 - first), true)
        for (const values of sortedClasses(n)) {
          const zeros = values.filter((value) => value === 0).length
          const below = run(network, values).slice(0, first)
          expect(below.reduce((sum, value) => sum + value, 0)).toBe(Math.max(0, first - zeros))
        }
      }
    }
  })

  test('classes have at most eight wires', () => {
    for (let n = 1; n <= 1000; n++) expect(Math.ceil(n / classes(n))).toBeLessThanOrEqual(8)
  })

  test('leaves 25 of the 63 comparators of Batcher for 16 wires, and fewer when fewer outputs are wanted', () => {
    expect(mergingNetwork(16, 0, 15)).toHaveLength(25)
    expect(mergingNetwork(16, 5, 10).length).toBeLessThan(25)
    expect(mergingNetwork(16, 7, 8).length).toBeLessThan(mergingNetwork(16, 5, 10).length)
  })

  test('stays within the stated bound', () => {
    for (let n = 1; n <= 300; n++) expect(mergingNetwork(n, 0, n - 1).length).toBeLessThanOrEqual(mostComparators(n))
  })
})
