/**
 * How much of the event loop a neighbour gets by its connections, whatever it sends over them: handshakes of streams,
 * frames of the multiplexer for streams that there are not, pings. libp2p handles all that is in one chunk at once, and
 * never reads more slowly. Here what comes is read in slices; a chunk that takes long goes on in later turns of the loop,
 * and a neighbour that has used up its part of the loop's time is read again when it has some left. Its socket is paused
 * meanwhile, so that what arrives faster waits at its sender.
 */

import { Allowance } from '@hearsay/peer'
import type { Connection, Stream, StreamMessageEvent } from '@libp2p/interface'
import type { Turns } from './turns.ts'

type Bytes = StreamMessageEvent['data']

/** The parts of libp2p's connection that its interface does not tell of. */
interface Inside {
  readonly maConn: { onData(bytes: Bytes): void; abort(error: Error): void; sendPause(): void; sendResume(): void }
  readonly muxer: { onData(bytes: Bytes): void; onRemoteStream(stream: Stream): void; abort(error: Error): void }
}

/** Ms of the loop's time in a second that all who may lie together get, for what libp2p itself does with their bytes. */
const msOfLiars = 100
const burstMs = 200
/** So long a chunk is handled before it waits for its turn. */
const sliceMs = 4
/** Of the least frames that there are, handled in less than 10 ms; and payloads are not cut into many pieces. */
const sliceBytes = 16 * 1024
/** An honest neighbour has some five streams, and opens one again when it failed. */
const streamsFromOne = { burst: 32, perSecond: 2 }

export class ConnectionPace {
  readonly #turns: Turns
  readonly #time: Allowance
  readonly #streams = new Allowance(streamsFromOne)

  /** `liars`: how many of the neighbours may lie, now. */
  constructor({ turns, liars }: { turns: Turns; liars: () => number }) {
    this.#turns = turns
    this.#time = new Allowance({
      burst: burstMs,
      get perSecond() {
        return msOfLiars / Math.max(1, liars())
      },
    })
  }

  /** From now on this connection is read at its neighbour's pace. */
  connection(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    const { maConn, muxer } = connection as unknown as Inside
    const end = (error: unknown): void => {
      const reason = error instanceof Error ? error : new Error(String(error))
      muxer.abort(reason)
      maConn.abort(reason)
    }
    const port = {
      pause: () => maConn.sendPause(),
      resume: () => maConn.sendResume(),
      turn: () => this.#turns.next(peer),
      fail: end,
    }
    const spend = (ms: number): number => this.#time.spend(peer, performance.now(), ms)
    let reading = false
    const onData = maConn.onData.bind(maConn)
    const read = (bytes: Bytes): void => {
      reading = true
      try {
        onData(bytes)
      } finally {
        reading = false
      }
    }
    const chunks = new Slices(read, { ...port, spend })
    maConn.onData = (bytes) => chunks.push(bytes)
    // One message of noise holds thousands of frames. Within a chunk the chunk's own time counts.
    const frames = new Slices(muxer.onData.bind(muxer), { ...port, spend: (ms) => (reading ? 0 : spend(ms)) })
    muxer.onData = (bytes) => frames.push(bytes)
    const onRemoteStream = muxer.onRemoteStream.bind(muxer)
    muxer.onRemoteStream = (stream) => {
      if (this.#streams.take(peer, performance.now())) onRemoteStream(stream)
      else stream.abort(new Error('too many streams were opened'))
    }
  }
}

interface SlicesPort {
  readonly pause: () => void
  readonly resume: () => void
  /** Tells how long to wait until what was spent is made good. */
  readonly spend: (ms: number) => number
  readonly turn: () => Promise<void>
  readonly fail: (error: unknown) => void
}

/** Bytes that are handled a slice at a time, in their order. */
class Slices {
  readonly #handle: (bytes: Bytes) => void
  readonly #port: SlicesPort
  #waiting: Bytes[] = []
  #held = false

  constructor(handle: (bytes: Bytes) => void, port: SlicesPort) {
    this.#handle = handle
    this.#port = port
  }

  push(bytes: Bytes): void {
    this.#waiting.push(bytes)
    if (this.#held) return
    const waitMs = this.#run()
    if (waitMs === undefined) return
    this.#held = true
    this.#port.pause()
    void this.#goOn(waitMs)
  }

  async #goOn(firstMs: number): Promise<void> {
    try {
      for (let waitMs: number | undefined = firstMs; waitMs !== undefined; waitMs = this.#run()) {
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
        await this.#port.turn()
      }
    } catch (error) {
      this.#waiting = []
      this.#port.fail(error)
    }
    this.#held = false
    this.#port.resume()
  }

  /** Handles what waits, for one turn; undefined if that was all, else how long to wait before the next. */
  #run(): number | undefined {
    const fromMs = performance.now()
    let tookMs = 0
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        const [slice, rest] = cut(next)
        if (rest !== undefined) this.#waiting.unshift(rest)
        this.#handle(slice)
        tookMs = performance.now() - fromMs
        if (tookMs > sliceMs) break
      }
    } finally {
      tookMs = performance.now() - fromMs
    }
    const waitMs = this.#port.spend(tookMs)
    return waitMs > 0 || this.#waiting.length > 0 ? waitMs : undefined
  }
}

/** Without a copy: the first bytes, and the rest if there is one. */
function cut(bytes: Bytes): [Bytes, Bytes?] {
  if (bytes.byteLength <= sliceBytes) return [bytes]
  if (bytes instanceof Uint8Array) return [bytes.subarray(0, sliceBytes), bytes.subarray(sliceBytes)]
  return [bytes.sublist(0, sliceBytes), bytes.sublist(sliceBytes)]
}
