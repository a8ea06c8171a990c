import type { Connection, Stream } from '@libp2p/interface'
import { encode } from 'it-length-prefixed'
import { afterEach, describe, expect, it } from 'vitest'
import { helloProtocol } from './hello.ts'
import { RequestStream } from './streams.ts'
import { type TestHost, TestNetwork } from './testing/test-network.ts'

let net: TestNetwork
afterEach(() => net.stop())

const hello = { version: '0.1.0', wire: 1, network: 'a'.repeat(64), fields: { seed: '0'.repeat(16) } }

describe('a hello', () => {
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

  it('is said a few times over a connection, however often it is asked for', async () => {
    net = await TestNetwork.create(['a', 'greedy'])
    const a = await net.host('a', { hello })
    const greedy = await net.raw('greedy')
    await a.connect(greedy.getMultiaddrs().map(String)[0]!)
    const [connection] = greedy.getConnections()
    const answers: boolean[] = []
    for (let asked = 0; asked < 20; asked++) answers.push(await isAnswered(connection!))
    expect(answers).toEqual([...Array(4).fill(true), ...Array(16).fill(false)])
  })
})

async function isAnswered(connection: Connection): Promise<boolean> {
  try {
    const stream = new RequestStream(await connection.newStream([helloProtocol]), 4096)
    await stream.request(new Uint8Array(0), 1000)
    stream.close()
    return true
  } catch {
    return false
  }
}

/** Both dial at once, as peers do that have each other's address, until that makes a connection each way. */
async function connectTwice(a: TestHost, b: TestHost): Promise<void> {
  for (;;) {
    for (const [from, to] of [[a, b] as const, [b, a] as const]) from.connect(to.addresses()[0]!).catch(() => {})
    await net.changes.until(() => a.neighbours().includes(b.id) && b.neighbours().includes(a.id))
    if (b.stats().connections === 2) return
    await Promise.all([a.disconnect(b.id), b.disconnect(a.id)])
    await net.changes.until(() => !a.neighbours().includes(b.id) && !b.neighbours().includes(a.id))
  }
}

describe('two processes of one identity', () => {
  const told = (host: TestHost, kind: string) => host.events.filter((event) => event.kind === kind)

  it('are both told by whom they are both connected with, who tells too', async () => {
    net = await TestNetwork.create(['twin', 'b', 'c'])
    const one = await net.host('twin', { hello, transport: 'tcp' })
    const two = await net.host('twin', { hello, transport: 'tcp' })
    const b = await net.host('b', { hello, transport: 'tcp' })
    const c = await net.host('c', { hello, transport: 'tcp' })
    await net.connect(one, b)
    await net.connect(one, c)
    two.connect(b.addresses()[0]!).catch(() => {})
    await net.changes.until(() => [one, two].every((host) => told(host, 'copy').length > 0))
    expect(told(one, 'copy')[0]).toMatchObject({ peer: b.id })
    expect(told(two, 'copy')[0]).toMatchObject({ peer: b.id })
    expect(told(b, 'copies')[0]).toMatchObject({ peer: one.id })
    // Who is connected with one of them knows nothing of the other.
    expect([...told(c, 'copies'), ...told(c, 'copy'), ...told(b, 'copy')]).toEqual([])
  })

  it('are told of, though the second is turned away, since the first has all the connections that a peer may have', async () => {
    net = await TestNetwork.create(['twin', 'b'])
    const one = await net.host('twin', { hello, transport: 'tcp' })
    const two = await net.host('twin', { hello, transport: 'tcp' })
    const b = await net.host('b', { hello, transport: 'tcp' })
    await connectTwice(one, b)
    two.connect(b.addresses()[0]!).catch(() => {})
    await net.changes.until(() => told(one, 'copy').length > 0 && told(two, 'hung-up').length > 0)
    expect(told(b, 'copies')[0]).toMatchObject({ peer: one.id })
  })

  it('are not two when one of them is gone, nor is a peer with two connections', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a', { hello, transport: 'tcp' })
    const first = await net.host('b', { hello, transport: 'tcp' })
    // Both dial at once.
    void a.connect(first.addresses()[0]!)
    void first.connect(a.addresses()[0]!)
    await net.changes.until(() => a.neighbours().length === 1 && first.neighbours().length === 1)
    await first.stop()
    const again = await net.host('b', { hello, transport: 'tcp' })
    await net.connect(again, a)
    await net.changes.until(() => told(a, 'hello').length >= 2 && told(again, 'hello').length >= 1)
    expect([...told(a, 'copies'), ...told(again, 'copy')]).toEqual([])
  })
})
