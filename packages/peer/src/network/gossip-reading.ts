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
/** So many units are read in one turn. */
const unitsATurn = 128
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
    const units = unitsOf(frame.byteLength)
    untilTurn -= units
    if (untilTurn <= 0) {
      await turn()
      untilTurn = unitsATurn
    }
    await take(units)
    yield encode.single(frame)
  }
}
