import { describe, expect, it } from 'vitest'
import { Swarm } from './testing/swarm.ts'

describe('a swarm of honest peers', () => {
  it.each([1, 4, 7, 10])('certifies the same chain with n = %i', (peers) => {
    const swarm = new Swarm({ peers, tolerated: Math.floor((peers - 1) / 3), seed: peers, rounds: 5 })
    swarm.run(60_000, () => swarm.allCertified(5))
    expect(swarm.allCertified(5)).toBe(true)
    expect(swarm.forks()).toBe(0)
    expect(swarm.evidence).toEqual([])
    expect(swarm.faults).toEqual([])
  })
})
