import { openEnvelope, verifyEvidence } from '@hearsay/protocol'
import { Swarm } from '@hearsay/protocol/testing'
import { describe, expect, it } from 'vitest'
import { createCoalition } from './adversary.ts'
import { coalitionOf } from './testing/liars.ts'

function liarsOf(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, at) => from + at)
}

/** Evidence convinces a third party, and names liars only; faults too are theirs alone. */
function expectNobodyWronged(swarm: Swarm, liars: readonly number[]): void {
  const { network } = swarm.optionsOf(swarm.honest[0]!)
  for (const evidence of swarm.evidence) expect(verifyEvidence(evidence.bytes, network)).toEqual(evidence)
  for (const culprit of swarm.culprits()) expect(liars).toContain(culprit)
  for (const { peer } of swarm.faults) expect(liars).toContain(Number(peer))
}

it('a coalition shares the honest peers between two halves, the first with the odd one', () => {
  const { liars, halves } = createCoalition(10, [7, 0, 4])
  expect(liars).toEqual([0, 4, 7])
  expect(halves).toEqual([
    [1, 2, 3, 5],
    [6, 8, 9],
  ])
})

describe('silent', () => {
  it.each([
    [4, 1, 1, 3],
    [10, 3, 3, 3],
    [4, 1, 2, 0],
    [10, 3, 4, 0],
  ])('n = %i, f = %i, b = %i: %i of 3 rounds are certified, and nobody is accused', (n, f, b, rounds) => {
    const { liars } = coalitionOf(n, liarsOf(b), 'silent')
    const swarm = new Swarm({ peers: n, tolerated: f, seed: n + b, rounds: 3, liars, batchMs: 10 })
    swarm.run(20_000, () => swarm.allCertified(3))
    for (const peer of swarm.honest) expect(swarm.certified[peer]).toHaveLength(rounds)
    for (const liar of liarsOf(b)) expect(swarm.sent[liar]).toEqual([])
    expect(swarm.evidence).toEqual([])
    expect(swarm.faults).toEqual([])
  })
})

describe('equivocate', () => {
  it.each([
    [4, 1, [2], [1, 2, 3, 4, 5, 6]],
    [7, 2, [0, 6], [1, 2]],
    [10, 3, [1, 5, 9], [1]],
  ])('n = %i, f = %i, liars %j: rounds go on, one chain, and all liars are named', (n, f, positions, seeds) => {
    for (const seed of seeds) {
      const { liars } = coalitionOf(n, positions, 'equivocate')
      const swarm = new Swarm({ peers: n, tolerated: f, seed, rounds: 3, liars, batchMs: 10 })
      swarm.run(60_000, () => swarm.allCertified(3))
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expect(swarm.forks()).toBe(0)
      expect(swarm.halted.size).toBe(0)
      expectNobodyWronged(swarm, positions)
      expect(swarm.culprits()).toEqual(positions)
    }
  })

  it('says two things, both validly signed, that prove each other a lie: update, vote and checkpoint', () => {
    const { coalition, liars } = coalitionOf(4, [3], 'equivocate')
    const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 8, rounds: 2, liars, batchMs: 10 })
    swarm.run(60_000, () => swarm.allCertified(2))
    const { network } = swarm.optionsOf(0)
    const lies = swarm.sent[3]!
    for (const envelope of lies) expect(openEnvelope(envelope.bytes, network)).toMatchObject({ author: 3 })
    // It says each thing to the first half, and then the opposite to the second.
    const kinds = new Set<string>()
    for (let at = 0; at + 1 < lies.length; at += 2) {
      const [one, other] = [lies[at]!, lies[at + 1]!]
      expect(other.statements.map(({ kind }) => kind)).toEqual(one.statements.map(({ kind }) => kind))
      for (const [index, statement] of one.statements.entries())
        if (JSON.stringify(statement) !== JSON.stringify(other.statements[index])) kinds.add(statement.kind)
    }
    for (const kind of ['init', 'auxiliary', 'checkpoint']) expect(kinds).toContain(kind)
    expect(coalition.halves).toEqual([[0, 1], [2]])
    expect(swarm.culprits()).toEqual([3])
  })
})

describe('split-brain', () => {
  const apartMs = 30_000

  /** Until `apartMs` the liars are the only link between the halves. */
  function apart(n: number, f: number, b: number, seed: number, rounds: number): Swarm {
    const positions = liarsOf(b)
    const { coalition, liars } = coalitionOf(n, positions, 'split-brain')
    const halfOf = (peer: number): number => coalition.halves.findIndex((half) => half.includes(peer))
    return new Swarm({
      peers: n,
      tolerated: f,
      seed,
      rounds,
      batchMs: 10,
      liars,
      blocked: (from, to, { nowMs }) =>
        nowMs < apartMs && !positions.includes(from) && !positions.includes(to) && halfOf(from) !== halfOf(to),
    })
  }

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
      swarm.run(90_000, () => swarm.allCertified(3))
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
        swarm.run(90_000, () => swarm.halted.size === swarm.honest.length)
        expect([...swarm.halted].sort((a, b) => a - b)).toEqual(swarm.honest)
        expect(swarm.culprits()).toEqual(liarsOf(f + 1))
        expectNobodyWronged(swarm, liarsOf(f + 1))
      }
    },
  )
})
