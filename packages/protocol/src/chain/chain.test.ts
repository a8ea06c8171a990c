import { describe, expect, it } from 'vitest'
import { certificateOf, checkpointOf, digest, networksOf } from '../testing/network.ts'
import { Chain } from './chain.ts'
import { type Certificate, decodeCertificate, encodeCertificate } from './checkpoint.ts'

const networks = networksOf(4, 1)
const [network] = networks as [(typeof networks)[number]]

function certificates(count: number, story = 'one', from: readonly Certificate[] = []): Certificate[] {
  const links = [...from]
  while (links.length < count) {
    const previous = links.at(-1)?.digest ?? network.genesis
    const checkpoint = checkpointOf(network, {
      round: links.length + 1,
      previous,
      model: digest(`${story} ${links.length}`),
    })
    links.push(certificateOf(networks, checkpoint, [0, 1, 2]))
  }
  return links
}

function chainOf(links: readonly Certificate[], archived = false): Chain {
  const archive = { certificate: (round: number) => links[round - 1] && encodeCertificate(links[round - 1]!) }
  const chain = new Chain(network, archived ? archive : undefined, undefined)
  for (const certificate of links) chain.append(certificate)
  return chain
}

const rounds = (encoded: readonly Uint8Array[]): unknown[] =>
  encoded.map((bytes) => {
    const certificate = decodeCertificate(bytes, network)
    return typeof certificate === 'string' ? certificate : certificate.checkpoint.round
  })

describe('a chain', () => {
  it('begins with the genesis', () => {
    const chain = chainOf([])
    expect([chain.height, chain.digest, chain.head]).toEqual([0, network.genesis, undefined])
    expect(chain.locator()).toEqual([{ round: 0, digest: network.genesis }])
    expect(chain.following(chain.locator(), 16)).toEqual([])
  })

  it('locates itself in doubling steps from the head back', () => {
    const chain = chainOf(certificates(50))
    expect(chain.locator().map(({ round }) => round)).toEqual([50, 49, 47, 43, 35, 19, 0])
    expect(chain.locator()[0]?.digest).toBe(chain.digest)
  })

  it('gives what follows the newest link that both know', () => {
    const links = certificates(30)
    const chain = chainOf(links)
    expect(rounds(chain.following(chainOf(links.slice(0, 10)).locator(), 16))).toEqual([
      11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    ])
    expect(rounds(chain.following(chainOf(links.slice(0, 28)).locator(), 16))).toEqual([29, 30])
    // One that is ahead knows of all of these.
    expect(rounds(chain.following(chainOf(certificates(40, 'one', links)).locator(), 16))).toEqual([26, 27, 28, 29, 30])
    const parted = chainOf(certificates(33, 'two', links.slice(0, 26)))
    const [first] = rounds(chain.following(parted.locator(), 16))
    expect(first).toBeLessThanOrEqual(27)
  })

  it('keeps the newest 64 and has older ones from its archive', () => {
    const links = certificates(100)
    const [bare, archived] = [chainOf(links), chainOf(links, true)]
    expect(bare.certificate(36)).toBe(undefined)
    expect(bare.digestAt(36)).toBe(undefined)
    expect(bare.certificate(37)).toEqual(links[36])
    expect(archived.certificate(1)).toEqual(links[0])
    expect(archived.digestAt(1)).toBe(links[0]!.digest)
    expect(archived.certificate(101)).toBe(undefined)
    expect(archived.digestAt(101)).toBe(undefined)
    expect(rounds(archived.following(chainOf([]).locator(), 3))).toEqual([1, 2, 3])
    expect(archived.locator().map(({ round }) => round)).toEqual([100, 99, 97, 93, 85, 69, 37, 0])
  })

  it('shows a chain that parted before what it keeps that it has parted', () => {
    const [one, other] = [chainOf(certificates(100)), chainOf(certificates(90, 'two'))]
    const shown = rounds(one.following(other.locator(), 16))
    expect(shown[0]).toBe(37)
    expect(other.certificate(37)).toBeDefined()
  })
})
