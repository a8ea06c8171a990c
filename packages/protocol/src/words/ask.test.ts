import { describe, expect, it } from 'vitest'
import { encodeCertificate } from '../chain/checkpoint.ts'
import { randomFrom } from '../testing/exchange.ts'
import { certificateOf, checkpointOf, digest, networksOf, sealed } from '../testing/network.ts'
import { decodeAnswer, decodeAsk, encodeAnswer, encodeAsk, heldOf, shortId } from './ask.ts'
import { openEnvelope } from './envelope.ts'
import type { Envelope } from './words.ts'

const networks = networksOf(4, 1)
const [network] = networks as [(typeof networks)[number]]
const links = [
  { round: 3, digest: digest('3') },
  { round: 0, digest: network.genesis },
]
const held = new Set(['a', 'b'].map((text) => shortId(digest(text))))

describe('asks and answers', () => {
  it('come back from bytes', () => {
    expect(decodeAsk(encodeAsk({ locator: links, held }, network), network)).toEqual({ locator: links, held })
    const certificate = encodeCertificate(certificateOf(networks, checkpointOf(network), [0, 1, 2]))
    const envelope = sealed(networks, 1, [{ kind: 'init', digest: digest('a') }])
    const answer = decodeAnswer(encodeAnswer([certificate], [envelope], network), network)
    expect(answer?.certificates.map((bytes) => Buffer.from(bytes))).toEqual([Buffer.from(certificate)])
    expect(answer?.envelopes.map((bytes) => Buffer.from(bytes))).toEqual([Buffer.from(envelope.bytes)])
  })

  it('list what an honest peer said, however much a liar did', () => {
    const said = (author: number, text: string) => ({ author, id: digest(text) }) as Envelope
    const flood = Array.from({ length: 9000 }, (_, at) => said(0, `${at}`))
    const words = Array.from({ length: 40 }, (_, at) => said(1, `word ${at}`))
    const ask = decodeAsk(encodeAsk({ locator: links, held: heldOf([...flood, ...words]) }, network), network)
    expect(ask!.held.size).toBeGreaterThan(1000)
    for (const { id } of words) expect(ask!.held).toContain(shortId(id))
  })

  it('of a great roster name all that its peers say in a round: what is not named would come in place of the rest', () => {
    const [many] = networksOf(500, 166) as [(typeof networks)[number]]
    const said = Array.from({ length: 500 * 30 }, (_, at) => ({ author: at % 500, id: digest(`${at}`) }) as Envelope)
    const ask = decodeAsk(encodeAsk({ locator: links, held: heldOf(said) }, many), many)
    expect(ask!.held.size).toBe(said.length)
  })

  it('of ids that are none are refused: thousands of empty ones would take a hundred times their bytes', () => {
    const one = encodeAsk({ locator: links, held: new Set([shortId(digest('a'))]) }, network)
    const empty = Buffer.concat([one, Uint8Array.from({ length: 60_000 }, (_, at) => (at % 2 === 0 ? 0x12 : 0))])
    expect(decodeAsk(one, network)).toBeDefined()
    expect(decodeAsk(empty, network)).toBe(undefined)
    expect(decodeAsk(Buffer.concat([one, Uint8Array.of(0x12, 1, 7)]), network)).toBe(undefined)
  })

  it('without a chain are refused, and none is shorter than the chain of a peer that begins', () => {
    const first = encodeAsk({ locator: links.slice(1), held: new Set() }, network)
    expect(first).toHaveLength(network.limits.leastAskBytes)
    expect(decodeAsk(first, network)).toBeDefined()
    for (const none of [new Uint8Array(0), first.slice(0, -1), encodeAsk({ locator: [], held }, network)])
      expect(decodeAsk(none, network)).toBe(undefined)
  })

  it('of hostile bytes are refused or read, and never throw', () => {
    const random = randomFrom(4)
    const ask = encodeAsk({ locator: links, held }, network)
    for (let time = 0; time < 5000; time++) {
      const hostile = time % 2 === 0 ? ask.slice() : Uint8Array.from({ length: random(90) }, () => random(255))
      if (hostile.length > 0) hostile[random(hostile.length - 1)]! ^= 1 << random(7)
      const decoded = decodeAsk(hostile, network)
      for (const { digest: given } of decoded?.locator ?? []) expect(given).toHaveLength(64)
      expect(() => decodeAnswer(hostile, network)).not.toThrow()
    }
    expect(decodeAsk(new Uint8Array(network.limits.askBytes + 1), network)).toBe(undefined)
    expect(decodeAnswer(new Uint8Array(network.limits.answerBytes + 1), network)).toBe(undefined)
    const long = encodeAsk(
      { locator: links, held: new Set(Array.from({ length: 9000 }, (_, at) => shortId(digest(`${at}`)))) },
      network,
    )
    expect(long.length).toBeLessThanOrEqual(network.limits.askBytes)
    expect(decodeAsk(long, network)?.locator).toEqual(links)
  })

  it('give envelopes one of each author in turn, as many as fit', () => {
    const flood = Array.from({ length: 300 }, (_, at) =>
      sealed(networks, 0, [{ kind: 'estimate', instance: at % 4, phase: 1 + (at >> 2), value: 1 }]),
    )
    const honest = [1, 2].map((author) => sealed(networks, author, [{ kind: 'init', digest: digest(`${author}`) }]))
    const answer = decodeAnswer(encodeAnswer([], [...flood, ...honest], network), network)
    const authors = answer?.envelopes.map((bytes) => {
      const envelope = openEnvelope(bytes, network)
      return typeof envelope === 'string' ? envelope : envelope.author
    })
    expect(authors?.slice(0, 4)).toEqual([0, 1, 2, 0])
    expect(authors).toHaveLength(256)
  })

  it('keep nothing else of an answer alive', () => {
    const certificate = encodeCertificate(certificateOf(networks, checkpointOf(network), [0, 1, 2]))
    const envelope = sealed(networks, 1, [{ kind: 'init', digest: digest('a') }])
    // A field that nobody knows, of 65,536 bytes, is skipped: field 15, its length, its content.
    const junk = Uint8Array.from({ length: 65_540 }, (_, at) => [0x7a, 0x80, 0x80, 0x04][at] ?? 7)
    const answer = decodeAnswer(Buffer.concat([encodeAnswer([certificate], [envelope], network), junk]), network)
    expect(Buffer.from(answer!.envelopes[0]!)).toEqual(Buffer.from(envelope.bytes))
    expect(answer?.envelopes[0]?.buffer.byteLength).toBe(envelope.bytes.length)
    expect(answer?.certificates[0]?.buffer.byteLength).toBe(certificate.length)
  })

  it('of many certificates and envelopes of a great roster are within the limit', () => {
    const many = networksOf(1000, 333)
    const everybody = [...Array(1000).keys()]
    const members = everybody.map((peer) => ({ peer, digest: digest(`${peer}`) }))
    const certificate = encodeCertificate(certificateOf(many, checkpointOf(many[0]!, { members }), everybody))
    const bytes = encodeAnswer(
      Array(17).fill(certificate),
      [sealed(many, 1, [{ kind: 'init', digest: digest('a') }])],
      many[0]!,
    )
    expect(bytes.length).toBeLessThanOrEqual(network.limits.answerBytes)
    expect(decodeAnswer(bytes, many[0]!)?.certificates.length).toBeGreaterThan(4)
  })
})
