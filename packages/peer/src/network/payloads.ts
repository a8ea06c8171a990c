import { createHash } from 'node:crypto'
import type { Stream } from '@libp2p/interface'
import type { Allowance } from '../allowance.ts'
import { NetworkError } from './network-error.ts'
import type { FetchOptions, NetworkEvent } from './options.ts'
import { isFrameError, type RequestStream, serveRequests, whileOpen } from './streams.ts'

/** Bytes asked for at once. Each is one answer on one stream, so it is also what a peer can make us hold. */
export const chunkBytes = 512 * 1024
// All payloads together; a fetch beyond it waits for its turn.
const maxInFlightBytes = 32 * 1024 * 1024
// A source that had nothing, or was out of reach, is asked again, ever less often.
const retryMs = 20
const retryCeilingMs = 320
const requestBytes = 32 + 4 + 4 + 4
// What a request costs besides the bytes that it brings.
const leastChargeBytes = 16 * 1024
// To all neighbours together: about what one core encrypts, and more than most links carry.
const servedBytesPerSecond = 64 * 1024 * 1024

/**
 * What one neighbour may take of us, in bytes: each update of a round once, as fast as it can, and then its part of what
 * we serve at most. An honest peer takes one update of a round from each neighbour, or all of them from one that is its
 * only link; so with others as eager as itself it waits for the link, and not for this.
 */
export function servedToOne(peers: number, payloadBytes: number): { burst: number; perSecond: number } {
  return {
    burst: Math.max(chunkBytes, peers * Math.max(leastChargeBytes, payloadBytes)),
    perSecond: servedBytesPerSecond / Math.max(1, peers - 1),
  }
}

interface ChunkRequest {
  readonly digestHex: string
  readonly sizeBytes: number
  readonly offset: number
  readonly length: number
}

function encodeRequest(digest: Uint8Array, sizeBytes: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(requestBytes)
  bytes.set(digest)
  const view = new DataView(bytes.buffer)
  view.setUint32(32, sizeBytes)
  view.setUint32(36, offset)
  view.setUint32(40, length)
  return bytes
}

/** Only the chunks that a fetch asks for are allowed, so that nobody keeps us busy with slivers. */
function decodeRequest(bytes: Uint8Array): ChunkRequest {
  if (bytes.byteLength !== requestBytes) {
    throw new NetworkError('NETWORK_FRAME', `a payload request of ${bytes.byteLength} bytes instead of ${requestBytes}`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const sizeBytes = view.getUint32(32)
  const offset = view.getUint32(36)
  const length = view.getUint32(40)
  if (offset % chunkBytes !== 0 || offset >= sizeBytes || length !== Math.min(chunkBytes, sizeBytes - offset)) {
    throw new NetworkError('NETWORK_FRAME', `a payload request for ${length} bytes at ${offset} of ${sizeBytes}`)
  }
  return { digestHex: Buffer.from(bytes.subarray(0, 32)).toString('hex'), sizeBytes, offset, length }
}

const nothing = new Uint8Array(0)

export interface PayloadServingOptions {
  readonly payload: (digestHex: string) => Uint8Array | undefined
  readonly from: string
  readonly allowance: Allowance
  readonly deadlineMs: number
  readonly signal: AbortSignal
  readonly onServed: () => void
}

/** Serves chunks of the payloads that we hold; an empty answer says that we do not hold it, or not in that size. */
export function servePayloads(stream: Stream, options: PayloadServingOptions): Promise<void> {
  const signal = whileOpen(stream, options.signal)
  return serveRequests(stream, {
    maxRequestBytes: requestBytes,
    deadlineMs: options.deadlineMs,
    respond: async (bytes) => {
      const request = decodeRequest(bytes)
      // Who asks for too much is answered late, and never refused.
      await options.allowance.turn(options.from, Math.max(leastChargeBytes, request.length), signal)
      const payload = options.payload(request.digestHex)
      if (payload === undefined || payload.byteLength !== request.sizeBytes) return nothing
      if (request.offset + request.length === request.sizeBytes) options.onServed()
      // A copy: the stream may hold it for long, and the memory of an update is given to another one two rounds later.
      return payload.slice(request.offset, request.offset + request.length)
    },
  })
}

export interface PayloadFetcherOptions {
  /** Runs `use` alone on the payload stream to this peer, opening it if need be. */
  readonly withStream: <T>(peer: string, signal: AbortSignal, use: (stream: RequestStream) => Promise<T>) => Promise<T>
  readonly payloadBytes: number
  readonly chunkDeadlineMs: number
  readonly log: (event: NetworkEvent) => void
}

/** A source that proved wrong, and is not asked again for this payload, or slow, and is asked after all others. */
class BadSource extends Error {
  readonly how: 'wrong' | 'slow'

  constructor(how: 'wrong' | 'slow', message: string, options?: ErrorOptions) {
    super(message, options)
    this.how = how
  }
}

export class PayloadFetcher {
  readonly counts = { fetched: 0, bad: 0 }
  inFlightBytes = 0
  readonly #options: PayloadFetcherOptions
  readonly #waiting: (() => void)[] = []

  constructor(options: PayloadFetcherOptions) {
    this.#options = options
  }

  /** Rejects with NETWORK_FETCH_SIZE before anything is sent, or NETWORK_FETCH_ABORTED when the signal ends the search. */
  async fetch(options: FetchOptions): Promise<void> {
    const { digest, sizeBytes, into, sources, signal } = options
    if (
      sizeBytes > this.#options.payloadBytes ||
      sizeBytes < 1 ||
      into.byteLength !== sizeBytes ||
      digest.byteLength !== 32
    ) {
      throw new NetworkError(
        'NETWORK_FETCH_SIZE',
        `a payload of ${sizeBytes} bytes into ${into.byteLength} by a digest of ${digest.byteLength}; ` +
          `it takes 1 to ${this.#options.payloadBytes} bytes, as many in 'into', and 32`,
      )
    }
    const wrong = new Set<string>()
    const slow = new Set<string>()
    const failures: string[] = []
    for (let waitMs = retryMs; !signal.aborted; waitMs = Math.min(2 * waitMs, retryCeilingMs)) {
      const candidates = sources().filter((peer) => !wrong.has(peer))
      // The author may be the only one that has it, and be slow without malice.
      if (candidates.every((peer) => slow.has(peer))) slow.clear()
      for (const peer of candidates) {
        if (slow.has(peer) || signal.aborted) continue
        try {
          if (await this.#pull(peer, options)) return
        } catch (error) {
          if (signal.aborted) break
          failures.push(`${peer}: ${error instanceof Error ? error.message : String(error)}`)
          failures.splice(0, failures.length - 8)
          if (!(error instanceof BadSource)) continue
          if (error.how === 'wrong') wrong.add(peer)
          else slow.add(peer)
          this.counts.bad++
          this.#options.log({
            kind: 'bad-payload',
            peer,
            reason: error.message,
            digest: Buffer.from(digest).toString('hex'),
          })
        }
      }
      await pause(waitMs, signal)
    }
    throw new NetworkError(
      'NETWORK_FETCH_ABORTED',
      `no source gave the payload ${Buffer.from(digest).toString('hex')} before the fetch was given up` +
        (failures.length > 0 ? ` (${failures.join('; ')})` : ''),
      { cause: signal.reason },
    )
  }

  /** True when the payload is in `into` and its digest is right; false when this peer does not hold it. */
  async #pull(peer: string, options: FetchOptions): Promise<boolean> {
    const { digest, sizeBytes, into, signal } = options
    const hash = createHash('sha256')
    for (let offset = 0; offset < sizeBytes; offset += chunkBytes) {
      const length = Math.min(chunkBytes, sizeBytes - offset)
      const got = await this.#within(length, signal, () =>
        this.#options.withStream(peer, signal, (stream) => this.#chunk(stream, options, offset, length)),
      )
      if (!got) return false
      hash.update(into.subarray(offset, offset + length))
    }
    if (!hash.digest().equals(digest)) throw new BadSource('wrong', 'the bytes do not have the digest')
    this.counts.fetched++
    return true
  }

  async #chunk(stream: RequestStream, options: FetchOptions, offset: number, length: number): Promise<boolean> {
    const { digest, sizeBytes, into, signal } = options
    const request = encodeRequest(digest, sizeBytes, offset, length)
    const answer = await stream.request(request, this.#options.chunkDeadlineMs, signal).catch((error: unknown) => {
      if (signal.aborted || !(error instanceof Error)) throw error
      if (isFrameError(error)) throw new BadSource('wrong', error.message, { cause: error })
      if (error instanceof NetworkError && error.code === 'NETWORK_DEADLINE') {
        throw new BadSource('slow', error.message, { cause: error })
      }
      throw error
    })
    signal.throwIfAborted()
    if (answer.byteLength === 0) return false
    if (answer.byteLength !== length) {
      stream.close()
      throw new BadSource('wrong', `${answer.byteLength} bytes instead of ${length}`)
    }
    let at = offset
    for (const part of answer) {
      into.set(part, at)
      at += part.byteLength
    }
    return true
  }

  async #within<T>(bytes: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    while (this.inFlightBytes + bytes > maxInFlightBytes && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    signal.throwIfAborted()
    this.inFlightBytes += bytes
    try {
      return await work()
    } finally {
      this.inFlightBytes -= bytes
      for (const wake of this.#waiting.splice(0)) wake()
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
