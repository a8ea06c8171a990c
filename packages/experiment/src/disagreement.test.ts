import { expect, it } from 'vitest'
import { Disagreement } from './disagreement.ts'

it('is the largest distance between two models of a round, whenever they come', () => {
  const disagreement = new Disagreement()
  // Of a round that nobody finished, equal models would be a claim.
  expect(disagreement.of(1)).toBeNull()
  disagreement.add(1, 'a', Float32Array.of(0, 0))
  disagreement.add(1, 'a', Float32Array.of(0, 0))
  expect(disagreement.of(1)).toBe(0)
  disagreement.add(2, 'x', Float32Array.of(7, 7))
  disagreement.add(1, 'b', Float32Array.of(3, 4))
  disagreement.add(1, 'c', Float32Array.of(1, 1))
  expect([disagreement.of(1), disagreement.of(2)]).toEqual([5, 0])
  disagreement.forget(2)
  expect(disagreement.of(1)).toBe(5)
})

it('is unknown once a model is not finite', () => {
  const disagreement = new Disagreement()
  disagreement.add(1, 'a', Float32Array.of(0))
  disagreement.add(1, 'b', Float32Array.of(Number.NaN))
  disagreement.add(1, 'c', Float32Array.of(1))
  expect(disagreement.of(1)).toBeNull()
})
