/** Strangers without an identity that hold connections, and say nothing over them. */
import { connect, type Socket } from 'node:net'
import type { MultiaddrConnection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, it } from 'vitest'
import { Doorkeeper } from './doorkeeper.ts'
import { type TestHost, TestNetwork } from './testing/test-network.ts'

let net: TestNetwork
const ends: (() => void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) end()
  await net.stop()
})

/** Holds so many connections to each port, and makes another for each that is taken from it. */
function hold(ports: readonly number[], count: number, from: (nth: number) => string): { readonly held: () => number } {
  const sockets = new Set<Socket>()
  let made = 0
  let held = 0
  let over = false
  const open = (port: number): void => {
    if (over) return
    const socket = connect({ port, host: '127.0.0.1', localAddress: from(made++) })
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      setImmediate(open, port)
    })
    socket.on('connect', () => {
      held++
      net.changes.happened()
    })
  }
  for (const port of ports) for (let i = 0; i < count; i++) open(port)
  ends.push(() => {
    over = true
    for (const socket of sockets) socket.destroy()
  })
  return { held: () => held }
}

const portOf = (host: TestHost): number => Number(/tcp\/(\d+)/.exec(host.addresses()[0]!)?.[1])

const sources = [
  ['from one address', () => '127.0.1.2'],
  ['from many', (nth: number) => `127.0.1.${(nth % 200) + 2}`],
  ['from the address of the peers', () => '127.0.0.1'],
] as const

describe.each(sources)('strangers that hold connections without a word, %s', (_, from) => {
  it.each(['that dials', 'that is dialled'])('do not keep a peer out that starts again, one %s', async (how) => {
    net = await TestNetwork.create(['a', 'b', 'c'])
    const others = await Promise.all(['a', 'b'].map((name) => net.host(name, { transport: 'tcp' })))
    const before = await net.host('c', { transport: 'tcp' })
    const port = portOf(before)
    const dial = (peer: TestHost): void => {
      for (const other of others) {
        if (how === 'that dials') void peer.connect(other.addresses()[0]!).catch(() => {})
        else void other.connect(peer.addresses()[0]!).catch(() => {})
      }
    }
    dial(before)
    await net.changes.until(() => before.neighbours().length === 2)
    const siege = hold(how === 'that dials' ? others.map(portOf) : [port], 40, from)
    await net.changes.until(() => siege.held() >= 40)
    await before.stop()
    const after = await net.host('c', { transport: 'tcp', port })
    dial(after)
    await net.changes.until(() => after.neighbours().length === 2)
    expect(siege.held()).toBeGreaterThanOrEqual(40)
  })
})

it('who says nothing is sent away in time', async () => {
  net = await TestNetwork.create(['a'])
  const a = await net.host('a', { transport: 'tcp' })
  const socket = connect(portOf(a), '127.0.0.1')
  socket.on('error', () => {})
  await new Promise((resolve) => socket.on('close', resolve))
}, 10_000)

describe('the doorkeeper', () => {
  /** A connection that tells whether it had to go. */
  function from(address: string, said = 0) {
    const connection = {
      remoteAddr: multiaddr(address),
      gone: false,
      onData: (_: Uint8Array) => {},
      abort: () => {
        connection.gone = true
      },
    }
    return {
      connection,
      admitTo: (door: Doorkeeper): (() => void) => {
        const leave = door.admit(connection as unknown as MultiaddrConnection)
        if (said > 0) connection.onData(new Uint8Array(said))
        return leave
      },
    }
  }
  const gone = (visitors: readonly ReturnType<typeof from>[]): number[] =>
    visitors.flatMap(({ connection }, at) => (connection.gone ? [at] : []))

  it('lets the newest in for the one of its address that said least, of those the oldest', async () => {
    net = await TestNetwork.create([])
    const door = new Doorkeeper({ perAddress: 16 })
    const visitors = Array.from({ length: 16 }, (_, at) => from(`/ip4/10.0.0.1/tcp/${at + 1}`, at < 2 ? 30 : 0))
    for (const visitor of visitors) visitor.admitTo(door)
    for (let more = 0; more < 3; more++) from('/ip4/10.0.0.1/tcp/99').admitTo(door)
    expect(gone(visitors)).toEqual([2, 3, 4])
    from('/ip4/10.0.0.2/tcp/1').admitTo(door)
    expect(gone(visitors)).toEqual([2, 3, 4])
    expect(door.waiting).toBe(17)
  })

  it('has so many places for all strangers together; the address with most gives way, and none that a peer has', async () => {
    net = await TestNetwork.create([])
    const door = new Doorkeeper({ perAddress: 16 })
    door.know('peer', multiaddr('/ip4/10.9.9.9/tcp/4001'))
    const ofPeer = Array.from({ length: 16 }, (_, at) => from(`/ip4/10.9.9.9/tcp/${at + 1}`))
    const ofTwo = Array.from({ length: 2 }, (_, at) => from(`/ip4/10.0.0.1/tcp/${at + 1}`))
    for (const visitor of [...ofPeer, ...ofTwo]) visitor.admitTo(door)
    const ofOne = Array.from({ length: 300 }, (_, at) => from(`/ip4/10.1.${at >> 8}.${at & 255}/tcp/1`))
    for (const visitor of ofOne) visitor.admitTo(door)
    expect(gone(ofPeer)).toEqual([])
    // One of the two first, then the oldest of those that are alone.
    expect(gone(ofTwo)).toContain(0)
    expect(door.waiting).toBe(16 + 256)
  })

  it('takes all addresses of one network of IPv6 for one, and frees the place of who is through', async () => {
    net = await TestNetwork.create([])
    const door = new Doorkeeper({ perAddress: 16 })
    const visitors = Array.from({ length: 20 }, (_, at) => from(`/ip6/2001:db8::${at + 1}/tcp/1`))
    const leaves = visitors.map((visitor) => visitor.admitTo(door))
    expect(gone(visitors)).toEqual([0, 1, 2, 3])
    for (const leave of leaves) leave()
    expect(door.waiting).toBe(0)
    const mapped = Array.from({ length: 20 }, (_, at) => from(`/ip6/::ffff:10.0.0.${at + 1}/tcp/1`))
    for (const visitor of mapped) visitor.admitTo(door)
    expect(gone(mapped)).toEqual([])
  })
})
