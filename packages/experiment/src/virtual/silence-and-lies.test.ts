import { createAdversary } from '@hearsay/adversary'
import { type Envelope, openEnvelope, verifyEvidence } from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import { ModelledSwarm } from '../testing/modelled-swarm.ts'

/** A swarm with liars of one behaviour in these positions, and what each peer sent, in order. */
function among(behaviour: string, n: number, f: number, positions: readonly number[], seed: number, rounds: number) {
  const sent = Array.from({ length: n }, (): Envelope[] => [])
  const swarm = new ModelledSwarm({
    peers: n,
    tolerated: f,
    seed,
    rounds,
    liars: new Map(positions.map((self) => [self, createAdversary({ behaviour }, self)])),
    onStep: (peer, { sends }) => void sent[peer]!.push(...sends.map(({ envelope }) => envelope)),
  })
  return { swarm, sent }
}

describe('silent', () => {
  it.each([
    [4, 1, 1, 3],
    [10, 3, 3, 3],
    [4, 1, 2, 0],
    [10, 3, 4, 0],
  ])('n = %i, f = %i, b = %i: %i of 3 rounds are certified, and nobody is accused', (n, f, b, rounds) => {
    const { swarm, sent } = among('silent', n, f, [...Array(b).keys()], n + b, 3)
    swarm.network.run(() => swarm.allCertified(3), 20_000)
    for (const peer of swarm.honest) expect(swarm.certified[peer]).toHaveLength(rounds)
    for (let liar = 0; liar < b; liar++) expect(sent[liar]).toEqual([])
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
      const { swarm } = among('equivocate', n, f, positions, seed, 3)
      swarm.network.run(() => swarm.allCertified(3), 60_000)
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expect(swarm.forks()).toBe(0)
      expect(swarm.halted.size).toBe(0)
      for (const { bytes } of swarm.evidence) expect(typeof verifyEvidence(bytes, swarm.networks[0]!)).toBe('object')
      for (const { peer } of swarm.faults) expect(positions).toContain(peer)
      expect(swarm.culprits()).toEqual(positions)
    }
  })

  it('says two things, both validly signed, that prove each other a lie: update, vote and checkpoint', () => {
    const { swarm, sent } = among('equivocate', 4, 1, [3], 8, 2)
    // While nobody can compare what it says, nobody cuts it off.
    swarm.network.setReach((from, to) => from === 3 || to === 3 || from < 2 === to < 2)
    swarm.network.run(() => swarm.height(0) === 2, 60_000)
    expect([swarm.height(0), swarm.culprits()]).toEqual([2, []])
    swarm.network.setReach(() => true)
    swarm.network.run(() => swarm.allCertified(2), 60_000)
    const lies = sent[3]!
    for (const envelope of lies) expect(openEnvelope(envelope.bytes, swarm.networks[0]!)).toMatchObject({ author: 3 })
    // It says each thing to the first half, and then the opposite to the second.
    const kinds = new Set<string>()
    for (let at = 0; at + 1 < lies.length; at += 2) {
      const [one, other] = [lies[at]!, lies[at + 1]!]
      expect(other.statements.map(({ kind }) => kind)).toEqual(one.statements.map(({ kind }) => kind))
      for (const [index, statement] of one.statements.entries())
        if (JSON.stringify(statement) !== JSON.stringify(other.statements[index])) kinds.add(statement.kind)
    }
    for (const kind of ['init', 'auxiliary', 'checkpoint']) expect(kinds).toContain(kind)
    expect(swarm.culprits()).toEqual([3])
  })
})
