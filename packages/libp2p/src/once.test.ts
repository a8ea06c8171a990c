import { hash } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { TestNetwork } from './testing/test-network.ts'

let net: TestNetwork
afterEach(() => net.stop())

/** So many chunks, each other bytes. */
function chunksOf(count: number) {
  const chunks = Array.from({ length: count }, (_, chunk) => Uint8Array.from({ length: 1000 }, (_, i) => i * chunk))
  const byDigest = new Map(chunks.map((bytes) => [hash('sha256', bytes, 'hex'), bytes]))
  const wanted = [...byDigest].map(([digest, { length }], chunk) => ({ chunk, digest, sizeBytes: length }))
  return { byDigest, wanted }
}

it.each(['memory', 'tcp'] as const)('takes as many chunks as an update may have over %s', async (transport) => {
  const { byDigest, wanted } = chunksOf(256)
  net = await TestNetwork.create(['a', 'b'])
  const a = await net.host('a', { transport })
  const b = await net.host('b', { transport, handlers: { payload: (digest) => byDigest.get(digest) } })
  await net.connect(a, b)
  for (const _ of ['a round', 'the next']) {
    const arrived: number[] = []
    await a.receive(b.id, {
      wanted,
      waitMs: 600_000,
      signal: new AbortController().signal,
      arrived: ({ chunk, digest }, bytes) => {
        expect(Buffer.compare(bytes, byDigest.get(digest)!)).toBe(0)
        arrived.push(chunk)
      },
    })
    expect(arrived.length).toBe(wanted.length)
  }
})
