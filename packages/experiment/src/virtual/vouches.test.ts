import { type Adversary, createAdversary } from '@hearsay/adversary'
import {
  encodeCertificate,
  LedgerCheck,
  mostTolerated,
  quorumsAfter,
  type Said,
  type TrustTerms,
} from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import type { ModelledSwarmOptions } from '../testing/modelled-swarm.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'

/** Peers 0 to 3 weigh 10 whatever is said; others what those say of them, up to 10 together. */
function trustOf(every: number): TrustTerms {
  return {
    every,
    vouches: [],
    weigh: (given) => {
      const weights = Array.from({ length: 7 }, (_, peer): number => (peer < 4 ? 10 : 0))
      for (const { from, to, weight } of given)
        if (from < 4 && to >= 4) weights[to] = Math.min(10, weights[to]! + Math.floor(weight / 20))
      return weights
    },
  }
}

const those = (behaviour: string, ...liars: number[]): Map<number, Adversary> =>
  new Map(liars.map((liar) => [liar, createAdversary({ behaviour }, liar)]))
const full = (...peers: number[]): Said[] => peers.map((to) => ({ to, weight: 100 }))

/** Four peers with weight and three that wait. */
function swarmOf(options: Partial<ModelledSwarmOptions>): RecordedSwarm {
  return new RecordedSwarm({
    ...{ peers: 7, tolerated: mostTolerated(40), weights: [10, 10, 10, 10, 0, 0, 0] },
    ...{ seed: 1, rounds: 9, stepMs: 10, trust: trustOf(1) },
    ...options,
  })
}

function run(options: Partial<ModelledSwarmOptions>): RecordedSwarm {
  const swarm = swarmOf(options).runRounds(9, 200_000)
  expect(swarm.allCertified(9)).toBe(true)
  expect([swarm.forks(), swarm.halted.size]).toEqual([0, 0])
  const check = new LedgerCheck(swarm.networks[0]!)
  for (const certificate of swarm.certified[swarm.honest[0]!]!)
    expect(check.next(encodeCertificate(certificate))).toMatchObject({ digest: certificate.digest })
  return swarm
}

const everySet = (swarm: RecordedSwarm): number[][] =>
  swarm.certified[0]!.map(({ checkpoint }) => checkpoint.members.map(({ peer }) => peer))
const weightsOf = (swarm: RecordedSwarm): (readonly number[])[] =>
  swarm.certified[0]!.map(({ checkpoint }) => checkpoint.standing!.weights)

describe('a network whose weights follow vouches', () => {
  it('takes a peer in two rounds after vouches for it, which follows until then, and lets go whoever says farewell', () => {
    const swarm = run({
      wishes: (peer, round) => {
        if (peer === 3 && round >= 6) return [{ to: 3, weight: 0 }]
        return peer < 3 && round >= 2 ? full(4) : []
      },
    })
    const sets = everySet(swarm)
    for (const set of sets.slice(0, 3)) expect(set).toEqual([0, 1, 2, 3])
    for (const set of sets.slice(3, 7)) expect(set).toEqual([0, 1, 2, 3, 4])
    for (const set of sets.slice(7)) expect(set).toEqual([0, 1, 2, 4])
    expect(weightsOf(swarm).map((weights) => weights[4])).toEqual([0, 4, 8, 10, 10, 10, 10, 10, 10])
    expect(weightsOf(swarm).map((weights) => weights[3])).toEqual([10, 10, 10, 10, 10, 0, 0, 0, 0])
    // Who waits says nothing, and who has left neither.
    const spoke = (peer: number): number[] => [...new Set(swarm.sent[peer]!.map(({ round }) => round))]
    expect(spoke(4)[0]).toBe(4)
    expect(spoke(5)).toEqual([])
    expect(Math.max(...spoke(3))).toBe(7)
  })

  it('evicts whom it has proven to lie, and no vouch brings it back', () => {
    const swarm = run({
      ...{ evictEvery: 2, liars: those('equivocate', 3) },
      wishes: (peer) => (peer < 3 ? full(3, 5) : []),
    })
    const { out, standing } = swarm.certified[0]!.at(-1)!.checkpoint
    expect(out).toEqual([3])
    expect(standing!.weights).toEqual([10, 10, 10, 0, 0, 10, 0])
    expect(standing!.vouches.filter(({ to }) => to === 3)).toEqual([])
    expect(everySet(swarm).at(-1)).toEqual([0, 1, 2, 5])
  })

  it('goes on with silent peers that have joined while they weigh F at most, and not when they weigh more, whatever their heads', () => {
    const goesOn = (liars: number[], each: number): boolean => {
      const wishes = (peer: number): Said[] => (peer < 4 ? liars.map((to) => ({ to, weight: each })) : [])
      const swarm = swarmOf({ wishes, rounds: 12, liars: those('silent', ...liars) }).runRounds(12, 60_000)
      expect(swarm.forks()).toBe(0)
      const { checkpoint } = swarm.certified[0]!.at(-1)!
      const quorums = quorumsAfter(checkpoint, swarm.networks[0]!)
      expect(quorums.weigh(liars) > quorums.tolerated).toBe(!swarm.allCertified(12))
      return swarm.allCertified(12)
    }
    expect(goesOn([4, 5, 6], 20)).toBe(true)
    expect(goesOn([4, 5, 6], 100)).toBe(false)
    expect(goesOn([4], 100)).toBe(true)
  })

  it('is learnt by a peer that was cut off, from the certificates that it lacks, and gone on with by one that starts again', () => {
    const swarm = swarmOf({
      ...{ seed: 2, rounds: 30, trust: trustOf(2) },
      wishes: (peer) => (peer < 4 ? full(4, 5, 6) : []),
    })
    swarm.network.setReach((from, to) => from !== 0 && to !== 0)
    swarm.runRounds(30, 6000)
    expect(swarm.certified[0]).toEqual([])
    expect(swarm.certified[1]!.at(-1)!.checkpoint.standing!.weights[4]).toBeGreaterThan(0)
    swarm.network.setReach(() => true)
    swarm.restart(1)
    swarm.runRounds(30, 200_000)
    expect(swarm.allCertified(30)).toBe(true)
    expect(swarm.forks()).toBe(0)
    expect(swarm.certified[1]!.at(-1)!.checkpoint.members).toHaveLength(7)
  })
})
