import { expect, it } from 'vitest'
import { createCoalition } from './adversary.ts'

it('a coalition shares the honest peers between two halves, the first with the odd one', () => {
  const { liars, halves } = createCoalition(10, [7, 0, 4])
  expect(liars).toEqual([0, 4, 7])
  expect(halves).toEqual([
    [1, 2, 3, 5],
    [6, 8, 9],
  ])
})
