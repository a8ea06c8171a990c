import type { Stream } from '@libp2p/interface'
import { encode } from 'it-length-prefixed'
import { afterEach, describe, expect, it } from 'vitest'
import { TestNetwork } from './fixtures.ts'
import { askHello, decodeHello, encodeHello, type Hello, helloProtocol, strangeness } from './hello.ts'

const hello: Hello = {
  version: '0.1.0',
  wire: 1,
  network: 'a'.repeat(64),
  fields: { seed: '0'.repeat(16), peers: '1'.repeat(16), 'agreement.roundMs': '2'.repeat(16) },
}
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

it('is read as it was said', () => {
  expect(decodeHello(encodeHello(hello))).toEqual(hello)
})

it.each([
  ['no JSON', new TextEncoder().encode('{')],
  ['no UTF-8', new Uint8Array([0xff, 0xfe])],
  ['nothing', new Uint8Array(0)],
  ['too long', text({ ...hello, version: 'x'.repeat(5000) })],
  ['deeply nested', new TextEncoder().encode('['.repeat(4000))],
  [
    'too many fields',
    text({ ...hello, fields: Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`f${i}`, '0'.repeat(16)])) }),
  ],
  ['a name that steers a terminal', text({ ...hello, fields: { '\u001b[2J': '0'.repeat(16) } })],
  ['a version that steers a terminal', text({ ...hello, version: '\u001b[2J' })],
  ['something else', text({ ...hello, more: 1 })],
  ['a list', text([])],
])('that is wrong is none: %s', (_, bytes) => {
  expect(decodeHello(bytes)).toBeUndefined()
})

it('tells another version before another network, and in which fields that differs', () => {
  expect(strangeness(hello, hello)).toBeUndefined()
  const other = { ...hello, network: 'b'.repeat(64), fields: { ...hello.fields, seed: '9'.repeat(16) } }
  expect(strangeness(hello, other)).toMatchObject({ why: 'network', what: expect.stringMatching(/differs in seed$/) })
  const rounds = { ...other, fields: { ...other.fields, rounds: '3'.repeat(16) } }
  expect(strangeness(hello, rounds)?.what).toMatch(/differs in rounds, seed$/)
  expect(strangeness(rounds, hello)?.what).toMatch(/differs in rounds, seed$/)
  expect(strangeness(hello, { ...other, wire: 2, version: '9.0.0' })).toMatchObject({
    why: 'version',
    what: expect.stringContaining('9.0.0'),
  })
})

describe('between hosts', () => {
  let net: TestNetwork
  afterEach(() => net.stop())

  it('is told over every fresh connection, by either side', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a', { hello })
    const b = await net.host('b', { hello: { ...hello, version: '0.2.0' } })
    await net.connect(a, b)
    const heard = (host: typeof a) => host.events.filter(({ kind }) => kind === 'hello')
    await net.changes.until(() => heard(a).length > 0 && heard(b).length > 0)
    expect(heard(a)[0]).toMatchObject({ peer: b.id, hello: { version: '0.2.0' } })
    expect(heard(b)[0]).toMatchObject({ peer: a.id, hello: { version: '0.1.0' } })
  })

  it.each<[string, (stream: Stream) => void]>([
    ['with megabytes', (stream) => void stream.send(encode.single(new Uint8Array(3 * 1024 * 1024)))],
    ['with a length and no more', (stream) => void stream.send(new Uint8Array([0xff, 0x1f]))],
    ['with junk', (stream) => void stream.send(encode.single(new TextEncoder().encode('{"version":')))],
    ['not at all', () => {}],
  ])('that a hostile peer answers %s is none, and the peer is heard all the same', async (_, answer) => {
    net = await TestNetwork.create(['a', 'hostile'])
    const a = await net.host('a', { hello, timing: { gossipGraceMs: 60_000 } })
    const hostile = await net.raw('hostile')
    await hostile.handle(helloProtocol, (stream) => answer(stream))
    void a.connect(hostile.getMultiaddrs().map(String)[0]!)
    await net.changes.until(() => a.events.some(({ kind }) => kind === 'hello'))
    expect(a.events.find(({ kind }) => kind === 'hello')).toMatchObject({ hello: undefined })
    await net.changes.until(() => a.neighbours().length === 1)
  })

  it('is said once over a connection, however often it is asked for', async () => {
    net = await TestNetwork.create(['a', 'greedy'])
    const a = await net.host('a', { hello })
    const greedy = await net.raw('greedy')
    await a.connect(greedy.getMultiaddrs().map(String)[0]!)
    const [connection] = greedy.getConnections()
    const answers = []
    for (let asked = 0; asked < 20; asked++) answers.push(await askHello(connection!))
    expect(answers.map((each) => each?.version)).toEqual(['0.1.0', ...Array(19).fill(undefined)])
  })
})
