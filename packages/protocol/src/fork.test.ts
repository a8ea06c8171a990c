import { describe, expect, it } from 'vitest'
import { verifyEvidence } from './evidence.ts'
import { apartMs, splitBrain } from './testing/split-brain.ts'

describe('a split-brain coalition', () => {
  it.each([
    [4, 1, [1, 2, 3, 4]],
    [7, 2, [1, 2]],
    [10, 3, [1]],
  ])('of f forks nothing, n = %i, f = %i: one half waits, and catches up when they meet', (n, f, seeds) => {
    for (const seed of seeds) {
      const swarm = splitBrain(n, f, f, seed, 4)
      swarm.run(apartMs)
      const heights = swarm.honest.map((peer) => swarm.certified[peer]!.length)
      // The greater half has n−f with the liars, the smaller has one less.
      expect(heights).toEqual(heights.map((_, at) => (at < Math.ceil((n - f) / 2) ? 4 : 0)))
      swarm.heal()
      swarm.run(60_000, () => swarm.allCertified(4))
      expect(swarm.allCertified(4)).toBe(true)
      expect(swarm.forks()).toBe(0)
      expect(swarm.halted.size).toBe(0)
      for (const culprit of swarm.culprits()) expect(culprit).toBeLessThan(f)
    }
  })

  it.each([
    [4, 1, [1, 2, 3, 4]],
    [7, 2, [1, 2]],
    [10, 3, [1]],
  ])('of f+1 forks the chain, n = %i, f = %i: then all honest peers halt and name exactly the liars', (n, f, seeds) => {
    for (const seed of seeds) {
      const swarm = splitBrain(n, f, f + 1, seed, 3)
      swarm.run(apartMs)
      expect(swarm.allCertified(3)).toBe(true)
      expect(swarm.forks()).toBe(3)
      expect(swarm.culprits()).toEqual([])
      swarm.heal()
      swarm.run(60_000, () => swarm.halted.size === swarm.honest.length)
      expect([...swarm.halted].sort((a, b) => a - b)).toEqual(swarm.honest)
      expect(swarm.culprits()).toEqual(Array.from({ length: f + 1 }, (_, liar) => liar))
      const { network } = swarm.optionsOf(n - 1)
      const forks = swarm.evidence.filter(({ kind }) => kind === 'fork')
      expect(forks).toHaveLength(swarm.honest.length)
      for (const evidence of forks) {
        expect(evidence.culprits).toEqual(swarm.culprits())
        expect(verifyEvidence(evidence.bytes, network)).toEqual(evidence)
      }
    }
  })

  it('is found out by words of the other chain alone, when nobody is told of new neighbours', () => {
    const swarm = splitBrain(4, 1, 2, 5, 1000)
    swarm.run(apartMs)
    expect(swarm.forks()).toBeGreaterThan(3)
    // The links are up again, and rounds go on on both sides, faster than neighbours are asked by the clock.
    swarm.run(60_000, () => swarm.halted.size === 2)
    expect(swarm.halted.size).toBe(2)
    expect(swarm.culprits()).toEqual([0, 1])
  })
})
