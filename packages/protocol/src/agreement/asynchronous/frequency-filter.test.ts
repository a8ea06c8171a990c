import { seededStream } from '@hearsay/catalogue/random'
import { expect, test } from 'vitest'
import { frequencyWindow, isTooFrequent } from './frequency-filter.ts'
import type { Filters } from './settings.ts'

/**
 * Of so many random schedules, in how many of them some 2f + 1 gradients accepted in a row have f honest authors or fewer.
 * `window`: of how many authors the filter knows. Half of what comes is of liars.
 */
function broken(frequency: Filters['frequency'], tolerated: number, window: number, schedules: number): number {
  const random = seededStream(7)
  const [peers, length] = [3 * tolerated + 1, 2 * tolerated + 1]
  let count = 0
  for (let schedule = 0; schedule < schedules; schedule++) {
    const accepted: number[] = []
    let lies = 0
    let isBroken = false
    for (let turn = 0; turn < 8 * tolerated; turn++) {
      const author = random.below(2) === 0 ? random.below(tolerated) : random.below(peers)
      if (isTooFrequent(frequency, author, accepted.slice(-window), tolerated)) continue
      accepted.push(author)
      if (author < tolerated) lies++
      const out = accepted[accepted.length - length - 1]
      if (out !== undefined && out < tolerated) lies--
      isBroken ||= lies > tolerated
    }
    if (isBroken) count++
  }
  return count
}

test('every 2f + 1 that are accepted have f + 1 honest authors, in 10⁵ schedules, and not with a window one less', () => {
  expect(broken('strict', 3, frequencyWindow(3), 80_000)).toBe(0)
  expect(broken('strict', 1, frequencyWindow(1), 10_000)).toBe(0)
  expect(broken('strict', 2, frequencyWindow(2), 10_000)).toBe(0)
  expect(broken('strict', 3, frequencyWindow(3) - 1, 1000)).toBeGreaterThan(0)
})

test('to count each worker by itself does not give that from f = 3 on, nor for f = 2', () => {
  expect(broken('per-worker', 1, frequencyWindow(1), 1000)).toBe(0)
  expect(broken('per-worker', 2, frequencyWindow(2), 1000)).toBeGreaterThan(0)
  expect(broken('per-worker', 3, frequencyWindow(3), 1000)).toBeGreaterThan(0)
})
