/** Two stories: what they do, and what can be proven of it. */
import { createAdversary } from '@hearsay/adversary'
import { Forensics, verifyEvidence } from '@hearsay/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelledSwarm } from '../testing/modelled-swarm.ts'

/** The halves meet after so long. */
const apartMs = 10_000
const sizes = [
  [4, 1],
  [5, 1],
  [7, 2],
] as const

const liarsOf = (count: number): number[] => [...Array(count).keys()]

/** Liars are the only link between the halves, of which the first has `middle` honest peers; until they meet. */
function apart(
  n: number,
  f: number,
  b: number,
  seed: number,
  rounds: number,
  middle = Math.ceil((n - b) / 2),
): ModelledSwarm {
  const honest = [...Array(n).keys()].slice(b)
  const halves = [honest.slice(0, middle), honest.slice(middle)] as const
  const liars = new Map(liarsOf(b).map((self) => [self, createAdversary({ behaviour: 'split-brain' }, self)]))
  const swarm = new ModelledSwarm({ peers: n, tolerated: f, seed, rounds, liars, halves })
  const isFirst = (peer: number): boolean => halves[0].includes(peer)
  swarm.network.setReach((from, to) => from < b || to < b || isFirst(from) === isFirst(to))
  return swarm
}

function meet({ network }: ModelledSwarm): void {
  network.setReach(() => true)
}

/** Evidence convinces a third party, and names liars only; faults too are theirs alone. */
function expectNobodyWronged(swarm: ModelledSwarm, liars: readonly number[]): void {
  for (const evidence of swarm.evidence) expect(verifyEvidence(evidence.bytes, swarm.networks[0]!)).toEqual(evidence)
  for (const culprit of swarm.culprits()) expect(liars).toContain(culprit)
  for (const { peer } of swarm.faults) expect(liars).toContain(peer)
}

describe('split-brain', () => {
  it.each([
    [4, 1, [1, 2, 3, 4]],
    [7, 2, [1, 2]],
    [10, 3, [1, 2]],
  ])('n = %i, b = f = %i: one half waits, no fork, and all have one chain when they meet', (n, f, seeds) => {
    for (const seed of seeds) {
      const swarm = apart(n, f, f, seed, 3)
      swarm.network.run(() => false, apartMs)
      const heights = swarm.honest.map((peer) => swarm.certified[peer]!.length)
      expect(heights).toEqual(heights.map((_, at) => (at < Math.ceil((n - f) / 2) ? 3 : 0)))
      meet(swarm)
      swarm.network.run(() => swarm.allCertified(3), 3 * apartMs)
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
        swarm.network.run(() => false, apartMs)
        expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
        expect(swarm.forks()).toBe(3)
        // While the halves are apart, nobody misbehaves as far as anybody can see.
        expect(swarm.evidence).toEqual([])
        expect(swarm.faults).toEqual([])
        meet(swarm)
        swarm.network.run(() => swarm.halted.size === swarm.honest.length, 3 * apartMs)
        expect([...swarm.halted].sort((a, b) => a - b)).toEqual(swarm.honest)
        expect(swarm.culprits()).toEqual(liarsOf(f + 1))
        expectNobodyWronged(swarm, liarsOf(f + 1))
      }
    },
  )

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
        swarm.network.run(() => false, apartMs)
        const network = swarm.networks[n - 1]!
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
