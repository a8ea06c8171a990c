/** One third is a share of weight: liars of weight F break nothing and liars of F + 1 break it in every run, however many they are. */
import { describe, expect, it } from 'vitest'
import { sweepThreshold } from '../testing/exploration/index.ts'

const seeds = Array.from({ length: 30 }, (_, at) => at)

describe.each(['silent', 'split-brain'] as const)('%s liars', (behaviour) => {
  it('that weigh F break nothing, though they are a third of the heads or more', () => {
    const { manyHeads, broken, unexpected } = sweepThreshold(seeds, behaviour, false)
    expect([broken, unexpected]).toEqual([0, []])
    expect(manyHeads).toBeGreaterThan(5)
  })

  it('that weigh F + 1 break it, though one head may be all', () => {
    const { heads, broken, unexpected } = sweepThreshold(seeds, behaviour, true)
    expect([broken, unexpected]).toEqual([seeds.length, []])
    expect(heads[1]).toBeGreaterThan(5)
  })
})
