/** Payloads by digest over streams, in chunks: the side that fetches. Whom it asks, and when another, is in search.ts. */
import { createHash } from 'node:crypto'
import { type Ask, chunkBytes, Search, Speeds } from '@hearsay/peer'
import { NetworkError } from './network-error.ts'
import type { FetchOptions, NetworkEvent } from './options.ts'
import { encodeRequest } from './payload-serving.ts'
import { isFrameError, type RequestStream } from './streams.ts'

export { chunkBytes }

// All payloads together; a request beyond it waits for its turn.
const mostInFlightBytes = 32 * 1024 * 1024
// A timer that comes so late says that this process was busy: so were the answers in it.
const busyMs = 10
const mostBusyMs = 1000
// Nothing is due while requests wait for others of this peer.
const longestPauseMs = 60_000

export interface PayloadFetcherOptions {
  /** Runs `use` alone on the payload stream to this peer, opening it if need be. */
  readonly withStream: <T>(peer: string, signal: AbortSignal, use: (stream: RequestStream) => Promise<T>) => Promise<T>
  readonly payloadBytes: number
  readonly chunkDeadlineMs: number
  /** Of a source; each weighs 1 when left out. */
  readonly weightOf?: (peer: string) => number
  readonly log: (event: NetworkEvent) => void
}

/** Told when a request has to wait for others of this peer, and when it goes out. */
interface Turn {
  readonly onHeld: () => void
  readonly onSent: () => void
}

/** What one source sent cannot be right. */
class WrongBytes extends Error {}

export class PayloadFetcher {
  readonly counts = { fetched: 0, bad: 0, hedged: 0 }
  inFlightBytes = 0
  readonly #options: PayloadFetcherOptions
  /** Of all fetches, from the first to the last. */
  readonly #speeds: Speeds
  readonly #waiting: (() => void)[] = []

  constructor(options: PayloadFetcherOptions) {
    this.#options = options
    this.#speeds = new Speeds(options.chunkDeadlineMs, options.weightOf)
  }

  /** Sources weigh something else now. */
  reweigh(): void {
    this.#speeds.reweigh()
  }

  /** Rejects with `fetch-size` before anything is sent, or `fetch-aborted` when the signal ends the search. */
  async fetch(options: FetchOptions): Promise<void> {
    this.#check(options)
    const { digest, sizeBytes, signal } = options
    const search = new Search(this.#speeds, Math.ceil(sizeBytes / chunkBytes))
    const pull = new Pull(options, search, {
      chunk: (ask, given) =>
        this.#chunk(ask, options, given, {
          onHeld: () => search.held(ask),
          onSent: () => search.sent(ask, performance.now()),
        }),
      bad: (peer, reason) => this.#bad(peer, reason, digest),
    })
    try {
      await pull.run()
      this.counts.fetched++
    } catch (error) {
      if (!signal.aborted) throw error
      throw new NetworkError(
        'fetch-aborted',
        `no source gave the payload ${Buffer.from(digest).toString('hex')} before the fetch was given up` +
          (pull.failures.length > 0 ? ` (${pull.failures.join('; ')})` : ''),
        { cause: signal.reason },
      )
    } finally {
      this.counts.hedged += search.hedged
    }
  }

  #check({ digest, sizeBytes, into }: FetchOptions): void {
    const { payloadBytes } = this.#options
    if (sizeBytes <= payloadBytes && sizeBytes >= 1 && into.byteLength === sizeBytes && digest.byteLength === 32) return
    throw new NetworkError(
      'fetch-size',
      `a payload of ${sizeBytes} bytes into ${into.byteLength} by a digest of ${digest.byteLength}; ` +
        `it takes 1 to ${payloadBytes} bytes, as many in 'into', and 32`,
    )
  }

  #bad(peer: string, reason: string, digest: Uint8Array): void {
    this.counts.bad++
    this.#options.log({ kind: 'bad-payload', peer, reason, digest: Buffer.from(digest).toString('hex') })
  }

  /** The chunk; undefined when this peer does not hold the payload. */
  async #chunk(
    ask: Ask,
    options: FetchOptions,
    given: AbortSignal,
    turn: Turn,
  ): Promise<Iterable<Uint8Array> | undefined> {
    const { digest, sizeBytes } = options
    const offset = ask.chunk * chunkBytes
    const length = Math.min(chunkBytes, sizeBytes - offset)
    const request = encodeRequest(digest, sizeBytes, offset, length)
    const { chunkDeadlineMs, withStream } = this.#options
    return this.#within(length, given, turn, () =>
      withStream(ask.source, given, async (stream) => {
        const answer = await stream.request(request, chunkDeadlineMs, given).catch((error: unknown) => {
          throw isFrameError(error) ? new WrongBytes((error as Error).message, { cause: error }) : error
        })
        if (answer.byteLength === 0) return undefined
        if (answer.byteLength === length) return answer
        stream.close()
        throw new WrongBytes(`${answer.byteLength} bytes instead of ${length}`)
      }),
    )
  }

  async #within<T>(bytes: number, signal: AbortSignal, turn: Turn, work: () => Promise<T>): Promise<T> {
    const waits = (): boolean => this.inFlightBytes + bytes > mostInFlightBytes && !signal.aborted
    if (waits()) turn.onHeld()
    while (waits()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    signal.throwIfAborted()
    turn.onSent()
    this.inFlightBytes += bytes
    try {
      return await work()
    } finally {
      this.inFlightBytes -= bytes
      for (const wake of this.#waiting.splice(0)) wake()
    }
  }
}

interface PullPort {
  readonly chunk: (ask: Ask, given: AbortSignal) => Promise<Iterable<Uint8Array> | undefined>
  readonly bad: (peer: string, reason: string) => void
}

/** One fetch: does what its search says, and tells it what came of it. */
class Pull {
  /** The newest few. */
  readonly failures: string[] = []
  readonly #options: FetchOptions
  readonly #search: Search
  readonly #port: PullPort
  readonly #requests = new Map<Ask, AbortController>()
  readonly #running = new Set<Promise<void>>()
  #hash = createHash('sha256')
  /** Chunks from the first on of which the hash is, and of which attempt. */
  #hashed = { chunks: 0, attempt: 0 }
  #done = false
  #wake = (): void => {}

  constructor(options: FetchOptions, search: Search, port: PullPort) {
    this.#options = options
    this.#search = search
    this.#port = port
  }

  /** Rejects when the signal aborts. */
  async run(): Promise<void> {
    const { sources, signal } = this.#options
    const wake = (): void => this.#wake()
    signal.addEventListener('abort', wake)
    try {
      while (!this.#done) {
        signal.throwIfAborted()
        const { asks, drops, atMs } = this.#search.plan(sources(), performance.now())
        for (const drop of drops) this.#requests.get(drop)?.abort()
        for (const ask of asks) this.#begin(ask)
        await this.#until(atMs)
      }
    } catch (error) {
      for (const request of this.#requests.values()) request.abort()
      await Promise.all(this.#running)
      throw error
    } finally {
      signal.removeEventListener('abort', wake)
      this.#search.stop()
    }
  }

  /** Until something happened, or this time; and as much longer as this process was too busy to see it. */
  async #until(atMs: number): Promise<void> {
    let happened = false
    const pause = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.min(Math.max(1, ms), longestPauseMs))
        this.#wake = () => {
          happened = true
          clearTimeout(timer)
          resolve()
        }
      })
    await pause(atMs - performance.now())
    const lateMs = performance.now() - atMs
    if (!happened && lateMs > busyMs && Number.isFinite(lateMs)) await pause(Math.min(lateMs, mostBusyMs))
    this.#wake = () => {}
  }

  #begin(ask: Ask): void {
    const request = new AbortController()
    this.#requests.set(ask, request)
    const running = this.#request(ask, request.signal).finally(() => {
      this.#running.delete(running)
      this.#requests.delete(ask)
      this.#wake()
    })
    this.#running.add(running)
  }

  async #request(ask: Ask, given: AbortSignal): Promise<void> {
    try {
      const chunk = await this.#port.chunk(ask, given)
      if (given.aborted) return
      if (chunk === undefined) this.#search.lacks(ask, performance.now())
      else this.#take(ask, chunk)
    } catch (error) {
      if (!given.aborted) this.#failed(ask, error)
    }
  }

  #take(ask: Ask, chunk: Iterable<Uint8Array>): void {
    const nowMs = performance.now()
    if (!this.#search.gave(ask, nowMs)) return
    let at = ask.chunk * chunkBytes
    for (const part of chunk) {
      this.#options.into.set(part, at)
      at += part.byteLength
    }
    this.#hashOn()
    if (!this.#search.complete) return
    this.#done = this.#hash.digest().equals(this.#options.digest)
    const liar = this.#search.judge(this.#done, nowMs)
    if (liar !== undefined) this.#port.bad(liar, 'the bytes do not have the digest')
  }

  /** As far as chunks are there without a gap: all at the end would keep everything else waiting. */
  #hashOn(): void {
    const { attempt } = this.#search
    if (this.#hashed.attempt !== attempt) {
      this.#hash = createHash('sha256')
      this.#hashed = { chunks: 0, attempt }
    }
    const { into } = this.#options
    for (let at = this.#hashed.chunks; at * chunkBytes < into.byteLength && !this.#search.lacksChunk(at); at++) {
      this.#hash.update(into.subarray(at * chunkBytes, (at + 1) * chunkBytes))
      this.#hashed.chunks = at + 1
    }
  }

  #failed(ask: Ask, error: unknown): void {
    const nowMs = performance.now()
    const reason = error instanceof Error ? error.message : String(error)
    this.failures.push(`${ask.source}: ${reason}`)
    this.failures.splice(0, this.failures.length - 8)
    if (error instanceof WrongBytes) {
      this.#search.wrong(ask, nowMs)
      this.#port.bad(ask.source, reason)
    } else if (error instanceof NetworkError && error.code === 'deadline') this.#search.silent(ask, nowMs)
    else this.#search.failed(ask, nowMs)
  }
}
