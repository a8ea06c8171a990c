import type { Connection, Stream } from '@libp2p/interface'
import { encode } from 'it-length-prefixed'
import { NetworkError } from './network-error.ts'
import { RequestStream } from './streams.ts'

export type OpenStream = (peer: string, signal?: AbortSignal) => Promise<Stream>

/** Opens streams of a protocol over a connection that is there. */
export function openerOf(connectionsTo: (peer: string) => readonly Connection[], protocol: string): OpenStream {
  return async (peer, signal) => {
    const connection = connectionsTo(peer).find((each) => each.status === 'open')
    if (connection === undefined) throw new NetworkError('disconnected', `there is no connection to ${peer}`)
    return connection.newStream([protocol], signal === undefined ? {} : { signal })
  }
}

const mostWaitingPerPeer = 256
const mostBacklogBytes = 4 * 1024 * 1024

interface RequestLane {
  stream: RequestStream | undefined
  busy: boolean
  readonly waiting: (() => void)[]
}

/** One lasting stream to each peer for one request protocol; requests to a peer go one after the other. */
export class RequestLanes {
  readonly #open: OpenStream
  readonly #mostResponseBytes: number
  readonly #lanes = new Map<string, RequestLane>()

  constructor(open: OpenStream, mostResponseBytes: number) {
    this.#open = open
    this.#mostResponseBytes = mostResponseBytes
  }

  async withStream<T>(
    peer: string,
    signal: AbortSignal | undefined,
    use: (stream: RequestStream) => Promise<T>,
  ): Promise<T> {
    const lane = this.#lane(peer)
    await this.#turn(peer, lane, signal)
    try {
      if (lane.stream?.usable !== true) {
        lane.stream = new RequestStream(await this.#open(peer, signal), this.#mostResponseBytes)
      }
      return await use(lane.stream)
    } finally {
      lane.busy = false
      lane.waiting.shift()?.()
    }
  }

  /** Ends the stream to a peer that went away; who waits for it finds that out in turn. */
  drop(peer: string): void {
    this.#lanes.get(peer)?.stream?.close()
  }

  #lane(peer: string): RequestLane {
    let lane = this.#lanes.get(peer)
    if (lane === undefined) {
      lane = { stream: undefined, busy: false, waiting: [] }
      this.#lanes.set(peer, lane)
    }
    return lane
  }

  async #turn(peer: string, lane: RequestLane, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (lane.waiting.length >= mostWaitingPerPeer) {
      throw new NetworkError('busy', `${lane.waiting.length} requests to ${peer} wait already; ask less at once`)
    }
    while (lane.busy) {
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          const at = lane.waiting.indexOf(go)
          if (at >= 0) lane.waiting.splice(at, 1)
          reject(signal?.reason)
        }
        const go = (): void => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        }
        lane.waiting.push(go)
        signal?.addEventListener('abort', onAbort, { once: true })
      })
    }
    lane.busy = true
  }
}

interface SendLane {
  stream: Stream | undefined
  opening: boolean
  backlog: Uint8Array[]
  backlogBytes: number
}

/** One lasting one-way stream to each peer, for pushes that nobody waits for. What does not fit in is dropped. */
export class SendLanes {
  readonly #open: OpenStream
  readonly #onDrop: (peer: string, reason: string) => void
  readonly #lanes = new Map<string, SendLane>()

  constructor(open: OpenStream, onDrop: (peer: string, reason: string) => void) {
    this.#open = open
    this.#onDrop = onDrop
  }

  send(peer: string, bytes: Uint8Array): void {
    let lane = this.#lanes.get(peer)
    if (lane === undefined) {
      lane = { stream: undefined, opening: false, backlog: [], backlogBytes: 0 }
      this.#lanes.set(peer, lane)
    }
    if (lane.backlogBytes + bytes.byteLength > mostBacklogBytes) {
      this.#onDrop(peer, 'too much waits to be sent')
      return
    }
    lane.backlog.push(bytes)
    lane.backlogBytes += bytes.byteLength
    if (lane.stream?.writeStatus === 'writable') this.#flush(peer, lane)
    else if (!lane.opening) this.#reopen(peer, lane)
  }

  #reopen(peer: string, lane: SendLane): void {
    lane.opening = true
    this.#open(peer)
      .then((stream) => {
        // Beyond this a receiver that never reads gets its stream reset, instead of all our memory.
        stream.maxWriteBufferLength = mostBacklogBytes
        lane.stream = stream
        lane.opening = false
        this.#flush(peer, lane)
      })
      .catch((error: unknown) => {
        lane.opening = false
        lane.backlog = []
        lane.backlogBytes = 0
        this.#onDrop(peer, error instanceof Error ? error.message : String(error))
      })
  }

  #flush(peer: string, lane: SendLane): void {
    const bytes = lane.backlog
    lane.backlog = []
    lane.backlogBytes = 0
    try {
      for (const one of bytes) lane.stream?.send(encode.single(one))
    } catch (error) {
      this.#onDrop(peer, error instanceof Error ? error.message : String(error))
    }
  }
}
