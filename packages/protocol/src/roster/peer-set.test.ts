import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PeerSet } from './peer-set.ts'

test('holds what a set holds, each once and in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200)), (peers) => {
      const set = new PeerSet()
      const reference = new Set<number>()
      for (const peer of peers) {
        expect(set.has(peer)).toBe(reference.has(peer))
        expect(set.add(peer)).toBe(!reference.has(peer))
        reference.add(peer)
      }
      expect([...set]).toEqual([...reference].sort((a, b) => a - b))
    }),
  )
})
