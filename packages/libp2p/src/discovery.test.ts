import { multiaddr } from '@multiformats/multiaddr'
import { encode } from 'it-length-prefixed'
import { afterEach, describe, expect, it } from 'vitest'
import { mostAddresses } from './address.ts'
import { AddressBook } from './address-book.ts'
import { mostRecordBytes, recordDomain, sealRecord } from './address-record.ts'
import { dials } from './discovery.ts'
import { isComplete, reachOf } from './reach.ts'
import { bytes, names, network, type TestHost, TestNetwork } from './testing/test-network.ts'

let net: TestNetwork
afterEach(() => net.stop())

const four = ['a', 'b', 'c', 'd']

/** a–b–c–d, each with the next. */
async function chain(discovery: boolean, transport: 'memory' | 'tcp' = 'tcp'): Promise<TestHost[]> {
  net = await TestNetwork.create(four)
  const hosts = await net.hosts({ transport, ...(discovery && { discovery: {} }) })
  for (const [i, host] of hosts.entries()) {
    const next = hosts[i + 1]
    if (next !== undefined) await net.connect(host, next)
  }
  return hosts
}

const allMeet = (hosts: readonly TestHost[]): boolean =>
  hosts.every((host) => hosts.every((other) => other === host || host.neighbours().includes(other.id)))

describe('peers in a chain', () => {
  it.each(['tcp', 'memory'] as const)(
    'learn of each other over %s, and stay connected when one of them goes',
    async (transport) => {
      const hosts = await chain(true, transport)
      await net.changes.until(() => allMeet(hosts))
      await hosts[1]!.stop()
      const left = hosts.filter((_, at) => at !== 1)
      left[0]!.publish(bytes('to the others'))
      await net.changes.until(() => left.slice(1).every(({ envelopes }) => envelopes.length === 1))
      for (const host of hosts) expect(host.events.filter(({ kind }) => kind === 'bad-addresses')).toEqual([])
    },
  )

  it('stay a chain where a topology is to be kept', async () => {
    const hosts = await chain(false)
    hosts[0]!.publish(bytes('along the chain'))
    await net.changes.until(() => hosts[3]!.envelopes.length === 1)
    expect(hosts.map((host) => host.neighbours().length)).toEqual([1, 2, 2, 1])
  })

  it('of which one starts anew, without anybody to dial first, are found by what it kept', async () => {
    net = await TestNetwork.create(four)
    let kept: readonly Uint8Array[] = []
    const onRecords = (records: readonly Uint8Array[]): void => {
      kept = records
      net.changes.happened()
    }
    const a = await net.host('a', { transport: 'tcp', discovery: { onRecords } })
    const others: TestHost[] = []
    for (const name of four.slice(1)) others.push(await net.host(name, { transport: 'tcp', discovery: {} }))
    for (const [i, host] of [a, ...others].slice(0, 3).entries()) await net.connect(host, others[i]!)
    await net.changes.until(() => kept.length === 4)
    await a.stop()
    // The one that it dialled at first is gone.
    await others[0]!.stop()
    const again = await net.host('a', { transport: 'tcp', discovery: { known: [bytes('no record'), ...kept] } })
    await net.changes.until(() => again.neighbours().length === 2)
  })
})

it.each([4, 10, 32, 33, 34, 60, 100])(
  'of %i peers each dials the next that is left, whichever third goes',
  async (peers) => {
    net = await TestNetwork.create([])
    const tolerated = Math.floor((peers - 1) / 3)
    const all = Array.from({ length: peers }, (_, at) => at)
    const weights = all.map(() => 1)
    // In a row, or here and there.
    for (const step of [1, 2, 3, 7]) {
      const gone = new Set(all.slice(0, tolerated).map((at) => (at * step) % peers))
      for (const peer of all) {
        let distance = 1
        while (gone.has((peer + distance) % peers)) distance++
        expect(dials(peer, (peer + distance) % peers, weights)).toBe(true)
      }
    }
  },
)

it('of peers of unlike weight each dials more of the light ones and fewer of the heavy', () => {
  // 40 of weight 1, then 10 of 20: W = 240, of which 79 may be missing.
  const weights = Array.from({ length: 50 }, (_, at) => (at < 40 ? 1 : 20))
  const dialled = (peer: number): number[] =>
    [...weights.keys()].filter((other) => other !== peer && dials(peer, other, weights))
  expect(dialled(40)).toEqual([41, 42, 43, 44])
  expect(dialled(0)).toEqual([...weights.keys()].slice(1, 43))
})

describe('a liar', () => {
  const somewhere = [multiaddr('/ip4/127.0.0.1/tcp/4001')]

  async function pushTo(host: TestHost, liar: string, records: readonly Uint8Array[]): Promise<void> {
    const raw = await net.raw(liar)
    await host.connect(raw.getMultiaddrs().map(String)[0]!)
    const stream = await raw.getConnections()[0]!.newStream([names.addresses])
    for (const record of records) stream.send(encode.single(record))
  }

  it('that tells of others what they did not sign, is told as what it is, and nobody is dialled for it', async () => {
    net = await TestNetwork.create(four)
    const a = await net.host('a', { discovery: {} })
    const forged = { peer: 2, sequence: 5, addresses: somewhere }
    const ofOther = sealRecord(forged, recordDomain(network), net.keys('d')).bytes
    const elsewhere = sealRecord(forged, recordDomain('cd'.repeat(16)), net.keys('c')).bytes
    const cut = sealRecord(forged, recordDomain(network), net.keys('c')).bytes.slice(0, -1)
    await pushTo(a, 'd', [ofOther, elsewhere, cut, new Uint8Array(20), new Uint8Array(mostRecordBytes + 1)])
    const bad = () => a.events.filter(({ kind }) => kind === 'bad-addresses')
    await net.changes.until(() => bad().length === 5)
    for (const { peer } of bad()) expect(peer).toBe(net.ids.get('d'))
    expect(a.events.filter(({ kind }) => kind === 'dial-failed')).toEqual([])
  })

  it('that tells where it is makes others dial that, but no place of others, nor one that was taken out of the wanted peers', async () => {
    // Those that come next in the roster are dialled at once.
    net = await TestNetwork.create(['a', 'b', 'c', 'e', 'd', 'x', 'y'])
    const a = await net.host('a', { discovery: {} })
    await a.disconnect(net.ids.get('c')!)
    const record = (peer: number, name: string, ...addresses: readonly string[]) =>
      sealRecord(
        { peer, sequence: 5, addresses: addresses.map((address) => multiaddr(address)) },
        recordDomain(network),
        net.keys(name),
      ).bytes
    // Of another place, of none, and of who knows how many.
    const elsewhere = ['/ip4/10.0.0.1/tcp/4001', '/ip4/192.0.2.1/tcp/0', '/dnsaddr/peers.example']
    await pushTo(a, 'd', [
      record(3, 'e', ...elsewhere),
      record(2, 'c', '/memory/nobody'),
      record(1, 'b', '/memory/nobody'),
    ])
    const failed = () => a.events.filter(({ kind }) => kind === 'dial-failed').map(({ peer }) => peer)
    await net.changes.until(() => failed().filter((peer) => peer === net.ids.get('b')).length >= 3)
    expect(new Set(failed())).toEqual(new Set([net.ids.get('b')]))
  })

  it('that signs again and again is heard now and then', async () => {
    net = await TestNetwork.create(four)
    const keys = net.keys('d')
    const book = new AddressBook({ self: 0, network, keys })
    const record = (sequence: number) =>
      sealRecord({ peer: 3, sequence, addresses: somewhere }, recordDomain(network), keys)
    let taken = 0
    for (let sequence = 0; sequence < 1000; sequence++)
      if (typeof book.take(record(sequence).bytes, sequence) === 'object') taken++
    expect(taken).toBe(8)
    // Others say no less for it.
    const other = sealRecord({ peer: 2, sequence: 1, addresses: [] }, recordDomain(network), net.keys('c'))
    expect(book.take(other.bytes, 1000)).toMatchObject({ peer: 2 })
    expect(book.records()).toHaveLength(2)
  })
})

describe('records', () => {
  it('of two the newer counts, in any order, and an older one does not return', async () => {
    net = await TestNetwork.create(four)
    const keys = net.keys('b')
    const record = (sequence: number, port: number) =>
      sealRecord(
        { peer: 1, sequence, addresses: [multiaddr(`/ip4/192.0.2.1/tcp/${port}`)] },
        recordDomain(network),
        keys,
      )
    const book = new AddressBook({ self: 0, network, keys: net.keys('a') })
    expect(book.take(record(2, 2).bytes, 0)).toMatchObject({ sequence: 2 })
    expect(book.take(record(1, 1).bytes, 0)).toBe('known')
    expect(book.take(record(2, 3).bytes, 0)).toBe('known')
    expect(book.take(record(3, 3).bytes, 0)).toMatchObject({ sequence: 3 })
    expect(book.records().map(({ addresses }) => addresses.map(String))).toEqual([['/ip4/192.0.2.1/tcp/3']])
  })

  it('of this peer are made anew when its addresses change, and beyond what it said in an earlier life', async () => {
    net = await TestNetwork.create(four)
    const keys = net.keys('a')
    const book = new AddressBook({ self: 0, network, keys })
    const [here, there] = [[multiaddr('/ip4/192.0.2.1/tcp/1')], [multiaddr('/ip4/192.0.2.2/tcp/1')]]
    const first = book.own(here, 100)
    expect(book.own(here, 200)).toBe(first)
    const second = book.own(there, 50)
    expect(second.sequence).toBeGreaterThan(first.sequence)
    const earlier = sealRecord({ peer: 0, sequence: 9000, addresses: here }, recordDomain(network), keys)
    expect(book.take(earlier.bytes, 0)).toMatchObject({ sequence: 9000 })
    expect(book.own(there, 300)).toMatchObject({ sequence: 9001, addresses: there })
  })

  it('hold a few addresses of some length, whatever there are', async () => {
    net = await TestNetwork.create(four)
    const many = Array.from({ length: 20 }, (_, i) => multiaddr(`/ip4/192.0.2.${i}/tcp/1`))
    const long = multiaddr(`/dns4/${'a'.repeat(200)}/tcp/1`)
    const record = sealRecord(
      { peer: 0, sequence: 1, addresses: [long, ...many] },
      recordDomain(network),
      net.keys('a'),
    )
    expect(record.addresses.map(String)).toEqual(many.slice(0, mostAddresses).map(String))
    expect(record.bytes.length).toBeLessThanOrEqual(mostRecordBytes)
  })
})

it.each([
  ['/ip4/127.0.0.1/tcp/1', 'machine', true],
  ['/ip6/::1/tcp/1', 'machine', true],
  ['/dns4/localhost/tcp/1', 'machine', true],
  ['/ip4/10.1.2.3/tcp/1', 'private', true],
  ['/ip4/172.31.0.1/tcp/1', 'private', true],
  ['/ip6/fd00::1/tcp/1', 'private', true],
  ['/ip4/192.0.2.1/tcp/1', 'everywhere', true],
  ['/dns4/peer.example/tcp/1', 'everywhere', true],
  ['/dns4/a\u001b[31mb/tcp/1', 'nowhere', true],
  ['/ip4/0.0.0.0/tcp/1', 'nowhere', true],
  ['/ip4/169.254.169.254/tcp/80', 'nowhere', true],
  ['/ip4/239.1.1.1/tcp/1', 'nowhere', true],
  ['/ip6/fe80::1/tcp/1', 'nowhere', true],
  ['/ip6/::ffff:127.0.0.1/tcp/1', 'machine', true],
  ['/dnsaddr/peers.example', 'nowhere', false],
  ['/ip4/192.0.2.1/tcp/0', 'everywhere', false],
  ['/ip4/192.0.2.1/udp/1/quic-v1', 'everywhere', false],
  ['/ip4/192.0.2.1/tcp/1/p2p/12D3KooWRdFFg3yTbTsDq5Z1yCvCWbqznEFro9jeVivo7rkayJ4D', 'everywhere', false],
])('%s reaches %s', async (address, reach, complete) => {
  net = await TestNetwork.create([])
  expect(reachOf(multiaddr(address))).toBe(reach)
  expect(isComplete(multiaddr(address))).toBe(complete)
})
