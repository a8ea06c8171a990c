import { type Adversary, createAdversary } from '@hearsay/adversary'
import { verifyEvidence } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import { describe, expect, it } from 'vitest'
import { chatter, garble, junk } from '../testing/liars.ts'
import type { ModelledSwarmOptions } from '../testing/modelled-swarm.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'

const shipped = (behaviour: string): Adversary => createAdversary({ behaviour }, 1)
const lies: Readonly<Record<string, () => Adversary>> = {
  silent: () => shipped('silent'),
  equivocate: () => shipped('equivocate'),
  junk: () => junk,
  replay: () => shipped('replay'),
  garble: () => garble,
}
const kinds = Object.values(lies)

/** Links that take up to so long, in any order. */
const upTo = (ms: number) => ({ latency: { uniform: [0, ms] as const }, reordering: 1 })

/** Runs until all honest peers have certified all rounds; safety is checked whenever time goes on. */
function runSafely(options: ModelledSwarmOptions, untilMs = 120_000): RecordedSwarm {
  const swarm = new RecordedSwarm({ links: upTo(40), ...options })
  let count = 0
  swarm.network.run(() => {
    const now = swarm.certified.reduce((sum, certificates) => sum + certificates.length, 0)
    if (now > count) expect(swarm.forks(), `seed ${options.seed}`).toBe(0)
    count = now
    return swarm.allCertified(options.rounds)
  }, untilMs)
  return swarm
}

function expectNobodyWronged(swarm: RecordedSwarm, seed: number): void {
  for (const evidence of swarm.evidence) expect(verifyEvidence(evidence.bytes, swarm.networks[0]!)).toEqual(evidence)
  for (const culprit of swarm.culprits()) expect(swarm.honest, `seed ${seed}`).not.toContain(culprit)
  for (const { peer } of swarm.faults) expect(swarm.honest, `seed ${seed}`).not.toContain(peer)
  expect(swarm.halted.size).toBe(0)
}

function expectHonestMembers(swarm: RecordedSwarm, n: number, f: number): void {
  for (const peer of swarm.honest)
    for (const { checkpoint } of swarm.certified[peer]!) {
      expect(checkpoint.members.length).toBeGreaterThanOrEqual(n - f)
      const positions = checkpoint.members.map((member) => member.peer)
      expect(positions).toEqual([...positions].sort((a, b) => a - b))
    }
}

describe('honest peers certify one chain and accuse nobody honest', () => {
  it.each(Object.keys(lies))('among peers that %s, n = 4', (name) => {
    for (let seed = 0; seed < 12; seed++) {
      const liars = new Map([[seed % 4, lies[name]!()]])
      const relays = seed % 4 < 2
      const swarm = runSafely({
        ...{ peers: 4, tolerated: 1, seed, rounds: 3, liars, stepMs: seed % 2 === 0 ? 0 : 20 },
        ...(!relays && { relayDegree: 0 }),
        links: upTo(seed % 8 < 4 ? 40 : 250),
      })
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expectNobodyWronged(swarm, seed)
      expectHonestMembers(swarm, 4, 1)
      if (name === 'equivocate' && relays) expect(swarm.culprits()).toEqual([seed % 4])
    }
  })

  it.each([0, 1, 2, 3, 4, 5])('among two of all kinds, n = 7, seed %i', (seed) => {
    const liars = new Map([
      [seed, kinds[seed % 5]!()],
      [(seed + 3) % 7, kinds[(seed + 1) % 5]!()],
    ])
    const relay = seed % 2 === 0 ? {} : { relayDegree: 0 }
    const swarm = runSafely({ peers: 7, tolerated: 2, seed, rounds: 2, liars, stepMs: 10, ...relay })
    expect(swarm.allCertified(2)).toBe(true)
    expectNobodyWronged(swarm, seed)
    expectHonestMembers(swarm, 7, 2)
  })

  it('among three of all kinds, n = 10', () => {
    const liars = new Map([
      [1, lies.equivocate!()],
      [4, junk],
      [9, lies.replay!()],
    ])
    const swarm = runSafely({ peers: 10, tolerated: 3, seed: 10, rounds: 2, liars, stepMs: 10 })
    expect(swarm.allCertified(2)).toBe(true)
    expectNobodyWronged(swarm, 10)
    expectHonestMembers(swarm, 10, 3)
  })
})

describe('a network that fails', () => {
  it('loses most messages for ever, and asks bring them back', () => {
    for (let seed = 0; seed < 10; seed++) {
      const liars = new Map(seed % 2 === 0 ? [] : [[seed % 4, kinds[seed % 5]!()] as const])
      const random = randomStream(seed, 'losses')
      const loses = (): boolean => random.below(10) < 7
      const swarm = runSafely({ peers: 4, tolerated: 1, seed, rounds: 3, relayDegree: 0, loses, liars })
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expectNobodyWronged(swarm, seed)
    }
  })

  it('loses all but the chatter of a liar, which keeps nobody from asking', () => {
    const liars = new Map([[3, chatter]])
    const loses = ({ from }: { from: number }): boolean => from !== 3
    const swarm = runSafely({ peers: 4, tolerated: 1, seed: 1, rounds: 1, relayDegree: 0, loses, liars }, 24_000)
    expect(swarm.network.nowMs()).toBeGreaterThan(4000)
    expect(swarm.allCertified(1)).toBe(true)
  })

  it('is split in two and heals', () => {
    for (let seed = 0; seed < 6; seed++) {
      const swarm = new RecordedSwarm({ peers: 7, tolerated: 2, seed, rounds: 3, stepMs: 10, links: upTo(40) })
      swarm.network.setReach((from, to) => from % 2 === to % 2)
      swarm.runRounds(3, 3000)
      // Four and three: neither half is n−f.
      expect(swarm.certified.flat()).toEqual([])
      swarm.network.setReach(() => true)
      swarm.runRounds(3)
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expect(swarm.forks()).toBe(0)
      expectNobodyWronged(swarm, seed)
    }
  })

  it('cuts off one peer for some rounds, which then verifies the chain and adopts', () => {
    const swarm = new RecordedSwarm({ peers: 4, tolerated: 1, seed: 4, rounds: 40, links: upTo(40) })
    swarm.network.setReach((from, to) => from !== 0 && to !== 0)
    swarm.runRounds(40, 5000)
    expect(Math.min(...[1, 2, 3].map((peer) => swarm.height(peer)))).toBeGreaterThan(4)
    expect(swarm.certified[0]).toEqual([])
    swarm.network.setReach(() => true)
    swarm.runRounds(40)
    expect(swarm.allCertified(40)).toBe(true)
    expect(swarm.certified[0]!.map(({ checkpoint }) => checkpoint.round)).toEqual(
      Array.from({ length: 40 }, (_, at) => at + 1),
    )
    expect(swarm.forks()).toBe(0)
    // It takes part again: its update is in the last set.
    expect(swarm.certified[1]!.at(-1)!.checkpoint.members.map(({ peer }) => peer)).toContain(0)
    expectNobodyWronged(swarm, 4)
  })
})
