import { hash } from 'node:crypto'
import type { Wanted } from '@hearsay/peer'
import { afterEach, expect, it } from 'vitest'
import { TestNetwork } from './testing/test-network.ts'

let net: TestNetwork
afterEach(() => net.stop())

/** So many chunks, each other bytes. */
function chunksOf(count: number) {
  const chunks = Array.from({ length: count }, (_, chunk) => Uint8Array.from({ length: 1000 }, (_, i) => i * chunk))
  const byName = new Map(chunks.map((bytes) => [hash('sha256', bytes, 'hex'), bytes]))
  const wanted = [...byName].map(([name, { length }], chunk): Wanted => ({ chunk, name, sizeBytes: length }))
  return { byName, wanted }
}

/** Two hosts, the second of which gives what it is told to. */
async function two(transport: 'memory' | 'tcp', payload: (name: string) => Uint8Array | undefined) {
  net = await TestNetwork.create(['a', 'b'])
  const a = await net.host('a', { transport })
  const b = await net.host('b', { transport, handlers: { payload } })
  await net.connect(a, b)
  return { a, b }
}

it.each(['memory', 'tcp'] as const)('takes as many chunks as an update may have over %s', async (transport) => {
  const { byName, wanted } = chunksOf(256)
  const { a, b } = await two(transport, (name) => byName.get(name))
  for (const _ of ['a round', 'the next', 'and one more']) {
    const arrived: number[] = []
    const over = Promise.withResolvers<void>()
    const { signal } = new AbortController()
    a.receive(b.id, {
      wanted,
      signal,
      arrived: ({ chunk, name }, bytes) => {
        expect(Buffer.compare(bytes, byName.get(name)!)).toBe(0)
        if (arrived.push(chunk) === wanted.length) over.resolve()
      },
    })
    await over.promise
    expect(arrived).toEqual(wanted.map(({ chunk }) => chunk))
  }
})

it('tells nothing after its time, of what is not there nothing but that, and goes on with the next', async () => {
  const { byName, wanted } = chunksOf(4)
  const held = Promise.withResolvers<void>()
  const first = wanted[0]!.name
  const asked = Promise.withResolvers<void>()
  const { a, b } = await two('memory', (name) => {
    if (name === wanted[1]!.name) asked.resolve()
    return name === first ? byName.get(name) : undefined
  })
  const time = new AbortController()
  const told: [number, number][] = []
  const arrived = ({ chunk }: Wanted, { length }: Uint8Array): void => {
    told.push([chunk, length])
    if (told.length === 2) {
      time.abort()
      held.resolve()
    }
  }
  a.receive(b.id, { wanted, signal: time.signal, arrived })
  await Promise.all([asked.promise, held.promise])
  expect(told).toEqual([
    [0, 1000],
    [1, 0],
  ])
  const again = Promise.withResolvers<number>()
  const { signal } = new AbortController()
  a.receive(b.id, { wanted: wanted.slice(0, 1), signal, arrived: (_, { length }) => again.resolve(length) })
  expect(await again.promise).toBe(1000)
  expect(told.length).toBe(2)
})
