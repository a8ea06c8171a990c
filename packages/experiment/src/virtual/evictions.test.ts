import { createAdversary } from '@hearsay/adversary'
import { encodeCertificate, LedgerCheck } from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import type { ModelledSwarmOptions } from '../testing/modelled-swarm.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'

const equivocates = () => new Map([[5, createAdversary({ behaviour: 'equivocate' }, 5)]])

function swarmOf(options: Partial<ModelledSwarmOptions>): RecordedSwarm {
  return new RecordedSwarm({
    ...{ peers: 7, tolerated: 2, seed: 1, rounds: 7, stepMs: 10, evictEvery: 2, liars: equivocates() },
    ...options,
  })
}

function run(options: Partial<ModelledSwarmOptions>): RecordedSwarm {
  const swarm = swarmOf(options).runRounds(7, 120_000)
  expect(swarm.allCertified(7)).toBe(true)
  expect([swarm.forks(), swarm.halted.size]).toEqual([0, 0])
  return swarm
}

describe('a network that evicts', () => {
  it('takes a liar out in a stated round, whose updates and words count no more two rounds later', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const swarm = run({ seed })
      const chain = swarm.certified[0]!
      const outs = chain.map(({ checkpoint }) => checkpoint.out ?? [])
      const first = outs.findIndex((out) => out.length > 0) + 1
      expect(first % 2).toBe(0)
      expect(outs.slice(first - 1)).toEqual(Array(8 - first).fill([5]))
      for (const { checkpoint } of chain.slice(first + 1))
        expect(checkpoint.members.map(({ peer }) => peer)).not.toContain(5)
      // W − F of the genesis are still enough, and needed.
      expect(chain.at(-1)!.checkpoint.members.length).toBeGreaterThanOrEqual(5)
      const check = new LedgerCheck(swarm.networks[0]!)
      for (const certificate of chain)
        expect(check.next(encodeCertificate(certificate))).toMatchObject({ digest: certificate.digest })
      expect(check.quorums.total).toBe(6)
    }
  })

  it('evicts nobody when nobody is proven to lie', () => {
    const swarm = run({ liars: new Map() })
    for (const { checkpoint } of swarm.certified.flat()) expect(checkpoint.out).toBeUndefined()
  })

  it('a peer that was cut off learns the new era from the certificates that it lacks, and one that starts again goes on in it', () => {
    const swarm = swarmOf({ seed: 2, rounds: 30 })
    swarm.network.setReach((from, to) => from !== 0 && to !== 0)
    swarm.runRounds(30, 6000)
    expect(swarm.certified[0]).toEqual([])
    expect(swarm.certified[1]!.at(-1)!.checkpoint.out).toEqual([5])
    swarm.network.setReach(() => true)
    swarm.restart(1)
    swarm.runRounds(30, 120_000)
    expect(swarm.allCertified(30)).toBe(true)
    expect(swarm.forks()).toBe(0)
    expect(swarm.certified[1]!.at(-1)!.checkpoint.members.map(({ peer }) => peer)).toContain(0)
  })
})
