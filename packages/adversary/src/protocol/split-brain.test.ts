/** Two stories: what they do, and what can be proven of it. */
import { Forensics, verifyEvidence } from '@hearsay/protocol'
import { Swarm } from '@hearsay/protocol/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCoalition } from '../adversary.ts'
import { createAdversary } from '../behaviours.ts'
import { liarOf } from '../testing/liars.ts'
import { expectNobodyWronged } from '../testing/run-among.ts'

/** The halves meet after so long. */
const apartMs = 10_000
const sizes = [
  [4, 1],
  [5, 1],
  [7, 2],
] as const

const liarsOf = (count: number): number[] => [...Array(count).keys()]

/** Until `apartMs` the liars are the only link between the halves, of which the first has `middle` honest peers. */
function apart(n: number, f: number, b: number, seed: number, rounds: number, middle = Math.ceil((n - b) / 2)): Swarm {
  const positions = liarsOf(b)
  const honest = [...Array(n).keys()].slice(b)
  const halves = [honest.slice(0, middle), honest.slice(middle)] as const
  const coalition = { ...createCoalition(n, positions), halves }
  const liars = new Map(
    positions.map((self) => [self, liarOf(createAdversary({ behaviour: 'split-brain' }, self), coalition)]),
  )
  const isFirst = (peer: number): boolean => halves[0].includes(peer)
  return new Swarm({
    peers: n,
    tolerated: f,
    seed,
    rounds,
    batchMs: 10,
    liars,
    blocked: (from, to, { nowMs }) => nowMs < apartMs && from >= b && to >= b && isFirst(from) !== isFirst(to),
  })
}

describe('split-brain', () => {
  it.each([
    [4, 1, [1, 2, 3, 4]],
    [7, 2, [1, 2]],
    [10, 3, [1, 2]],
  ])('n = %i, b = f = %i: one half waits, no fork, and all have one chain when they meet', (n, f, seeds) => {
    for (const seed of seeds) {
      const swarm = apart(n, f, f, seed, 3)
      swarm.run(apartMs)
      const heights = swarm.honest.map((peer) => swarm.certified[peer]!.length)
      expect(heights).toEqual(heights.map((_, at) => (at < Math.ceil((n - f) / 2) ? 3 : 0)))
      swarm.heal()
      swarm.run(3 * apartMs, () => swarm.allCertified(3))
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expect(swarm.forks()).toBe(0)
      expect(swarm.halted.size).toBe(0)
      expectNobodyWronged(swarm, liarsOf(f))
    }
  })

  it.each([
    [4, 1, [1, 2, 3, 4]],
    [7, 2, [1, 2]],
    [10, 3, [1, 2]],
  ])(
    'n = %i, f = %i, b = f+1: the chain forks, and when the halves meet exactly the liars are named',
    (n, f, seeds) => {
      for (const seed of seeds) {
        const swarm = apart(n, f, f + 1, seed, 3)
        swarm.run(apartMs)
        expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
        expect(swarm.forks()).toBe(3)
        // While the halves are apart, nobody misbehaves as far as anybody can see.
        expect(swarm.evidence).toEqual([])
        expect(swarm.faults).toEqual([])
        swarm.heal()
        swarm.run(3 * apartMs, () => swarm.halted.size === swarm.honest.length)
        expect([...swarm.halted].sort((a, b) => a - b)).toEqual(swarm.honest)
        expect(swarm.culprits()).toEqual(liarsOf(f + 1))
        expectNobodyWronged(swarm, liarsOf(f + 1))
      }
    },
  )

  it('is found out by words of the other chain alone, when nobody is told of new neighbours', () => {
    const swarm = apart(4, 1, 2, 5, 1000)
    swarm.run(apartMs)
    expect(swarm.forks()).toBeGreaterThan(3)
    // The links are up again, and rounds go on on both sides, faster than neighbours are asked by the clock.
    swarm.run(2 * apartMs, () => swarm.halted.size === 2)
    expect(swarm.halted.size).toBe(2)
    expect(swarm.culprits()).toEqual([0, 1])
  })

  it('of any split and size: forensics names at least f+1 of a fork, and no honest peer', { timeout: 60_000 }, () => {
    let forked = 0
    const swarms = fc.constantFrom(...sizes).chain(([n, f]) =>
      fc.record({
        n: fc.constant(n),
        f: fc.constant(f),
        b: fc.integer({ min: f, max: 2 * f }),
        first: fc.integer({ min: 1, max: n - 2 * f - 1 }),
        seed: fc.integer({ min: 1, max: 10_000 }),
      }),
    )
    fc.assert(
      fc.property(swarms, ({ n, f, b, first, seed }) => {
        const swarm = apart(n, f, b, seed, 2, first)
        swarm.run(apartMs)
        const { network } = swarm.optionsOf(n - 1)
        const forensics = new Forensics(network)
        for (const round of [1, 2])
          forensics.compare(
            round,
            swarm.honest.map((peer) => swarm.certified[peer]![round - 1]),
          )
        expect(forensics.forkedRounds).toBe(swarm.forks())
        for (const culprit of forensics.culprits) expect(culprit).toBeLessThan(b)
        if (swarm.forks() === 0) return
        forked++
        expect(b).toBeGreaterThan(f)
        expect(forensics.culprits.length).toBeGreaterThan(f)
        for (const { bytes } of forensics.proofs) expect(typeof verifyEvidence(bytes, network)).toBe('object')
      }),
      { numRuns: 25, seed: 7 },
    )
    expect(forked).toBeGreaterThan(4)
  })
})
