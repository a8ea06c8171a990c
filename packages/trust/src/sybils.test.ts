import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sybilVouches } from './sybils.ts'
import { vouchFaults } from './vouches/vouches.ts'

test('no vouch is bought twice, and as many are bought as are said and there are', () => {
  const count = fc.integer({ min: 1, max: 9 })
  fc.assert(
    fc.property(count, count, fc.nat(100), fc.boolean(), (honest, sybils, bought, back) => {
      const vouches = sybilVouches({ honest, sybils, bought, back })
      expect(vouchFaults(honest + sybils, vouches)).toEqual([])
      expect(vouches.filter(({ from }) => from < honest)).toHaveLength(Math.min(bought, honest * sybils))
    }),
  )
})
