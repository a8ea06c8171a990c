import { openEnvelope } from '@hearsay/protocol'
import { Swarm } from '@hearsay/protocol/testing'
import { describe, expect, it } from 'vitest'
import { createCoalition } from './adversary.ts'
import { coalitionOf } from './testing/liars.ts'
import { expectNobodyWronged } from './testing/run-among.ts'

function liarsOf(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, at) => from + at)
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
