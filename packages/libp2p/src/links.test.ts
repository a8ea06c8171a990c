import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { createNetworkHost } from './host.ts'
import { bytes, limits, network, seedOf, type TestHost, TestNetwork } from './testing/test-network.ts'

let net: TestNetwork
afterEach(() => net.stop())

describe('links', () => {
  it('are cut between two halves, and come back when they are allowed again', async () => {
    net = await TestNetwork.create(['a', 'b', 'c', 'd'])
    const turns = new Map<string, string[]>()
    const neighbour = (owner: string) => (peer: string, connected: boolean) => {
      turns.set(owner, [...(turns.get(owner) ?? []), `${connected ? '+' : '-'}${peer}`])
      net.changes.happened()
    }
    const hosts: TestHost[] = []
    for (const name of net.ids.keys()) hosts.push(await net.host(name, { handlers: { neighbour: neighbour(name) } }))
    const [a, b, c, d] = hosts as [TestHost, TestHost, TestHost, TestHost]
    await net.connectAll(hosts)

    const halves = [new Set([a.id, b.id]), new Set([c.id, d.id])]
    for (const host of hosts) {
      const mine = halves.find((half) => half.has(host.id))!
      host.setLinks((peer) => mine.has(peer))
    }
    await net.changes.until(() => hosts.every((host) => host.neighbours().length === 1))
    a.publish(bytes('to my half'))
    await net.changes.until(() => b.envelopes.length === 1)
    expect([...c.envelopes, ...d.envelopes]).toEqual([])
    await expect(a.ask(c.id, bytes('?'))).rejects.toMatchObject({ code: 'ask-failed' })

    for (const host of hosts) host.setLinks(undefined)
    await net.changes.until(() => hosts.every((host) => host.neighbours().length === 3))
    c.publish(bytes('to all'))
    await net.changes.until(() => [a, b, d].every((host) => host.envelopes.some((each) => each.text === 'to all')))
    for (const [owner, other] of [
      ['a', c],
      ['c', a],
    ] as const) {
      expect(turns.get(owner)!.filter((turn) => turn.endsWith(other.id))).toEqual([
        `+${other.id}`,
        `-${other.id}`,
        `+${other.id}`,
      ])
    }
  })

  it('one end alone cuts both directions', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a')
    const b = await net.host('b')
    await net.connect(a, b)
    b.setLinks(() => false)
    await net.changes.until(() => a.neighbours().length === 0 && b.neighbours().length === 0)
    await net.changes.until(() => b.events.some((event) => event.kind === 'refused'))
    expect(b.stats().connections).toBe(0)
    b.setLinks(undefined)
    await net.changes.until(() => a.neighbours().length === 1 && b.neighbours().length === 1)
  })

  it('dials until the peer is there, and again when it comes back', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a', { timing: { redialMs: 5, redialCeilingMs: 20 } })
    const address = `/memory/late-${process.pid}/p2p/${net.ids.get('b')}`
    const connected = a.connect(address)
    await net.changes.until(() => a.events.some((event) => event.kind === 'dial-failed'))
    for (let life = 0; life < 2; life++) {
      const b = await createNetworkHost({
        privateKey: seedOf('b'),
        roster: net.roster,
        network,
        transport: { kind: 'memory', address: `late-${process.pid}` },
        limits,
        handlers: { envelope: () => 'accept', ask: () => undefined, payload: () => undefined, neighbour: () => {} },
      })
      await b.start()
      await connected
      await net.changes.until(() => a.neighbours().length === 1)
      await b.stop()
      await net.changes.until(() => a.neighbours().length === 0)
    }
  })

  it('are not restored to a peer that was disconnected on purpose', async () => {
    net = await TestNetwork.create(['a', 'b', 'c'])
    const [a, b, c] = (await net.hosts()) as [TestHost, TestHost, TestHost]
    await net.connectAll([a, b, c])
    await a.disconnect(b.id)
    await net.changes.until(() => !a.neighbours().includes(b.id) && !b.neighbours().includes(a.id))
    a.setLinks(undefined)
    expect(a.stats().connections).toBe(1)
    const waiting = a.connect('/memory/nobody', b.id)
    await a.disconnect(b.id)
    await expect(waiting).rejects.toMatchObject({ code: 'disconnected' })
  })

  it('two peers that dial each other at once end up neighbours', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const [a, b] = (await net.hosts()) as [TestHost, TestHost]
    await Promise.all([a.connect(b.addresses()[0]!), b.connect(a.addresses()[0]!)])
    await net.changes.until(() => a.neighbours().length === 1 && b.neighbours().length === 1)
    a.publish(bytes('both ways'))
    await net.changes.until(() => b.envelopes.length === 1)
    expect(a.stats().connections).toBeLessThanOrEqual(2)
  })

  it.each([
    ['nonsense', 'bad-address'],
    ['/memory/x', 'bad-address'],
    ['/memory/x/p2p/12D3KooWRgQeSedAQsfsmQN6nefufdjq89Zp7mAhY5uSu8unLgX7', 'not-in-roster'],
  ])('refuses the address %s', async (address, code) => {
    net = await TestNetwork.create(['a'])
    const a = await net.host('a')
    await expect(a.connect(address)).rejects.toMatchObject({ code })
  })
})

describe('a host', () => {
  it.each([
    [{ privateKey: new Uint8Array(31) }],
    [{ network: 'Not Hex' }],
    [{ limits: { ...limits, envelopeBytes: 10 ** 7 } }],
    [{ limits: { ...limits, payloadBytes: 0.5 } }],
    [{ timing: { heartbeatMs: 0 } }],
    [{ gossip: { degree: 0 } }],
  ])('refuses options that cannot work: %o', async (wrong) => {
    net = await TestNetwork.create([])
    const options = {
      privateKey: seedOf('x'),
      roster: [],
      network,
      transport: { kind: 'memory' as const },
      limits,
      handlers: {
        envelope: () => 'accept' as const,
        ask: () => undefined,
        payload: () => undefined,
        neighbour: () => {},
      },
    }
    await expect(createNetworkHost({ ...options, ...wrong })).rejects.toMatchObject({ code: 'bad-options' })
  })

  it('that was stopped lets its process end by itself', async () => {
    net = await TestNetwork.create([])
    const script = `
      import { TestNetwork } from '${new URL('./testing/test-network.ts', import.meta.url).href}'
      const net = await TestNetwork.create(['a', 'b', 'c'])
      const [a, b, c] = [await net.host('a', { transport: 'tcp' }), await net.host('b', { transport: 'tcp' }), await net.host('c', { transport: 'tcp' })]
      await net.connectAll([a, b])
      void a.connect('/ip4/127.0.0.1/tcp/1/p2p/' + c.id).catch(() => {})
      void a.fetch({ digest: new Uint8Array(32), sizeBytes: 9, into: new Uint8Array(9), sources: () => [b.id], signal: new AbortController().signal }).catch((error) => console.log(error.code))
      await net.stop()
      console.log('stopped')
    `
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString()
    })
    const [code] = await once(child, 'close')
    expect(code).toBe(0)
    expect(said.trim().split('\n').sort()).toEqual(['fetch-aborted', 'stopped'])
  })
})
