import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isSignature, isSigningKey } from './ed25519.ts'
import { isPeerId, peerIdOfPublicKey, publicKeyOfPeerId } from './identity.ts'
import { createVerifier, identityOfSeed } from './keys.ts'

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const text = (of: string): Uint8Array => new TextEncoder().encode(of)
/** S = 1, little-endian. */
const one = `01${'00'.repeat(31)}`
const neutral = `01${'00'.repeat(31)}`

/**
 * The eight points of small order in all encodings that decoders take: of each a message and an R with which S = 1 fits
 * the equation, so that OpenSSL 3.0 takes the signature. They were found by trying messages and R = B + (small order).
 */
const smallOrder: readonly [of: string, key: string, message: string, r: string][] = [
  ['order 1', neutral, '0', `58${'66'.repeat(31)}`],
  ['order 1, y + p', `ee${'ff'.repeat(30)}7f`, '0', `58${'66'.repeat(31)}`],
  ['order 1, sign of x', `01${'00'.repeat(30)}80`, '0', `58${'66'.repeat(31)}`],
  ['order 1, y + p, sign of x', `ee${'ff'.repeat(31)}`, '0', `58${'66'.repeat(31)}`],
  ['order 2', `ec${'ff'.repeat(30)}7f`, '1', `58${'66'.repeat(31)}`],
  ['order 2, sign of x', `ec${'ff'.repeat(31)}`, '0', `58${'66'.repeat(31)}`],
  ['order 4', '00'.repeat(32), '1', `58${'66'.repeat(31)}`],
  ['order 4, y + p', `ed${'ff'.repeat(30)}7f`, '1', '5252cc0a7f208133b620acbd4537eba2a4123bf0a8c2e4f980c3b31bb69765ea'],
  [
    'the other of order 4',
    `${'00'.repeat(31)}80`,
    '1',
    '5252cc0a7f208133b620acbd4537eba2a4123bf0a8c2e4f980c3b31bb69765ea',
  ],
  ['the other of order 4, y + p', `ed${'ff'.repeat(31)}`, '0', `95${'99'.repeat(31)}`],
  [
    'order 8',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '1',
    '13661d745ad63221ca5da0456fa618713511dc60668aa464e55b09a20ff7fc1d',
  ],
  [
    'the second of order 8',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    '0',
    '55ae61520ca466adcc4ae4a32dc1633a5d749c64a5b50f136fc3469f27e487e6',
  ],
  [
    'the third of order 8',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    '0',
    `58${'66'.repeat(31)}`,
  ],
  [
    'the fourth of order 8',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    '0',
    `95${'99'.repeat(31)}`,
  ],
]

/** A sound key (of the secret 123456789 · 987654321), and what may be tried with its signature of "message 0". */
const sound = 'c7ce08bf370f5268893c06389f99a63738974890099ffaf046a66e146e6caee0'
const soundR = 'b862409fb5c4c4123df2abf7462b88f041ad36dd6864ce872fd5472be363c5b1'
const soundS = '62f5b633968e2b8f475ecd96ef8dac6ceb38b05dbdc8778d653ef607c5361a03'

const verifies = (key: string, message: string, signature: string): boolean =>
  createVerifier([bytes(key)])(0, text(`message ${message}`), bytes(signature))

const isOpenssl30 = process.versions.openssl.startsWith('3.0')

/** What OpenSSL alone says. */
function openssl(key: string, message: string, signature: string): boolean {
  const spki = Buffer.concat([bytes('302a300506032b6570032100'), bytes(key)])
  return verify(
    null,
    text(`message ${message}`),
    createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    bytes(signature),
  )
}

describe('a key', () => {
  it.each(smallOrder)('of small order signs nothing, and is in no peer id: %s', (_, key, message, r) => {
    expect(isSigningKey(bytes(key))).toBe(false)
    expect(verifies(key, message, r + one)).toBe(false)
    const id = peerIdOfPublicKey(bytes(key))
    expect(isPeerId(id)).toBe(false)
    expect(() => publicKeyOfPeerId(id)).toThrow(/12D3Koo\w+ is a peer id whose key is no sound Ed25519 key/)
  })

  // OpenSSL 3.0 takes the signatures above, later versions do not: only there the refusal above is this project's alone.
  it.runIf(isOpenssl30)('of small order signs anything for OpenSSL 3.0', () => {
    for (const [, key, message, r] of smallOrder) expect(openssl(key, message, r + one)).toBe(true)
  })

  it('that is no point of the curve, or is written with y ≥ p, signs nothing', () => {
    // y = 2 is on no point; y = 3 is on two, and written as 3 + p it is 2^255 − 16.
    expect([2, 3].map((y) => isSigningKey(bytes(`0${y}${'00'.repeat(31)}`)))).toEqual([false, true])
    expect(isSigningKey(bytes(`f0${'ff'.repeat(30)}7f`))).toBe(false)
    expect(isSigningKey(bytes(`f0${'ff'.repeat(31)}`))).toBe(false)
    for (const length of [0, 31, 33]) expect(isSigningKey(new Uint8Array(length).fill(3))).toBe(false)
  })

  it('of an honest peer is sound', async () => {
    for (let seed = 0; seed < 32; seed++) {
      const { publicKey, id } = await identityOfSeed(new Uint8Array(32).fill(seed))
      expect(isSigningKey(publicKey)).toBe(true)
      expect(publicKeyOfPeerId(id)).toEqual(publicKey)
    }
  })

  it('of mixed order is taken, with the signatures that fit the equation without cofactor, and no others', () => {
    const mixed = '7a8b1292cd02921d290d07a5efff639423ce9ba8448af1d2831f6355a4078e76'
    const fits = `${soundR}fdcd0d51cacc8bd6ac109d911ceaf750dc6e503e95f8b529751d850d7d85050b`
    const fitsTimesEight = `${soundR}233db8f2aa9f8023bfe742b2076508b3b3a0cc55c8c47a0b286b76c44bb62a09`
    expect(isSigningKey(bytes(mixed))).toBe(true)
    expect([verifies(mixed, '1', fits), openssl(mixed, '1', fits)]).toEqual([true, true])
    expect([verifies(mixed, '0', fitsTimesEight), openssl(mixed, '0', fitsTimesEight)]).toEqual([false, false])
  })
})

describe('a signature', () => {
  it('is right as it was made', () => {
    expect(verifies(sound, '0', soundR + soundS)).toBe(true)
  })

  it('with S + L for S is wrong, though the equation holds', () => {
    const more = '4fc9ac90b0f13de71dfbc439ce878b81eb38b05dbdc8778d653ef607c5361a13'
    expect(isSignature(bytes(soundR + more))).toBe(false)
    expect(verifies(sound, '0', soundR + more)).toBe(false)
    // L − 1 is the largest S.
    const largest = 'ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010'
    expect(isSignature(bytes(soundR + largest))).toBe(true)
    expect(isSignature(bytes(soundR + largest.replace('ec', 'ed')))).toBe(false)
    expect(isSignature(bytes(soundR + 'ff'.repeat(32)))).toBe(false)
  })

  it.each(smallOrder)('with an R of small order is wrong: %s', (_, r) => {
    expect(isSignature(bytes(r + soundS))).toBe(false)
  })

  it('with the neutral point for R is wrong, though the equation holds: versions of OpenSSL differ there', () => {
    const fits = 'a56417e7f5f3736014d416915b09171619dedb96025f0a06908bad1d64fead0a'
    expect(verifies(sound, '0', neutral + fits)).toBe(false)
    if (isOpenssl30) expect(openssl(sound, '0', neutral + fits)).toBe(true)
  })

  it('whose R has y ≥ p, or differs by a point of small order, is wrong', () => {
    for (const low of ['ed', 'f0', 'ff'])
      for (const high of ['7f', 'ff']) expect(isSignature(bytes(low + 'ff'.repeat(30) + high + soundS))).toBe(false)
    const mixed =
      'e9b2fe981587efae6478f48ba1fa60cec6126d0e26dde72a0a24f640dcd783e578d18d9807abbf4fb66e00ef1008cc52d7aa5e32f4e12dcb68c990a177223600'
    expect([verifies(sound, '0', mixed), openssl(sound, '0', mixed)]).toEqual([false, false])
  })
})
