/**
 * How fast a neighbour's gossip is read. Gossipsub itself takes all frames of a chunk in one turn of the event loop, holds
 * what it has not come to without a bound, and thinks nothing of frames that say nothing. Here a stream is read in turns
 * and at a rate, and what arrives faster waits at its sender. An envelope that is accepted costs its sender nothing, so
 * the rate is one of copies, of control messages, and of nothing at all.
 */
import type { Connection, Stream, StreamMessageEvent } from '@libp2p/interface'
import { decode, encode } from 'it-length-prefixed'
import { pipe } from 'it-pipe'
import { Allowance } from '../allowance.ts'
import type { GossipInside } from './gossip.ts'
import { maxGossipFrameBytes } from './options.ts'
import { pausingSource, whileOpen } from './streams.ts'
import type { Turns } from './turns.ts'

/** A unit is what an empty frame costs, some 10 µs; a frame costs one, and one more for each so many bytes. */
const unitBytes = 256
/** Envelopes, or what else there is, of a frame that are handled as one. */
const fieldsOfPart = 16
/** So many units are read in one turn: some 170 envelopes, whose signatures take 17 ms. Honest rounds mostly need no turn. */
const unitsATurn = 384
/**
 * From those who may lie together, in units a second: a sixth of the time of one core. Honest peers bring two copies or
 * three of each envelope, which is less while rounds take more than some 10 ms.
 */
const unitsFromLiars = 15_000

/** Reads gossip in turns and at a rate, from `start` of the node on; call it before. */
export function paceGossip(
  pubsub: GossipInside,
  { turns, peers, stopped }: { turns: Turns; peers: number; stopped: AbortSignal },
): void {
  const perSecond = unitsFromLiars / Math.max(1, Math.floor((peers - 1) / 3))
  const allowance = new Allowance({ burst: perSecond, perSecond })
  pubsub.addEventListener('gossipsub:message', ({ detail }) => {
    allowance.give(detail.propagationSource.toString(), unitsOf(detail.msg.data.byteLength))
  })
  const onIncomingStream = pubsub.onIncomingStream.bind(pubsub)
  pubsub.onIncomingStream = (stream: Stream, connection: Connection): void => {
    const peer = connection.remotePeer.toString()
    const open = whileOpen(stream, stopped)
    const paced = inTurns(stream, {
      turn: () => turns.next(peer),
      take: (units) => allowance.turn(peer, Math.min(units, perSecond), open),
    })
    onIncomingStream(standIn(stream, paced), connection)
  }
}

/** All that gossip wants of an inbound stream; of the stream itself it would take everything at once. */
function standIn(stream: Stream, paced: AsyncIterable<StreamMessageEvent['data']>): Stream {
  return {
    close: (options) => stream.close(options),
    abort: (error) => stream.abort(error),
    [Symbol.asyncIterator]: () => paced[Symbol.asyncIterator](),
  } as Partial<Stream> as Stream
}

function unitsOf(bytes: number): number {
  return 1 + Math.floor(bytes / unitBytes)
}

/** The frames of a stream, one by one, in the bytes in which they came. */
async function* inTurns(
  stream: Stream,
  { turn, take }: { turn: () => Promise<void>; take: (units: number) => Promise<void> },
): AsyncGenerator<StreamMessageEvent['data']> {
  const frames = pipe(pausingSource(stream), (source) => decode(source, { maxDataLength: maxGossipFrameBytes }))
  let untilTurn = unitsATurn
  for await (const frame of frames) {
    for (const part of partsOf(frame.subarray())) {
      const units = unitsOf(part.byteLength)
      untilTurn -= units
      if (untilTurn <= 0) {
        await turn()
        untilTurn = unitsATurn
      }
      await take(units)
      yield encode.single(part)
    }
  }
}

/**
 * A frame holds hundreds of envelopes, each with a signature to check. It is a message of protobuf, of which some fields
 * are a message too: so it is cut between fields. What is none is left whole, for gossip to refuse.
 */
export function partsOf(frame: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = []
  let from = 0
  let fields = 0
  for (let at = 0; at < frame.byteLength; ) {
    const end = fieldEnd(frame, at)
    if (end === undefined || end > frame.byteLength) return [frame]
    at = end
    if (++fields < fieldsOfPart && at < frame.byteLength) continue
    parts.push(frame.subarray(from, at))
    from = at
    fields = 0
  }
  return parts.length === 0 ? [frame] : parts
}

/** Where the field that begins here ends, if it is one with a length in bytes, as all of gossip's are. */
function fieldEnd(bytes: Uint8Array, at: number): number | undefined {
  if ((bytes[at]! & 7) !== 2) return undefined
  let length = 0
  for (let byte = 0; byte < 4; byte++) {
    const next = bytes[at + 1 + byte]
    if (next === undefined) return undefined
    length += (next & 127) * 2 ** (7 * byte)
    if (next < 128) return at + 2 + byte + length
  }
  return undefined
}
