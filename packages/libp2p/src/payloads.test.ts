import { hash } from 'node:crypto'
import { multiaddr } from '@multiformats/multiaddr'
import { decode, encode } from 'it-length-prefixed'
import { afterEach, describe, expect, it } from 'vitest'
import { servedToOne } from './payload-serving.ts'
import { chunkBytes } from './payloads.ts'
import { bytes, limits, names, quick, type TestHost, TestNetwork, text } from './testing/test-network.ts'

let net: TestNetwork
afterEach(() => net.stop())

const payload = Uint8Array.from({ length: 2 * chunkBytes + 12_345 }, (_, i) => (i * 2_654_435_761) >>> 24)
const digest = hash('sha256', payload, 'buffer')
const holding = { payload: (digestHex: string) => (digestHex === digest.toString('hex') ? payload : undefined) }

function fetchFrom(host: TestHost, sources: () => readonly string[], signal = new AbortController().signal) {
  const into = new Uint8Array(payload.byteLength)
  return host.fetch({ digest, sizeBytes: payload.byteLength, sources, into, signal }).then(() => into)
}

/** The request for the first chunk of the payload, as it goes over the wire. */
function firstChunk(): Uint8Array {
  const request = Buffer.alloc(44)
  digest.copy(request)
  request.writeUInt32BE(payload.byteLength, 32)
  request.writeUInt32BE(chunkBytes, 40)
  return request
}

/** Nobody is taken for slow on a busy machine. */
const patient = { ...quick, chunkDeadlineMs: 600_000 }

const bad = (host: TestHost) => host.events.filter((event) => event.kind === 'bad-payload').map((event) => event.peer)

describe('fetch', () => {
  it.each(['memory', 'tcp'] as const)('pulls a payload of several chunks over %s, once', async (transport) => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a', { transport })
    const b = await net.host('b', { transport, handlers: holding })
    await net.connect(a, b)
    const before = a.bytes.received
    expect(Buffer.compare(await fetchFrom(a, () => [b.id]), payload)).toBe(0)
    expect(a.bytes.received - before).toBeGreaterThanOrEqual(payload.byteLength)
    expect(a.bytes.received - before).toBeLessThan(1.01 * payload.byteLength + 4096)
    expect(a.stats().payloads).toEqual({ fetched: 1, served: 0, bad: 0, hedged: 0, inFlightBytes: 0 })
    expect(b.stats().payloads.served).toBe(1)
  })

  it('turns to the next source when the first lies', async () => {
    net = await TestNetwork.create(['a', 'liar', 'b'])
    const wrong = payload.slice()
    wrong[wrong.length - 1]! ^= 1
    const a = await net.host('a', { timing: patient })
    const liar = await net.host('liar', { handlers: { payload: () => wrong } })
    const b = await net.host('b', { handlers: holding })
    await net.connect(a, liar)
    await net.connect(a, b)
    expect(Buffer.compare(await fetchFrom(a, () => [liar.id, b.id]), payload)).toBe(0)
    expect(bad(a)).toEqual([liar.id])
    expect(a.stats().payloads).toMatchObject({ fetched: 1, bad: 1 })
  })

  it.each([
    ['stalls', [] as number[], false],
    ['sends a little and stalls', [0x80, 0x80, 0x20, 1, 2, 3], false],
    ['announces more than was asked for', [0xff, 0xff, 0xff, 0x7f], true],
    ['sends less than was asked for', [2, 1, 2], true],
  ])('turns to the next source when the first %s', async (_, answer, lies) => {
    net = await TestNetwork.create(['a', 'liar', 'b'])
    const a = await net.host('a', { timing: lies ? patient : quick })
    const liar = await net.raw('liar')
    await liar.handle(names.payload, async (stream) => {
      for await (const _request of decode(stream)) if (answer.length > 0) stream.send(Uint8Array.from(answer))
    })
    const b = await net.host('b', { handlers: holding })
    await net.connect(a, b)
    await a.connect(liar.getMultiaddrs().map(String)[0]!)
    const id = liar.peerId.toString()
    expect(Buffer.compare(await fetchFrom(a, () => [id, b.id]), payload)).toBe(0)
    // To be slow is no fault; nobody waits for it.
    expect(bad(a)).toEqual(lies ? [id] : [])
    expect(a.stats().payloads.hedged).toBe(lies ? 0 : 1)
  })

  it('turns to the next source when the first sends more than is left', async () => {
    net = await TestNetwork.create(['a', 'liar', 'b'])
    const small = bytes('ten bytes!')
    const a = await net.host('a', { timing: patient })
    const liar = await net.raw('liar')
    await liar.handle(names.payload, async (stream) => {
      for await (const _request of decode(stream)) stream.send(encode.single(bytes('ten bytes! and more')))
    })
    const b = await net.host('b', { handlers: { payload: () => small } })
    await net.connect(a, b)
    await a.connect(liar.getMultiaddrs().map(String)[0]!)
    const into = new Uint8Array(10)
    const id = liar.peerId.toString()
    const { signal } = new AbortController()
    await a.fetch({ digest: hash('sha256', small, 'buffer'), sizeBytes: 10, into, sources: () => [id, b.id], signal })
    expect(text(into)).toBe('ten bytes!')
    expect(bad(a)).toEqual([id])
  })

  it('waits for no source that serves by drips, nor asks it again while others hold what is wanted', async () => {
    net = await TestNetwork.create(['a', 'liar', 'b', 'c'])
    // A chunk at a time, each within its deadline: to wait for them would take longer than any test.
    const timing = patient
    const a = await net.host('a', { timing })
    let served = 0
    const never = (): Promise<Uint8Array> => {
      served++
      return new Promise(() => {})
    }
    const liar = await net.host('liar', { timing, handlers: { payload: never } })
    const b = await net.host('b', { timing, handlers: holding })
    const c = await net.host('c', { timing, handlers: holding })
    for (const other of [liar, b, c]) await net.connect(a, other)
    for (const other of [b, c]) await fetchFrom(a, () => [other.id])
    const before = a.bytes.received
    for (let round = 1; round <= 3; round++) {
      expect(Buffer.compare(await fetchFrom(a, () => [liar.id, b.id, c.id]), payload)).toBe(0)
      expect(served).toBe(1)
    }
    expect(a.bytes.received - before).toBeLessThan(3.1 * payload.byteLength)
    expect(bad(a)).toEqual([])
  })

  it('of a whole that several gave wrongly no honest one is blamed: it is pulled again from one alone', async () => {
    net = await TestNetwork.create(['a', 'liar', 'b'])
    const a = await net.host('a', { timing: patient })
    const wrong = payload.slice()
    wrong[0]! ^= 1
    let served = 0
    // The first chunk is wrong and comes in time, the second never; later ones come at once.
    const liar = await net.host('liar', {
      handlers: { payload: () => (++served === 2 ? new Promise(() => {}) : wrong) },
    })
    const b = await net.host('b', { handlers: holding })
    for (const other of [liar, b]) await net.connect(a, other)
    await fetchFrom(a, () => [b.id])
    expect(Buffer.compare(await fetchFrom(a, () => [liar.id, b.id]), payload)).toBe(0)
    expect(served).toBeGreaterThanOrEqual(2)
    expect(bad(a)).not.toContain(b.id)
  })

  it('comes back to a slow source when there is no other', async () => {
    net = await TestNetwork.create(['a', 'slow'])
    const a = await net.host('a')
    const slow = await net.raw('slow')
    let asked = 0
    await slow.handle(names.payload, async (stream) => {
      for await (const request of decode(stream)) {
        const offset = Buffer.from(request.slice()).readUInt32BE(36)
        if (asked++ > 0) stream.send(encode.single(payload.subarray(offset, offset + chunkBytes)))
      }
    })
    await a.connect(slow.getMultiaddrs().map(String)[0]!)
    const id = slow.peerId.toString()
    expect(Buffer.compare(await fetchFrom(a, () => [id]), payload)).toBe(0)
    expect(bad(a)).toEqual([])
    expect(asked).toBe(4)
  })

  it('waits for a source that holds it, among sources that come up later', async () => {
    net = await TestNetwork.create(['a', 'b', 'c'])
    const a = await net.host('a')
    let asked = 0
    const b = await net.host('b', { handlers: { payload: () => void asked++ } })
    const c = await net.host('c', { handlers: holding })
    await net.connect(a, b)
    await net.connect(a, c)
    const got = await fetchFrom(a, () => (asked < 2 ? [b.id] : [b.id, c.id]))
    expect(Buffer.compare(got, payload)).toBe(0)
    expect(bad(a)).toEqual([])
  })

  it('ends with a code when it is given up, and leaves nothing in flight', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a')
    const given = new AbortController()
    const b = await net.host('b', { handlers: { payload: () => void setImmediate(() => given.abort()) } })
    await net.connect(a, b)
    await expect(fetchFrom(a, () => [b.id], given.signal)).rejects.toMatchObject({ code: 'fetch-aborted' })
    expect(a.stats().payloads).toEqual({ fetched: 0, served: 0, bad: 0, hedged: 0, inFlightBytes: 0 })
  })

  it('refuses a size beyond the limit, or other than that of the buffer, before asking anybody', async () => {
    net = await TestNetwork.create(['a'])
    const a = await net.host('a')
    const signal = new AbortController().signal
    const sources = () => expect.unreachable('asked for sources')
    for (const [sizeBytes, into] of [
      [limits.payloadBytes + 1, new Uint8Array(limits.payloadBytes + 1)],
      [10, new Uint8Array(11)],
      [0, new Uint8Array(0)],
    ] as const) {
      await expect(a.fetch({ digest, sizeBytes, into, sources, signal })).rejects.toMatchObject({
        code: 'fetch-size',
      })
    }
  })

  it('serves nothing when the size asked for is not the size held', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a')
    const b = await net.host('b', { handlers: holding })
    await net.connect(a, b)
    const given = new AbortController()
    const sizeBytes = payload.byteLength - 1
    let asked = 0
    const sources = () => {
      if (asked++ === 2) given.abort()
      return [b.id]
    }
    const fetched = a.fetch({ digest, sizeBytes, into: new Uint8Array(sizeBytes), sources, signal: given.signal })
    await expect(fetched).rejects.toMatchObject({ code: 'fetch-aborted' })
    expect(bad(a)).toEqual([])
  })

  it('holds back what is beyond the bound on bytes in flight', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a')
    const b = await net.host('b', { handlers: holding })
    await net.connect(a, b)
    const inFlight = (): number => a.stats().payloads.inFlightBytes
    const fetches = Array.from({ length: 100 }, () => fetchFrom(a, () => [b.id]).then(inFlight))
    expect(Math.max(inFlight(), ...(await Promise.all(fetches)))).toBeLessThanOrEqual(32 * 1024 * 1024)
    expect(a.stats().payloads).toMatchObject({ fetched: 100, inFlightBytes: 0 })
  })

  it('runs many at once from one source within the bound on bytes in flight', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a')
    const b = await net.host('b', { handlers: holding })
    await net.connect(a, b)
    const got = await Promise.all(Array.from({ length: 20 }, () => fetchFrom(a, () => [b.id])))
    for (const each of got) expect(Buffer.compare(each, payload)).toBe(0)
    expect(a.stats().payloads).toEqual({ fetched: 20, served: 0, bad: 0, hedged: 0, inFlightBytes: 0 })
  })
})

describe('serving', () => {
  it('drops a reader that asks and never reads', async () => {
    net = await TestNetwork.create(['a', 'reader'])
    const a = await net.host('a', { handlers: holding })
    const reader = await net.raw('reader')
    await a.connect(reader.getMultiaddrs().map(String)[0]!)
    await net.changes.until(() => a.neighbours().length === 1)
    const stream = await reader.getConnections()[0]!.newStream([names.payload])
    const closed = new Promise<void>((resolve) => stream.addEventListener('close', () => resolve()))
    stream.pause()
    // Two chunks are twice the window that a paused stream leaves open, and many requests wait behind them.
    for (let i = 0; i < 100; i++) stream.send(encode.single(firstChunk()))
    await closed
    expect(stream.status).toBe('reset')
    expect(a.stats().payloads.served).toBe(0)
  })

  it('gives a neighbour that asks without end a burst and a rate, and another one all at once meanwhile', async () => {
    net = await TestNetwork.create(['a', 'b', 'greedy'])
    const a = await net.host('a', { handlers: holding })
    const b = await net.host('b')
    const greedy = await net.raw('greedy')
    await net.connect(a, b)
    await a.connect(greedy.getMultiaddrs().map(String)[0]!)
    const { burst, perSecond } = servedToOne(3, limits.payloadBytes)
    const enough = burst + perSecond / 2
    const fromMs = performance.now()
    let taken = 0
    const greed = async (): Promise<void> => {
      const stream = await greedy.getConnections()[0]!.newStream([names.payload])
      stream.send(encode.single(firstChunk()))
      for await (const answer of decode(stream)) {
        taken += answer.byteLength
        net.changes.happened()
        if (taken >= enough) return
        stream.send(encode.single(firstChunk()))
      }
    }
    const sated = Promise.all([greed(), greed()])
    await net.changes.until(() => taken > burst - 2 * chunkBytes)
    expect(Buffer.compare(await fetchFrom(b, () => [a.id]), payload)).toBe(0)
    expect(taken).toBeLessThan(enough)
    await sated
    const tookS = (performance.now() - fromMs) / 1000
    expect(taken).toBeLessThanOrEqual(burst + tookS * perSecond)
  })

  it('takes two streams of a connection, each with one answer under way', async () => {
    net = await TestNetwork.create(['a', 'many'])
    const a = await net.host('a', { handlers: holding })
    const many = await net.raw('many')
    const connection = await many.dial(multiaddr(a.addresses()[0]!))
    const [first, second, third] = [
      await connection.newStream([names.payload]),
      await connection.newStream([names.payload]),
      await connection.newStream([names.payload]),
    ]
    if (third.status === 'open') await new Promise((resolve) => third.addEventListener('close', resolve))
    expect([first.status, second.status, third.status]).toEqual(['open', 'open', 'reset'])
  })
})

describe('ask', () => {
  it('brings the answer, an empty one for nothing to say, and refuses sizes beyond the limits', async () => {
    net = await TestNetwork.create(['a', 'b'])
    const a = await net.host('a')
    const b = await net.host('b', {
      handlers: {
        ask: (question, from) => {
          if (text(question) === 'throw') throw new Error('thrown')
          if (text(question) === 'too much') return new Uint8Array(limits.answerBytes + 1)
          return text(question) === 'nothing' ? undefined : bytes(`${text(question)} to ${from}`)
        },
      },
    })
    await net.connect(a, b)
    const answers = await Promise.all(
      ['hello', 'nothing', 'throw', 'too much', 'again'].map((each) => a.ask(b.id, bytes(each))),
    )
    expect(answers.map(text)).toEqual([`hello to ${a.id}`, '', '', '', `again to ${a.id}`])
    await expect(a.ask(b.id, new Uint8Array(limits.askBytes + 1))).rejects.toMatchObject({
      code: 'ask-too-large',
    })
  })

  it('rejects with a code when nobody answers in time, is given up, or is not connected', async () => {
    net = await TestNetwork.create(['a', 'mute', 'absent'])
    const a = await net.host('a', { timing: { ...quick, askDeadlineMs: 100 } })
    const mute = await net.raw('mute')
    await mute.handle(names.ask, async (stream) => {
      for await (const _ of stream);
    })
    await a.connect(mute.getMultiaddrs().map(String)[0]!)
    const failed = { code: 'ask-failed' }
    await expect(a.ask(mute.peerId.toString(), bytes('?'))).rejects.toMatchObject(failed)
    await expect(a.ask(mute.peerId.toString(), bytes('?'), AbortSignal.abort())).rejects.toMatchObject(failed)
    await expect(a.ask(net.ids.get('absent')!, bytes('?'))).rejects.toMatchObject(failed)
  })
})
