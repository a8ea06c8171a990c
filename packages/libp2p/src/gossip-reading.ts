/**
 * How fast a neighbour's gossip is read. Gossipsub itself takes all frames of a chunk in one turn of the event loop, holds
 * what it has not come to without a bound, and thinks nothing of frames that say nothing. Here a stream is read in turns
 * and at a rate, and what arrives faster waits at its sender. An envelope that is accepted costs its sender nothing, so
 * the rate is one of copies, of control messages, and of nothing at all.
 */

import { Allowance } from '@hearsay/peer'
import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import type { GossipInside } from './gossip.ts'
import { pausingSource, whileOpen } from './streams.ts'
import type { Turns } from './turns.ts'

type Frame = StreamMessageEvent['data']

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

/** Reads gossip in turns and at a rate, from `start` of the node on; call it before. `liars`: how many neighbours may lie, now. */
export function paceGossip(
  pubsub: GossipInside,
  { turns, liars, stopped }: { turns: Turns; liars: () => number; stopped: AbortSignal },
): void {
  const unitsOfOne = (): number => unitsFromLiars / Math.max(1, liars())
  const allowance = new Allowance({
    get burst() {
      return unitsOfOne()
    },
    get perSecond() {
      return unitsOfOne()
    },
  })
  pubsub.addEventListener('gossipsub:message', ({ detail }) => {
    allowance.give(detail.propagationSource.toString(), unitsOf(detail.msg.data.byteLength))
  })
  const onIncomingStream = pubsub.onIncomingStream.bind(pubsub)
  // Of the stream whose frames are piped next, which is done in the same call: of one that has closed nothing is held.
  let open = stopped
  pubsub.onIncomingStream = (stream, connection): void => {
    open = whileOpen(stream, stopped)
    onIncomingStream(standIn(stream), connection)
  }
  const pipePeerReadStream = pubsub.pipePeerReadStream.bind(pubsub)
  pubsub.pipePeerReadStream = (from, frames): Promise<void> => {
    const peer = from.toString()
    const signal = open
    const paced = inTurns(frames, {
      turn: () => turns.next(peer),
      waits: (units) => {
        const amount = Math.min(units, unitsOfOne())
        const waitMs = allowance.waitMs(peer, performance.now(), amount)
        if (waitMs === 0) return undefined
        return allowance.turn(peer, amount, signal).then(
          () => true,
          () => false,
        )
      },
    })
    return pipePeerReadStream(from, paced)
  }
}

/** All that gossip wants of an inbound stream; of the stream itself it would take everything at once. */
function standIn(stream: Stream): Stream {
  return {
    close: (options) => stream.close(options),
    abort: (error) => stream.abort(error),
    [Symbol.asyncIterator]: () => pausingSource(stream),
  } as Partial<Stream> as Stream
}

function unitsOf(bytes: number): number {
  return 1 + Math.floor(bytes / unitBytes)
}

/**
 * Frames and their parts, one by one. `waits` is asked before each, and mostly there is nothing to wait for; false ends them. An
 * error would: gossip then forgets the peer, which may have another stream by now.
 */
async function* inTurns(
  frames: AsyncIterable<Frame>,
  { turn, waits }: { turn: () => Promise<void>; waits: (units: number) => Promise<boolean> | undefined },
): AsyncGenerator<Frame> {
  let untilTurn = unitsATurn
  for await (const frame of frames) {
    for (const part of partsOf(frame.subarray())) {
      const units = unitsOf(part.byteLength)
      untilTurn -= units
      if (untilTurn <= 0) {
        await turn()
        untilTurn = unitsATurn
      }
      const wait = waits(units)
      if (wait !== undefined && !(await wait)) return
      yield part
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
