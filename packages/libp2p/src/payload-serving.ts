/** Payloads by digest over streams, in chunks: the side that serves. */

import type { Allowance } from '@hearsay/peer'
import { chunkBytes } from '@hearsay/peer'
import type { Stream } from '@libp2p/interface'
import { NetworkError } from './network-error.ts'
import { serveRequests, whileOpen } from './streams.ts'

const requestBytes = 32 + 4 + 4 + 4
// What a request costs besides the bytes that it brings.
export const leastChargeBytes = 16 * 1024
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

export function encodeRequest(digest: Uint8Array, sizeBytes: number, offset: number, length: number): Uint8Array {
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
    throw new NetworkError('bad-frame', `a payload request of ${bytes.byteLength} bytes instead of ${requestBytes}`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const sizeBytes = view.getUint32(32)
  const offset = view.getUint32(36)
  const length = view.getUint32(40)
  if (offset % chunkBytes !== 0 || offset >= sizeBytes || length !== Math.min(chunkBytes, sizeBytes - offset)) {
    throw new NetworkError('bad-frame', `a payload request for ${length} bytes at ${offset} of ${sizeBytes}`)
  }
  return { digestHex: Buffer.from(bytes.subarray(0, 32)).toString('hex'), sizeBytes, offset, length }
}

const nothing = new Uint8Array(0)

/** The same of a request for one of many chunks, which come together. */
export const leastChargeOfChunkBytes = 4 * 1024

export interface PayloadServingOptions {
  readonly payload: (digestHex: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>
  readonly from: string
  readonly allowance: Allowance
  /** What a request costs at least. */
  readonly leastBytes: number
  /** Waited for before each request. */
  readonly turn: () => Promise<void>
  readonly deadlineMs: number
  readonly signal: AbortSignal
  readonly onServed: () => void
}

/** Serves chunks of the payloads that we hold; an empty answer says that we do not hold it, or not in that size. */
export function servePayloads(stream: Stream, options: PayloadServingOptions): Promise<void> {
  const signal = whileOpen(stream, options.signal)
  return serveRequests(stream, {
    mostRequestBytes: requestBytes,
    deadlineMs: options.deadlineMs,
    turn: options.turn,
    respond: async (bytes) => {
      const request = decodeRequest(bytes)
      // Who asks for too much is answered late, and never refused.
      await options.allowance.turn(options.from, Math.max(options.leastBytes, request.length), signal)
      const payload = await options.payload(request.digestHex)
      if (payload === undefined || payload.byteLength !== request.sizeBytes) return nothing
      if (request.offset + request.length === request.sizeBytes) options.onServed()
      // A copy: the stream may hold it for long, and the memory of an update is given to another one two rounds later.
      return payload.slice(request.offset, request.offset + request.length)
    },
  })
}
