import { uselessFromOne } from '@hearsay/peer'
import { multiaddr } from '@multiformats/multiaddr'
import { encode } from 'it-length-prefixed'
import { afterEach, describe, expect, it } from 'vitest'
import { createNetworkHost } from './host.ts'
import { mostGossipFrameBytes } from './options.ts'
import {
  bytes,
  gossipStream,
  limits,
  names,
  network,
  seedOf,
  type TestHost,
  TestNetwork,
} from './testing/test-network.ts'

let net: TestNetwork
afterEach(() => net.stop())

const count = (host: TestHost, kind: string, peer: string): number =>
  host.events.filter((event) => event.kind === kind && event.peer === peer).length

/** Two honest hosts, and a hostile node that both dialled. */
async function twoAndOne() {
  net = await TestNetwork.create(['a', 'b', 'hostile'])
  const a = await net.host('a')
  const b = await net.host('b')
  const hostile = await net.raw('hostile')
  const id = hostile.peerId.toString()
  await net.connect(a, b)
  for (const host of [a, b]) void host.connect(hostile.getMultiaddrs().map(String)[0]!)
  await net.changes.until(() => [a, b].every((host) => host.neighbours().includes(id)))
  return { a, b, hostile, id }
}

describe('a hostile peer', () => {
  it('that sends an oversize gossip frame loses its connection, and the others go on', async () => {
    const { a, b, hostile, id } = await twoAndOne()
    gossipStream(hostile, 'outbound').send(encode.single(new Uint8Array(mostGossipFrameBytes + 1)))
    await net.changes.until(() => a.stats().healed + b.stats().healed > 0)
    a.publish(bytes('still'))
    b.publish(bytes('here'))
    await net.changes.until(() => a.envelopes.length > 0 && b.envelopes.length > 0)
    expect(a.envelopes[0]!.text).toBe('here')
    expect(b.envelopes[0]!.text).toBe('still')
    expect(a.neighbours()).toContain(b.id)
    expect(count(a, 'half-dead', id) + count(b, 'half-dead', id)).toBe(1)
  })

  // 'abort' resets the stream, 'close' ends it in good order: gossip notices neither by itself.
  it.each(['abort', 'close'] as const)(
    'whose gossip stream died (%s) is dialled again and heard again',
    async (how) => {
      net = await TestNetwork.create(['a', 'half dead'])
      const a = await net.host('a')
      const node = await net.raw('half dead')
      const id = node.peerId.toString()
      await a.connect(node.getMultiaddrs().map(String)[0]!)
      await net.changes.until(() => a.neighbours().includes(id))
      if (how === 'abort') gossipStream(node, 'outbound').abort(new Error('died'))
      else await gossipStream(node, 'outbound').close()
      await net.changes.until(() => count(a, 'half-dead', id) === 1)
      expect(a.neighbours()).toEqual([])
      await net.changes.until(() => a.neighbours().includes(id))
      await node.services.pubsub.publish(names.topic, bytes('alive again'))
      await net.changes.until(() => a.envelopes.length > 0)
      expect(a.envelopes).toEqual([{ text: 'alive again', from: id, via: 'gossip' }])
    },
  )

  it('that never reads is cut off before its sender holds more than the outbound buffer', async () => {
    const { a, b, hostile, id } = await twoAndOne()
    const stream = hostile
      .getConnections()
      .find((connection) => connection.remotePeer.toString() === a.id)!
      .streams.find((each) => each.direction === 'inbound' && each.protocol.startsWith('/meshsub/'))!
    stream.pause()
    let reset = false
    stream.addEventListener('close', () => {
      reset = true
      net.changes.happened()
    })
    const envelope = new Uint8Array(64 * 1024)
    const view = new DataView(envelope.buffer)
    let published = 0
    while (!reset && published < 256) {
      view.setUint32(0, published++)
      a.publish(envelope.slice())
      await net.changes.until(() => b.envelopes.length === published)
    }
    expect(reset).toBe(true)
    // 4 MiB of buffer and at most 1 MiB of stream window.
    expect(published * envelope.byteLength).toBeLessThanOrEqual(5.5 * 2 ** 20)
    await net.changes.until(() => count(a, 'half-dead', id) === 1)
    expect(a.neighbours()).toContain(b.id)
  })

  it('that is not in the roster is refused over memory, dialling and dialled', async () => {
    net = await TestNetwork.create(['a'])
    const a = await net.host('a')
    const stranger = await net.raw('stranger')
    await expect(stranger.dial(multiaddr(a.addresses()[0]!))).rejects.toThrow()
    expect(count(a, 'refused', stranger.peerId.toString())).toBeGreaterThan(0)
    expect(a.stats().connections).toBe(0)
    await expect(a.connect(stranger.getMultiaddrs().map(String)[0]!)).rejects.toMatchObject({
      code: 'not-in-roster',
    })
  })

  it('that is not in the roster is refused over TCP after the handshake', async () => {
    net = await TestNetwork.create(['a'])
    const a = await net.host('a', { transport: 'tcp' })
    const stranger = await createNetworkHost({
      privateKey: seedOf('stranger'),
      roster: [...net.roster],
      network,
      transport: { kind: 'tcp', listen: [] },
      limits,
      handlers: { envelope: () => 'ignore', ask: () => undefined, payload: () => undefined, neighbour: () => {} },
    })
    await stranger.start()
    const refused = expect(stranger.connect(a.addresses()[0]!)).rejects.toMatchObject({ code: 'stopped' })
    await net.changes.until(() => count(a, 'refused', stranger.id) > 0)
    expect(a.neighbours()).toEqual([])
    await stranger.stop()
    await refused
  })

  it('keeps at most two connections', async () => {
    net = await TestNetwork.create(['a', 'many'])
    const a = await net.host('a')
    const many = await net.raw('many')
    const dials = Array.from({ length: 8 }, () => many.dial(multiaddr(a.addresses()[0]!), { force: true }))
    await Promise.allSettled(dials)
    await net.changes.until(() => a.neighbours().includes(many.peerId.toString()))
    expect(a.stats().connections).toBeGreaterThanOrEqual(1)
    expect(a.stats().connections).toBeLessThanOrEqual(2)
  })

  it('that pushes without end what is no envelope is read at a rate, and the others are heard meanwhile', async () => {
    net = await TestNetwork.create(['a', 'b', 'hostile'])
    const fromMs = performance.now()
    let useless = 0
    const judge = (envelope: Uint8Array) => {
      if (envelope.byteLength > 0) return 'accept'
      useless++
      return 'reject'
    }
    const a = await net.host('a', { handlers: { envelope: judge } })
    const b = await net.host('b')
    const hostile = await net.raw('hostile')
    await net.connect(a, b)
    const connection = await hostile.dial(multiaddr(a.addresses()[0]!))
    // Each of these bytes is the length of an envelope without any.
    for (const stream of [await connection.newStream([names.direct]), await connection.newStream([names.direct])])
      for (let i = 0; i < 16; i++) stream.send(new Uint8Array(4096))
    await net.changes.until(() => useless >= uselessFromOne.burst)
    for (let said = 1; said <= 30; said++) {
      b.publish(bytes(`meanwhile ${said}`))
      await net.changes.until(() => a.envelopes.some(({ from, text }) => from === b.id && text.endsWith(` ${said}`)))
    }
    const tookS = (performance.now() - fromMs) / 1000
    expect(useless).toBeLessThanOrEqual(uselessFromOne.burst + tookS * uselessFromOne.perSecond + 2)
  })

  it('that sends an oversize direct push or question loses that stream only, and is told of', async () => {
    const { a, b, hostile } = await twoAndOne()
    const toA = hostile.getConnections().find((connection) => connection.remotePeer.toString() === a.id)!
    for (const protocol of [names.direct, names.ask, names.payload]) {
      const stream = await toA.newStream([protocol])
      const closed = new Promise((resolve) => stream.addEventListener('close', resolve))
      // Only the length of what would follow: it must be refused by that alone.
      stream.send(encode.single(new Uint8Array(limits.envelopeBytes + 1)).sublist(0, 16))
      await closed
      expect(stream.status).toBe('reset')
    }
    expect(a.envelopes).toEqual([])
    expect(a.neighbours()).toEqual([b.id, hostile.peerId.toString()].sort())
    expect(count(a, 'too-large', hostile.peerId.toString())).toBe(1)
  })
})
