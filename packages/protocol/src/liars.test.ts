import { describe, expect, it } from 'vitest'
import { verifyEvidence } from './chain/evidence.ts'
import { chatter, equivocate, garble, junk, type Lie, replay, silent } from './testing/liars.ts'
import { Swarm, type SwarmOptions } from './testing/swarm.ts'

const lies: Readonly<Record<string, Lie>> = { silent, equivocate, junk, replay, garble }

/** Runs until all honest peers have certified all rounds; safety is checked after every certificate. */
function runSafely(options: SwarmOptions, untilMs = 120_000): Swarm {
  const swarm = new Swarm(options)
  let count = 0
  swarm.run(
    untilMs,
    () => swarm.allCertified(options.rounds),
    () => {
      const now = swarm.certified.reduce((sum, certificates) => sum + certificates.length, 0)
      if (now > count) expect(swarm.forks(), `seed ${options.seed}`).toBe(0)
      count = now
    },
  )
  return swarm
}

function expectNobodyWronged(swarm: Swarm, seed: number): void {
  const { network } = swarm.optionsOf(0)
  for (const evidence of swarm.evidence) expect(verifyEvidence(evidence.bytes, network)).toEqual(evidence)
  for (const culprit of swarm.culprits()) expect(swarm.honest, `seed ${seed}`).not.toContain(culprit)
  for (const { peer } of swarm.faults) expect(swarm.honest, `seed ${seed}`).not.toContain(Number(peer))
  expect(swarm.halted.size).toBe(0)
}

function expectHonestMembers(swarm: Swarm, n: number, f: number): void {
  for (const peer of swarm.honest)
    for (const { checkpoint } of swarm.certified[peer]!) {
      expect(checkpoint.members.length).toBeGreaterThanOrEqual(n - f)
      const positions = checkpoint.members.map((member) => member.peer)
      expect(positions).toEqual([...positions].sort((a, b) => a - b))
    }
}

describe('honest peers certify one chain and accuse nobody honest', () => {
  it.each(Object.keys(lies))('among peers that %s, n = 4', (name) => {
    for (let seed = 0; seed < 16; seed++) {
      const liars = new Map([[seed % 4, lies[name]!]])
      const options = { relay: seed % 4 < 2, batchMs: seed % 2 === 0 ? 0 : 20, delayMs: seed % 8 < 4 ? 40 : 250 }
      const swarm = runSafely({ peers: 4, tolerated: 1, seed, rounds: 3, liars, ...options })
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expectNobodyWronged(swarm, seed)
      expectHonestMembers(swarm, 4, 1)
      if (name === 'equivocate' && options.relay) expect(swarm.culprits()).toEqual([seed % 4])
    }
  })

  it.each([0, 1, 2, 3, 4, 5])('among two of all kinds, n = 7, seed %i', (seed) => {
    const kinds = Object.values(lies)
    const liars = new Map([
      [seed, kinds[seed % 5]!],
      [(seed + 3) % 7, kinds[(seed + 1) % 5]!],
    ])
    const swarm = runSafely({ peers: 7, tolerated: 2, seed, rounds: 2, liars, relay: seed % 2 === 0, batchMs: 10 })
    expect(swarm.allCertified(2)).toBe(true)
    expectNobodyWronged(swarm, seed)
    expectHonestMembers(swarm, 7, 2)
  })

  it('among three of all kinds, n = 10', () => {
    const liars = new Map([
      [1, equivocate],
      [4, junk],
      [9, replay],
    ])
    const swarm = runSafely({ peers: 10, tolerated: 3, seed: 10, rounds: 2, liars, batchMs: 10 })
    expect(swarm.allCertified(2)).toBe(true)
    expectNobodyWronged(swarm, 10)
    expectHonestMembers(swarm, 10, 3)
  })
})

describe('a network that fails', () => {
  it('loses most messages for ever, and asks bring them back', () => {
    for (let seed = 0; seed < 12; seed++) {
      const liars = new Map(seed % 2 === 0 ? [] : [[seed % 4, lies[Object.keys(lies)[seed % 5]!]!] as const])
      const lost = (_from: number, _to: number, swarm: Swarm): boolean => swarm.random(9) < 7
      const swarm = runSafely({ peers: 4, tolerated: 1, seed, rounds: 3, relay: false, lost, liars })
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expectNobodyWronged(swarm, seed)
    }
  })

  it('loses all but the chatter of a liar, which keeps nobody from asking', () => {
    const liars = new Map([[3, chatter]])
    const lost = (from: number): boolean => from !== 3
    const swarm = runSafely({ peers: 4, tolerated: 1, seed: 1, rounds: 1, relay: false, lost, liars }, 24_000)
    expect(swarm.nowMs).toBeGreaterThan(4000)
    expect(swarm.allCertified(1)).toBe(true)
  })

  it('is split in two and heals', () => {
    for (let seed = 0; seed < 8; seed++) {
      const swarm = new Swarm({
        peers: 7,
        tolerated: 2,
        seed,
        rounds: 3,
        batchMs: 10,
        blocked: (from, to, { nowMs }) => nowMs < 3000 && from % 2 !== to % 2,
      })
      swarm.run(3000)
      // Four and three: neither half is n−f.
      expect(swarm.certified.flat()).toEqual([])
      swarm.heal()
      swarm.run(60_000, () => swarm.allCertified(3))
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expect(swarm.forks()).toBe(0)
      expectNobodyWronged(swarm, seed)
    }
  })

  it('cuts off one peer for some rounds, which then verifies the chain and adopts', () => {
    const cutOff = (from: number, to: number, { nowMs }: Swarm): boolean =>
      nowMs < 5000 && from !== to && (from === 0 || to === 0)
    const swarm = new Swarm({
      peers: 4,
      tolerated: 1,
      seed: 4,
      rounds: 40,
      lost: cutOff,
      blocked: (from, to, at) => cutOff(from, to, at),
    })
    swarm.run(5000)
    const behind = Math.min(...[1, 2, 3].map((peer) => swarm.certified[peer]!.length))
    expect(behind).toBeGreaterThan(4)
    expect(swarm.certified[0]).toEqual([])
    swarm.run(60_000, () => swarm.allCertified(40))
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

describe('silence', () => {
  it.each([
    [4, 1],
    [7, 2],
    [10, 3],
  ])('of f peers stops nothing, of f+1 everything: n = %i, f = %i', (n, f) => {
    for (const b of [f, f + 1]) {
      const liars = new Map(Array.from({ length: b }, (_, at) => [2 * at, silent] as const))
      const swarm = runSafely({ peers: n, tolerated: f, seed: b, rounds: 2, liars, batchMs: 10 }, 10_000)
      expect(swarm.allCertified(2)).toBe(b === f)
      if (b > f) expect(swarm.certified.flat()).toEqual([])
      expectNobodyWronged(swarm, b)
    }
  })
})
