import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Coordinators } from './coordinators.ts'

const firstOf = (weights: readonly number[], phases: number): number[] => {
  const coordinators = new Coordinators(weights)
  return Array.from({ length: phases }, (_, at) => coordinators.of(at + 1))
}

it('peers that weigh the same have one turn after the other, whatever they weigh', () => {
  for (const weight of [1, 3]) expect(firstOf(Array(4).fill(weight), 9)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0])
})

it('who weighs more has more turns, and in between', () => {
  expect(firstOf([1, 1, 1, 2], 10)).toEqual([3, 0, 1, 2, 3, 3, 0, 1, 2, 3])
  expect(firstOf([3, 2, 2, 1], 8)).toEqual([0, 1, 2, 0, 1, 0, 2, 3])
})

const weightsOf = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 })

it('up to any phase nobody has a whole turn more or less than its weight is worth', () => {
  fc.assert(
    fc.property(weightsOf, (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const had = weights.map(() => 0)
      let most = 0
      for (const [at, peer] of firstOf(weights, Math.min(3 * total, 400)).entries()) {
        had[peer]!++
        for (const [other, weight] of weights.entries())
          most = Math.max(most, Math.abs(had[other]! - ((at + 1) * weight) / total))
      }
      expect(most).toBeLessThan(1)
    }),
  )
})

it('of any 3b phases, b peers that weigh less than a third do not have all', () => {
  fc.assert(
    fc.property(weightsOf, fc.nat(4095), (weights, set) => {
      const liars = [...weights.keys()].filter((peer) => (set >> peer) & 1)
      const weightOf = (peers: readonly number[]): number => peers.reduce((sum, peer) => sum + weights[peer]!, 0)
      fc.pre(liars.length > 0 && 3 * weightOf(liars) < weightOf([...weights.keys()]))
      let [alone, most] = [0, 0]
      for (const peer of firstOf(weights, 400)) {
        alone = liars.includes(peer) ? alone + 1 : 0
        most = Math.max(most, alone)
      }
      expect(most).toBeLessThan(3 * liars.length)
    }),
  )
})
