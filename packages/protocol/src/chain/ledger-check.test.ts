import { describe, expect, it } from 'vitest'
import { certificateOf, checkpointOf, digest, networksOf } from '../testing/network.ts'
import { type Certificate, encodeCertificate } from './checkpoint.ts'
import { LedgerCheck } from './ledger-check.ts'

const networks = networksOf(4, 1)
const [network] = networks as [(typeof networks)[number]]

function chain(rounds: number, signers: readonly number[] = [0, 1, 2]): Certificate[] {
  const links: Certificate[] = []
  for (let round = 1; round <= rounds; round++) {
    const at = { round, previous: links.at(-1)?.digest ?? network.genesis, model: digest(`model ${round}`) }
    links.push(certificateOf(networks, checkpointOf(network, at), signers))
  }
  return links
}

describe('a ledger check', () => {
  it('follows a sound chain from the genesis on', () => {
    const links = chain(3)
    const check = new LedgerCheck(network)
    expect([check.height, check.digest]).toEqual([0, network.genesis])
    for (const link of links) expect(check.next(encodeCertificate(link))).toEqual(link)
    expect([check.height, check.digest]).toEqual([3, links[2]!.digest])
  })

  const links = chain(3)
  const [, second, third] = links as [Certificate, Certificate, Certificate]
  const wrong = new Map(second.signatures).set(1, second.signatures.get(2)!)
  const sibling = certificateOf(networks, checkpointOf(network, { round: 2, previous: digest('other') }), [0, 1, 2])
  const fewer = second.checkpoint.members.slice(1)
  it.each<[string, Uint8Array, string]>([
    ['a gap', encodeCertificate(third), 'a certificate of round 3 where round 2 is due'],
    ['a repetition', encodeCertificate(links[0]!), 'a certificate of round 1 where round 2 is due'],
    ['another predecessor', encodeCertificate(sibling), `builds on ${digest('other')}, not on ${links[0]!.digest}`],
    ['a wrong signature', encodeCertificate({ ...second, signatures: wrong }), 'wrong signature of peer 1'],
    [
      'a quorum less one',
      encodeCertificate(certificateOf(networks, second.checkpoint, [0, 3])),
      'a certificate of less than a quorum',
    ],
    [
      'a set less one',
      encodeCertificate(certificateOf(networks, { ...second.checkpoint, members: fewer }, [0, 1, 2])),
      'a set of less than n−f',
    ],
    [
      'another rule',
      encodeCertificate(certificateOf(networks, { ...second.checkpoint, rule: '{"rule":"median"}' }, [0, 1, 2])),
      'a certificate of another rule',
    ],
    ['nothing', new Uint8Array(), 'a certificate without a well-formed checkpoint'],
    ['too much', new Uint8Array(network.limits.certificateBytes + 1), 'a certificate of too many bytes'],
  ])('refuses %s by name, and stays where it was', (_, bytes, reason) => {
    const check = new LedgerCheck(network)
    check.next(encodeCertificate(links[0]!))
    expect(check.next(bytes)).toContain(reason)
    expect([check.height, check.digest]).toEqual([1, links[0]!.digest])
    expect(check.next(encodeCertificate(second))).toEqual(second)
  })

  it('refuses every change of one bit', () => {
    const bytes = encodeCertificate(links[0]!)
    for (let bit = 0; bit < 8 * bytes.length; bit += 3) {
      const changed = bytes.slice()
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(typeof new LedgerCheck(network).next(changed), `bit ${bit}`).toBe('string')
    }
  })
})
