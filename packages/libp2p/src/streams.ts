import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import { decode, encode } from 'it-length-prefixed'
import { pipe } from 'it-pipe'
import { NetworkError } from './network-error.ts'

type Bytes = StreamMessageEvent['data']
type Frame = Exclude<Bytes, Uint8Array>

/**
 * What arrives on a stream, held back at the sender when it comes faster than it is taken. libp2p's own iterator holds
 * everything; this one pauses the stream, so that at most one yamux window beyond `highWaterBytes` is held.
 */
export async function* pausingSource(stream: Stream, highWaterBytes = 256 * 1024): AsyncGenerator<Bytes> {
  const waiting: Bytes[] = []
  let waitingBytes = 0
  let ended = stream.readableEnded || stream.status !== 'open'
  let wake: (() => void) | undefined
  const onMessage = (event: StreamMessageEvent): void => {
    waiting.push(event.data)
    waitingBytes += event.data.byteLength
    if (waitingBytes > highWaterBytes && stream.readStatus === 'readable') stream.pause()
    wake?.()
  }
  const onEnd = (): void => {
    ended = true
    wake?.()
  }
  stream.addEventListener('message', onMessage)
  stream.addEventListener('end', onEnd)
  stream.addEventListener('close', onEnd)
  try {
    while (true) {
      const next = waiting.shift()
      if (next !== undefined) {
        waitingBytes -= next.byteLength
        yield next
      } else if (stream.readStatus === 'paused') {
        stream.resume()
      } else if (ended && (stream.readBufferLength === 0 || stream.readStatus === 'closed')) {
        return
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
      }
    }
  } finally {
    stream.removeEventListener('message', onMessage)
    stream.removeEventListener('end', onEnd)
    stream.removeEventListener('close', onEnd)
  }
}

/**
 * Takes frames of at most so many bytes, one after the other, and ends the stream. 'too-large' when what came was longer, or no
 * frame.
 */
export async function readFrames(
  stream: Stream,
  mostBytes: number,
  take: (frame: Uint8Array) => Promise<void>,
): Promise<'too-large' | undefined> {
  try {
    await pipe(
      pausingSource(stream),
      (source) => decode(source, { maxDataLength: mostBytes, maxLengthLength: 5 }),
      async (frames) => {
        for await (const frame of frames) await take(new Uint8Array(frame.subarray()))
      },
    )
    await stream.close()
    return undefined
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    return isFrameError(error) ? 'too-large' : undefined
  }
}

/** Aborts when the stream closes, or with the other signal. */
export function whileOpen(stream: Stream, signal: AbortSignal): AbortSignal {
  const closed = new AbortController()
  stream.addEventListener('close', () => closed.abort(), { once: true })
  return AbortSignal.any([signal, closed.signal])
}

/** Fulfilled when all that was sent has left the stream's own buffer; rejects when that takes too long. */
export async function drained(stream: Stream, deadlineMs: number): Promise<void> {
  if (stream.writeBufferLength === 0) return
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error): void => {
      clearTimeout(timer)
      stream.removeEventListener('idle', onIdle)
      stream.removeEventListener('close', onClose)
      if (error === undefined) resolve()
      else reject(error)
    }
    const onIdle = (): void => done()
    const onClose = (): void => done(new NetworkError('stream-closed', 'the stream closed before all was read'))
    const timer = setTimeout(
      () => done(new NetworkError('deadline', `the other side did not read within ${deadlineMs} ms`)),
      deadlineMs,
    )
    stream.addEventListener('idle', onIdle)
    stream.addEventListener('close', onClose)
  })
}

export interface ServeOptions {
  readonly mostRequestBytes: number
  readonly deadlineMs: number
  /** Waited for before each request, so that the loop is free between those of one chunk. */
  readonly turn: () => Promise<void>
  /** The response to a request; throwing ends the stream. */
  readonly respond: (request: Uint8Array) => Uint8Array | Promise<Uint8Array>
}

/** Answers length-prefixed requests one after the other: the next is not read before the last answer was taken. */
export async function serveRequests(stream: Stream, options: ServeOptions): Promise<void> {
  try {
    await pipe(
      pausingSource(stream, options.mostRequestBytes),
      (source) => decode(source, { maxDataLength: options.mostRequestBytes, maxLengthLength: 5 }),
      async (requests) => {
        for await (const request of requests) {
          await options.turn()
          stream.send(encode.single(await options.respond(request.subarray())))
          await drained(stream, options.deadlineMs)
        }
      },
    )
    await stream.close()
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
  }
}

/** The asking end of `serveRequests`: one request at a time, each with its own bound on the response; or many, of which nothing is bounded but by the signal. */
export class RequestStream {
  readonly #stream: Stream
  readonly #responses: AsyncGenerator<Frame>

  constructor(stream: Stream, mostResponseBytes: number) {
    this.#stream = stream
    this.#responses = pipe(pausingSource(stream), (source) =>
      decode(source, { maxDataLength: mostResponseBytes, maxLengthLength: 5 }),
    )
  }

  get usable(): boolean {
    return this.#stream.status === 'open' && this.#stream.writeStatus === 'writable'
  }

  /** Rejects, and ends the stream, when there is no whole response by the deadline or the signal aborts. */
  async request(bytes: Uint8Array, deadlineMs: number, signal?: AbortSignal): Promise<Frame> {
    const abort = (error: Error): void => this.#stream.abort(error)
    const timer = setTimeout(() => abort(new NetworkError('deadline', `no answer within ${deadlineMs} ms`)), deadlineMs)
    const onAbort = (): void => abort(new NetworkError('stream-closed', 'the request was given up'))
    let failure: unknown
    const onClose = (event: { error?: Error | undefined }): void => {
      failure = event.error
    }
    this.#stream.addEventListener('close', onClose)
    signal?.addEventListener('abort', onAbort)
    try {
      signal?.throwIfAborted()
      this.#stream.send(encode.single(bytes))
      const { done, value } = await this.#responses.next()
      if (done === true || value === undefined) {
        throw failure ?? new NetworkError('stream-closed', 'the stream closed before the answer')
      }
      return value
    } catch (error) {
      const reason = failure instanceof NetworkError ? failure : error
      abort(reason instanceof Error ? reason : new Error(String(reason)))
      throw reason
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      this.#stream.removeEventListener('close', onClose)
    }
  }

  /** The answers to requests that go out all at once, in their order. Ends the stream, and rejects, when the signal aborts before the last. */
  async *requestAll(requests: readonly Uint8Array[], signal: AbortSignal): AsyncGenerator<Frame> {
    const onAbort = (): void => this.close()
    signal.addEventListener('abort', onAbort)
    try {
      signal.throwIfAborted()
      this.#stream.send(Buffer.concat(requests.map((bytes) => encode.single(bytes).subarray())))
      for (let answers = 0; answers < requests.length; answers++) {
        const { done, value } = await this.#responses.next()
        if (done === true || value === undefined)
          throw new NetworkError('stream-closed', 'the stream closed before the answer')
        yield value
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  close(): void {
    this.#stream.abort(new NetworkError('stream-closed', 'no longer needed'))
  }
}

/** Whether the other side's frame was refused by its length: by its prefix, before any of it is held. */
export function isFrameError(error: unknown): boolean {
  return error instanceof Error && /^Invalid(Data|Message)Length/.test(error.name)
}
