import { describe, expect, test } from 'vitest'
import { type Comparator, mostComparators, sortingNetwork } from './sorting-network.ts'

// The 0-1 principle (Knuth 5.3.4): a network that sorts all inputs of zeros and ones sorts everything.
function run(network: readonly Comparator[], values: number[]): number[] {
  for (const { low, high, needed } of network) {
    const [a, b] = [values[low]!, values[high]!]
    // What is not needed is spoiled, so that a step that reads it after all is found out.
    values[low] = needed === 'high' ? Number.NaN : Math.min(a, b)
    values[high] = needed === 'low' ? Number.NaN : Math.max(a, b)
  }
  return values
}

describe('sortingNetwork', () => {
  test('gives the wanted ranks of every input of zeros and ones, up to 11 wires', () => {
    for (let n = 1; n <= 11; n++) {
      for (let trim = 0; 2 * trim < n; trim++) {
        const network = sortingNetwork(n, trim, n - trim - 1)
        for (let bits = 0; bits < 2 ** n; bits++) {
          const values = Array.from({ length: n }, (_, i) => (bits >> i) & 1)
          const sorted = values.toSorted((a, b) => a - b)
          const kept = run(network, values).slice(trim, n - trim)
          if (kept.some((value, k) => value !== sorted[trim + k])) {
            expect({ n, trim, bits, kept }).toEqual({ n, trim, bits, kept: sorted.slice(trim, n - trim) })
          }
        }
      }
    }
  })

  test('has the known size for 16 wires, and fewer comparators when fewer outputs are wanted', () => {
    expect(sortingNetwork(16, 0, 15)).toHaveLength(63)
    expect(sortingNetwork(16, 5, 10).length).toBeLessThan(63)
    expect(sortingNetwork(16, 7, 8).length).toBeLessThan(sortingNetwork(16, 5, 10).length)
  })

  test('stays within the stated bound', () => {
    for (let n = 1; n <= 300; n++) expect(sortingNetwork(n, 0, n - 1).length).toBeLessThanOrEqual(mostComparators(n))
  })
})
