import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../testing/exchange.ts'
import { certificateOf, checkpointOf, digest, networksOf } from '../testing/network.ts'
import { decodeCertificate, decodeCheckpoint, encodeCertificate, encodeCheckpoint } from './checkpoint.ts'

const networks = networksOf(7, 2)
const [network] = networks as [(typeof networks)[number]]
const update = (peer: number): { peer: number; digest: string } => ({ peer, digest: digest(`update ${peer}`) })

describe('checkpoints', () => {
  it('come back from bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.subarray([0, 1, 2, 3, 4, 5, 6]), (round, members) => {
        const checkpoint = checkpointOf(network, { round, members: members.map(update), model: digest(`${round}`) })
        expect(decodeCheckpoint(encodeCheckpoint(checkpoint), network)).toEqual(checkpoint)
      }),
      { numRuns: 100 },
    )
  })

  it.each<[string, Parameters<typeof checkpointOf>[1]]>([
    ['round 0', { round: 0 }],
    ['members out of order', { members: [update(1), update(0)] }],
    ['a member twice', { members: [update(1), update(1)] }],
    ['a member beyond the roster', { members: [update(7)] }],
    ['a member without a digest', { members: [{ peer: 0, digest: '' }] }],
    ['a short predecessor', { previous: 'ab' }],
    ['a short model', { model: 'ab' }],
    ['a long rule', { rule: 'x'.repeat(10_000) }],
  ])('with %s are none', (_, fields) => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpointOf(network, fields)), network)).toBe(undefined)
  })
})

describe('certificates', () => {
  it('need a quorum of different signers, each with a right signature of the same checkpoint', () => {
    const checkpoint = checkpointOf(network)
    const whole = certificateOf(networks, checkpoint, [0, 2, 3, 5, 6])
    expect(decodeCertificate(encodeCertificate(whole), network)).toEqual(whole)
    const open = (certificate: typeof whole): unknown => decodeCertificate(encodeCertificate(certificate), network)
    expect(open(certificateOf(networks, checkpoint, [0, 2, 3, 5]))).toMatch(/less than a quorum/)
    const other = certificateOf(networks, checkpointOf(network, { model: digest('other') }), [6]).signatures.get(6)!
    expect(open({ ...whole, signatures: new Map([...whole.signatures, [6, other]]) })).toMatch(
      /wrong signature of peer 6/,
    )
    expect(open({ ...whole, signatures: new Map([...whole.signatures, [7, other]]) })).toMatch(/unknown/)
    const bytes = encodeCertificate(whole)
    const entry = (bytes.length - whole.bytes.length) / 5
    const repeated = Uint8Array.from([...bytes, ...bytes.subarray(bytes.length - Math.floor(entry))])
    expect(typeof decodeCertificate(repeated, network)).toBe('string')
  })

  it('are of this rule and a set of n−f', () => {
    const signers = [0, 1, 2, 3, 4, 5, 6]
    const open = (fields: Parameters<typeof checkpointOf>[1]): unknown =>
      decodeCertificate(encodeCertificate(certificateOf(networks, checkpointOf(network, fields), signers)), network)
    expect(typeof open({})).toBe('object')
    expect(open({ members: [0, 1, 2, 3].map(update) })).toMatch(/less than n−f/)
    expect(open({ rule: '{"rule":"other"}' })).toMatch(/another rule/)
    expect(open({ round: 0 })).toMatch(/well-formed/)
  })

  it('of hostile bytes are refused and never throw', () => {
    const random = randomFrom(3)
    const bytes = encodeCertificate(certificateOf(networks, checkpointOf(network), [0, 1, 2, 3, 4]))
    for (let time = 0; time < 5000; time++) {
      const hostile = bytes.slice()
      hostile[random(bytes.length - 1)]! ^= 1 << random(7)
      expect(typeof decodeCertificate(hostile.subarray(0, hostile.length - random(3)), network)).toBe('string')
    }
    expect(decodeCertificate(new Uint8Array(network.limits.certificateBytes + 1), network)).toMatch(/too many bytes/)
  })

  it('of all peers about all updates are within the limit', () => {
    for (const peers of [1, 7, 100]) {
      const all = networksOf(peers, 0)
      const everybody = [...Array(peers).keys()]
      const checkpoint = checkpointOf(all[0]!, { round: 2 ** 32 - 1, members: everybody.map(update) })
      expect(typeof decodeCertificate(encodeCertificate(certificateOf(all, checkpoint, everybody)), all[0]!)).toBe(
        'object',
      )
    }
  })
})
