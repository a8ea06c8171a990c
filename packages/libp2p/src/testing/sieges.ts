/** Ways in which a member of the roster asks or sends without end, as fast as the other side lets it. */
import { randomBytes } from 'node:crypto'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Connection, Stream } from '@libp2p/interface'
import { encode } from 'it-length-prefixed'
import type { protocolNames } from '../node.ts'

/** What a besieger knows of its victim. */
export interface Besieging {
  readonly connection: Connection
  readonly names: ReturnType<typeof protocolNames>
  readonly signal: AbortSignal
  readonly victim: {
    /** Digest of the newest model, which all honest peers serve. */
    readonly model: string
    readonly payloadBytes: number
    /** An envelope that everybody has. */
    readonly envelope: Uint8Array
  }
}

interface Way {
  readonly summary: string
  run(besieging: Besieging): Promise<void>
}

const chunkBytes = 16 * 1024
const pauseMs = 10

/** Writes `next()` on two streams of a protocol, again and again, and throws away what comes back. */
function pouring(protocol: (names: Besieging['names']) => string, next: (besieging: Besieging) => Uint8Array) {
  return async (besieging: Besieging): Promise<void> => {
    const { connection, names, signal } = besieging
    const pour = async (): Promise<void> => {
      const stream = await connection.newStream([protocol(names)], { maxOutboundStreams: 64, signal })
      stream.addEventListener('message', () => {})
      while (!signal.aborted && stream.status === 'open' && stream.writeStatus === 'writable') {
        if (stream.send(next(besieging))) await setImmediate()
        else await drained(stream, signal)
      }
      stream.abort(new Error('over'))
    }
    await Promise.all([without(signal, pour), without(signal, pour)])
  }
}

/** Again and again; what the other side ends is begun anew. */
async function without(end: AbortSignal, run: () => Promise<void>): Promise<void> {
  while (!end.aborted) {
    await run().catch(() => {})
    await setTimeout(pauseMs)
  }
}

function drained(stream: Stream, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => resolve()
    for (const event of ['drain', 'close'] as const) stream.addEventListener(event, done, { once: true })
    signal.addEventListener('abort', done, { once: true })
    if (!stream.writableNeedsDrain) done()
  })
}

/** Opens streams of a protocol and ends them at once. */
function opening(protocol: (names: Besieging['names']) => string) {
  return async ({ connection, names, signal }: Besieging): Promise<void> => {
    const open = async (): Promise<void> => {
      while (!signal.aborted) {
        const stream = await connection.newStream([protocol(names)], { maxOutboundStreams: 64 })
        stream.abort(new Error('over'))
      }
    }
    await Promise.all(Array.from({ length: 8 }, () => without(signal, open)))
  }
}

const prefixed = (bytes: Uint8Array): Uint8Array => encode.single(bytes).subarray()

/** So many of the same as a chunk holds. */
function many(bytes: Uint8Array): Uint8Array {
  const frame = prefixed(bytes)
  return Buffer.concat(Array(Math.max(1, Math.floor(chunkBytes / frame.length))).fill(frame))
}

/** A constant, made when it is first needed. */
function once(make: (besieging: Besieging) => Uint8Array): (besieging: Besieging) => Uint8Array {
  let made: Uint8Array | undefined
  return (besieging) => {
    made ??= make(besieging)
    return made
  }
}

/** A field of protobuf with a length. */
function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([8 * number + 2]), prefixed(bytes)])
}

/** An ask in the bytes of its message: a chain of one link, and ids that nobody knows. */
function askOf(held: number): Uint8Array {
  const ids = Array.from({ length: held }, () => field(2, randomBytes(12)))
  return Buffer.concat([field(1, field(2, randomBytes(32))), ...ids])
}

function payloadRequest(digest: string, sizeBytes: number): Uint8Array {
  const request = Buffer.alloc(44)
  Buffer.from(digest.padStart(64, '0'), 'hex').copy(request)
  request.writeUInt32BE(sizeBytes, 32)
  request.writeUInt32BE(Math.min(sizeBytes, 512 * 1024), 40)
  return request
}

function published(data: Uint8Array, { topic }: Besieging['names']): Buffer {
  return field(2, Buffer.concat([field(2, data), field(4, Buffer.from(topic))]))
}

/** Says to have what nobody has, and asks for it. */
function control({ topic }: Besieging['names']): Buffer {
  const ids = Array.from({ length: 700 }, () => randomBytes(20))
  const ihave = Buffer.concat([field(1, Buffer.from(topic)), ...ids.map((id) => field(2, id))])
  return field(3, Buffer.concat([field(1, ihave), field(2, Buffer.concat(ids.map((id) => field(1, id))))]))
}

const ask = (names: Besieging['names']): string => names.ask
const payload = (names: Besieging['names']): string => names.payload
const direct = (names: Besieging['names']): string => names.direct
const gossip = (): string => '/meshsub/1.2.0'
const zeros = once(() => new Uint8Array(chunkBytes))

const ways = {
  'empty-asks': { summary: 'asks of one zero byte', run: pouring(ask, zeros) },
  'short-asks': {
    summary: 'asks for all there is',
    run: pouring(
      ask,
      once(() => many(askOf(0))),
    ),
  },
  'long-asks': {
    summary: 'asks of 56 kB',
    run: pouring(
      ask,
      once(() => prefixed(askOf(4000))),
    ),
  },
  payloads: {
    summary: 'requests for the newest model',
    run: pouring(payload, ({ victim }) => many(payloadRequest(victim.model, victim.payloadBytes))),
  },
  'lacking-payloads': {
    summary: 'requests for what nobody holds',
    run: pouring(
      payload,
      once(() => many(payloadRequest('ab'.repeat(32), 4))),
    ),
  },
  'empty-pushes': { summary: 'empty envelopes on a stream of its own', run: pouring(direct, zeros) },
  'junk-pushes': {
    summary: 'envelopes of noise on a stream of its own',
    run: pouring(
      direct,
      once(() => many(randomBytes(300))),
    ),
  },
  'copied-pushes': {
    summary: 'an envelope that everybody has, on a stream of its own',
    run: pouring(direct, ({ victim }) => many(victim.envelope)),
  },
  'empty-gossip': { summary: 'empty frames of gossip', run: pouring(gossip, zeros) },
  'copied-gossip': {
    summary: 'an envelope that everybody has, in gossip',
    run: pouring(gossip, ({ victim, names }) => many(published(victim.envelope, names))),
  },
  'control-gossip': {
    summary: 'ids of gossip that nobody knows',
    run: pouring(gossip, ({ names }) => many(control(names))),
  },
  streams: { summary: 'streams that end at once', run: opening(ask) },
  identify: { summary: 'streams that ask who the other is', run: opening(() => '/ipfs/id/1.0.0') },
} satisfies Record<string, Way>

export const sieges = {
  ...ways,
  everything: {
    summary: 'all of these together',
    run: async (besieging) => {
      await Promise.all(Object.values(ways).map((way) => way.run(besieging)))
    },
  },
} satisfies Record<string, Way>

export type Siege = keyof typeof sieges
