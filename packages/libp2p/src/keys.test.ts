import { randomBytes } from 'node:crypto'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { expect, test } from 'vitest'
import { keyOfSeed } from './identity.ts'
import { createKeys, identityOfSeed } from './keys.ts'

test('the identity of a seed is what libp2p makes of it', async () => {
  const seed = new Uint8Array(randomBytes(32))
  expect((await identityOfSeed(seed)).id).toBe(peerIdFromPublicKey((await keyOfSeed(seed)).publicKey).toString())
})

test('a signature that was found right is right again, and nothing that differs from it in one bit', async () => {
  const peers = await Promise.all([1, 2].map((n) => identityOfSeed(new Uint8Array(32).fill(n))))
  const publicKeys = peers.map(({ publicKey }) => publicKey)
  const keys = createKeys(peers[0]!.seed, publicKeys)
  const bytes = new Uint8Array(randomBytes(32))
  const signature = keys.sign(bytes)
  expect([keys.verify(0, bytes, signature), keys.verify(0, bytes, signature)]).toEqual([true, true])
  expect(keys.verify(1, bytes, signature)).toBe(false)
  expect(keys.verify(2, bytes, signature)).toBe(false)
  for (let bit = 0; bit < 8 * 64; bit += 37) {
    const other = signature.slice()
    other[bit >> 3]! ^= 1 << (bit & 7)
    expect(keys.verify(0, bytes, other)).toBe(false)
  }
  const others = bytes.slice()
  others[31]! ^= 1
  expect(keys.verify(0, others, signature)).toBe(false)
  expect(keys.verify(0, bytes.subarray(1), signature)).toBe(false)
  expect(keys.verify(0, bytes, signature.subarray(1))).toBe(false)
})
