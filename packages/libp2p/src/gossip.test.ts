import { createHash } from 'node:crypto'
import { meshDegree, mostEnvelopeBytes } from '@hearsay/peer'
import { afterEach, describe, expect, it } from 'vitest'
import { contentId, gossipOptions } from './gossip.ts'
import { defaultTiming, mostNeighboursThatLie } from './options.ts'
import { bytes, type TestHost, TestNetwork } from './testing/test-network.ts'

let net: TestNetwork
afterEach(() => net.stop())

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `peer ${i}`)

async function everyoneHearsEveryone(hosts: readonly TestHost[]): Promise<void> {
  for (const [i, host] of hosts.entries()) host.publish(bytes(`from ${i}`))
  await net.changes.until(() => hosts.every((host) => host.envelopes.length >= hosts.length - 1))
  for (const [i, host] of hosts.entries()) {
    const expected = hosts.map((_, j) => `from ${j}`).filter((_, j) => j !== i)
    expect(host.envelopes.map((each) => each.text).sort()).toEqual(expected.sort())
  }
}

const ones = (peers: number): number[] => Array(peers).fill(1)

describe('gossip', () => {
  it('reaches all of 10 peers over memory', async () => {
    net = await TestNetwork.create(namesOf(10))
    const hosts = await net.hosts()
    await net.connectAll(hosts)
    await everyoneHearsEveryone(hosts)
  })

  // At 12 peers on one address the default colocation penalty empties the mesh, and the default inbound threshold
  // turns away 15 of 20 peers that dial at once.
  it('reaches all of 20 peers on one address that dial each other at once', async () => {
    net = await TestNetwork.create(namesOf(20))
    const hosts = await net.hosts({ transport: 'tcp', timing: { heartbeatMs: 500, gossipGraceMs: 10_000 } })
    const dials = hosts.slice(1).map((host) => host.connect(hosts[0]!.addresses()[0]!))
    await Promise.all(dials)
    expect(hosts.flatMap((host) => host.events.filter((event) => event.kind === 'dial-failed'))).toEqual([])
    await net.connectAll(hosts)
    await everyoneHearsEveryone(hosts)
    for (const host of hosts) expect(Math.min(...Object.values(host.stats().scores))).toBeGreaterThanOrEqual(0)
    // Whom a peer itself dialled may join a full mesh, until the next heartbeat makes it small again.
    for (let word = 0; hosts.some((host) => host.stats().mesh > 7); word++) {
      hosts[0]!.publish(bytes(`word ${word}`))
      await net.changes.until(() => hosts[1]!.envelopes.some(({ text }) => text === `word ${word}`))
    }
  })

  it('names an envelope by its content', async () => {
    net = await TestNetwork.create([])
    const data = bytes('said once')
    const id = contentId({ type: 'unsigned', topic: 'any', data })
    expect(Buffer.from(id)).toEqual(createHash('sha256').update(data).digest().subarray(0, 20))
  })

  it('passes on to one more than the liars that are tolerated, within 3 and 6, or to as many as it is told', async () => {
    net = await TestNetwork.create([])
    const degree = (peers: number, told?: number) =>
      gossipOptions('t', defaultTiming, { weights: ones(peers), degree: told }).D
    expect([degree(4), degree(10), degree(13), degree(19), degree(10, 2), degree(100, 5)]).toEqual([3, 4, 5, 6, 2, 5])
  })

  it('counts whoever waits without a weight among the neighbours that may lie', () => {
    expect([mostNeighboursThatLie([1, 1, 1, 1]), mostNeighboursThatLie([1, 1, 1, 1, 0, 0])]).toEqual([1, 3])
    expect(mostNeighboursThatLie([4, 4, 4, 1, 1, 1])).toBe(3)
  })

  it('passes on to few in a large network, as long as a peer is connected to n−f, and to more when it is not', async () => {
    expect([19, 20, 100].map((peers) => meshDegree(ones(peers), peers - 1))).toEqual([6, 2, 2])
    expect([66, 65, 0].map((neighbours) => meshDegree(ones(100), neighbours))).toEqual([2, 6, 6])
    net = await TestNetwork.create(namesOf(22))
    const hosts = await net.hosts({ timing: { heartbeatMs: 100, gossipGraceMs: 10_000 } })
    const [lonely, ...others] = hosts as [TestHost, ...TestHost[]]
    await net.connectAll(others)
    for (const other of others.slice(0, 10)) await net.connect(lonely, other)
    await everyoneHearsEveryone(hosts)
  })

  it('delivers the same content once, whoever publishes it, and different contents both', async () => {
    net = await TestNetwork.create(['a', 'b', 'c'])
    const [a, b, c] = (await net.hosts()) as [TestHost, TestHost, TestHost]
    await net.connectAll([a, b, c])
    a.publish(bytes('same'))
    b.publish(bytes('same'))
    a.publish(bytes('same'))
    a.publish(bytes('last of a'))
    b.publish(bytes('last of b'))
    await net.changes.until(() => c.envelopes.filter((each) => each.text.startsWith('last')).length === 2)
    expect(c.envelopes.filter((each) => each.text === 'same')).toHaveLength(1)
  })

  it('refuses to publish or send more than the limit, and carries the limit itself', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const [a, b] = (await net.hosts()) as [TestHost, TestHost]
    await net.connect(a, b)
    const tooLarge = new Uint8Array(mostEnvelopeBytes + 1)
    expect(() => a.publish(tooLarge)).toThrow(expect.objectContaining({ code: 'envelope-too-large' }))
    expect(() => a.send(b.id, tooLarge)).toThrow(expect.objectContaining({ code: 'envelope-too-large' }))
    a.publish(new Uint8Array(mostEnvelopeBytes))
    a.publish(bytes('after'))
    await net.changes.until(() => b.envelopes.length === 2)
    expect(b.envelopes.map((each) => each.text)).toEqual([`${mostEnvelopeBytes} bytes`, 'after'])
    expect(b.neighbours()).toEqual([a.id])
  })

  it.each(['gossip', 'direct'] as const)('relays what came by %s exactly when the verdict is accept', async (via) => {
    net = await TestNetwork.create(['a', 'x', 'b'])
    const a = await net.host('a')
    const x = await net.host('x', {
      handlers: { envelope: async (data) => (Buffer.from(data).includes('keep') ? 'ignore' : 'accept') },
    })
    const b = await net.host('b')
    await net.connect(a, x)
    await net.connect(x, b)
    for (const each of ['keep 1', 'pass 1', 'keep 2', 'pass 2']) {
      if (via === 'gossip') a.publish(bytes(each))
      else a.send(x.id, bytes(each))
    }
    await net.changes.until(() => b.envelopes.some((each) => each.text === 'pass 2'))
    expect(x.envelopes.map((each) => [each.text, each.via])).toEqual(
      ['keep 1', 'pass 1', 'keep 2', 'pass 2'].map((each) => [each, via]),
    )
    expect(b.envelopes.map((each) => each.text)).toEqual(['pass 1', 'pass 2'])
    expect(x.stats().envelopes).toEqual({ accepted: 2, ignored: 2, rejected: 0 })
    expect(x.stats().scores[a.id]).toBeGreaterThanOrEqual(0)
  })

  it('counts a handler that throws or rejects as ignore, and lives on', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a')
    const b = await net.host('b', {
      handlers: {
        envelope: (data) => {
          if (Buffer.from(data).includes('throw')) throw new Error('thrown')
          return Buffer.from(data).includes('reject') ? Promise.reject(new Error('rejected')) : 'accept'
        },
      },
    })
    await net.connect(a, b)
    for (const each of ['throw', 'reject', 'fine']) a.publish(bytes(each))
    await net.changes.until(() => b.stats().envelopes.accepted === 1 && b.stats().envelopes.ignored === 2)
    expect(b.events.filter((event) => event.kind === 'handler-threw')).toHaveLength(2)
    expect(b.stats().scores[a.id]).toBeGreaterThanOrEqual(0)
  })

  it('stops listening to a peer whose envelopes are rejected', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a')
    const b = await net.host('b', {
      handlers: { envelope: (data) => (Buffer.from(data).includes('bad') ? 'reject' : 'ignore') },
    })
    await net.connect(a, b)
    let sent = 0
    // Gossip asks for the score again after a second or 128 frames, so that it takes a few hundred to be deaf.
    while (sent - b.stats().envelopes.rejected < 50 && sent < 3000) {
      sent++
      a.publish(bytes(`bad ${sent}`))
      a.send(b.id, bytes(`marker ${sent}`))
      await net.changes.until(() => b.envelopes.some((each) => each.text === `marker ${sent}`))
    }
    expect(sent - b.stats().envelopes.rejected).toBe(50)
    expect(b.stats().envelopes.rejected).toBeGreaterThan(3)
    expect(b.stats().scores[a.id]).toBeLessThan(-200)
  })
})
