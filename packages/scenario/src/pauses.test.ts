import { describe, expect, it } from 'vitest'
import { checkPauses, faultOfConditions, type Pause, pausesOf } from './pauses.ts'

const model = Float32Array.of(3, 4)
const pause = (one: Partial<Pause>): Pause => ({ peers: [1], fromRound: 1, probability: 1, ...one })
const roundsOf = (one: Partial<Pause>, seed = 1): number[] => {
  const isPaused = pausesOf([pause(one)], 1, seed)!
  return Array.from({ length: 10 }, (_, at) => at + 1).filter((round) => isPaused(round, model))
}

describe('who pauses when', () => {
  it('is nobody but those who are named', () => {
    expect(pausesOf(undefined, 1, 1)).toBeUndefined()
    expect(pausesOf([pause({})], 0, 1)).toBeUndefined()
  })

  it('is by a schedule', () => {
    expect(roundsOf({ rounds: [2, 5, 9], fromRound: 3, untilRound: 8 })).toEqual([5])
  })

  it('is by chance, the same for the same seed, peer and round, whatever was asked before', () => {
    const drawn = roundsOf({ probability: 0.5 })
    expect(roundsOf({ probability: 0.5 })).toEqual(drawn)
    expect(roundsOf({ probability: 0.5 }, 2)).not.toEqual(drawn)
    const isPaused = pausesOf([pause({ probability: 0.5 })], 1, 1)!
    expect([10, 9, 8, 7, 6, 5, 4, 3, 2, 1].filter((round) => isPaused(round, model)).reverse()).toEqual(drawn)
    expect(roundsOf({ probability: 0 })).toEqual([])
  })

  it('is by what the model is: a parameter, or its length', () => {
    expect(roundsOf({ when: { of: 1, above: 3.5 } })).toHaveLength(10)
    expect(roundsOf({ when: { of: 0, above: 3.5 } })).toEqual([])
    expect(roundsOf({ when: { of: 'norm', above: 4.9, below: 5.1 } })).toHaveLength(10)
    expect(roundsOf({ when: { of: 7, below: 1 } })).toEqual([])
  })
})

describe('what is wrong with pauses', () => {
  const faults = (pauses: Pause[], agreement: { kind: string; pauses?: string } = { kind: 'exact', pauses: 'prune' }) =>
    checkPauses({ pauses, peers: 4, agreement }).map(({ path, message }) => `${path.join('.')}: ${message}`)

  it('is told in its place', () => {
    expect(faults([pause({})])).toEqual([])
    expect(faults([pause({})], { kind: 'exact' })[0]).toMatch(/^pauses: .*set agreement.pauses to a policy/)
    expect(faults([pause({})], { kind: 'averaging' })[0]).toMatch(/set agreement to exact/)
    expect(faults([pause({ peers: [1, 4] })])).toEqual(['pauses.0.peers.1: there are peers 0 to 3, found 4'])
    expect(faults([pause({ fromRound: 3, untilRound: 2 })])[0]).toMatch(/untilRound/)
    expect(faults([pause({ when: { of: 'norm' } })])[0]).toMatch(/when: says no bound/)
    expect(faults([pause({ backTo: 2, fromRound: 3, untilRound: 7 })])).toEqual([])
    expect(faults([pause({ backTo: 2, rounds: [6, 4] })])).toEqual([])
    expect(faults([pause({ backTo: 2 })])[0]).toMatch(
      /^pauses.0.backTo: it is asked for in rounds from 1 on: all of these/,
    )
    expect(faults([pause({ backTo: 3, rounds: [3] })])[0]).toMatch(/backTo: it is asked for in round 3: .* found 3/)
    expect(faults([pause({ backTo: 1, fromRound: 3, untilRound: 7 })])[0]).toMatch(/in rounds 3 to 7: .* found 1/)
  })

  it('is told of a parameter that the model has not', () => {
    const of = (index: number) => faultOfConditions([pause({}), pause({ when: { of: index, above: 0 } })], 2)
    expect(of(1)).toBeUndefined()
    expect(of(2)).toBe('pauses.1.when.of: the model has parameters 0 to 1, found 2')
    expect(faultOfConditions(undefined, 2)).toBeUndefined()
  })
})
