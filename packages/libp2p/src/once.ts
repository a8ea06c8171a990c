/**
 * Chunks that a peer sends once, and nobody asks for again: all are asked for at once, over one stream, which gives them one after the
 * other and is reset when the time is over. libp2p in JavaScript has no datagrams: TCP below may still send again what it lost, and hold
 * up what came after. What is won is that nobody waits for it longer than the receiver likes. A stream a chunk would win no
 * more, since all share one connection, and costs a round trip and a negotiation each (decision 92).
 */
import { chunkBytes } from '@hearsay/peer'
import { fromHex } from '@hearsay/protocol'
import type { OpenStream } from './lanes.ts'
import type { ReceiveOptions } from './options.ts'
import { encodeRequest } from './payload-serving.ts'
import { RequestStream } from './streams.ts'

/** To a peer: one, and those that are being closed. */
export const chunkStreams = { maxInboundStreams: 4, maxOutboundStreams: 4 }

export class ChunkStreams {
  readonly #open: OpenStream
  /** By peer, one that has answered all that it was asked. */
  readonly #free = new Map<string, RequestStream>()

  constructor(open: OpenStream) {
    this.#open = open
  }

  /** As `NetworkHost.receive` says; fulfilled when no more comes, whatever the reason. */
  async receive(peer: string, { wanted, signal, arrived }: ReceiveOptions): Promise<void> {
    let stream: RequestStream | undefined
    try {
      stream = await this.#take(peer, signal)
      const requests = wanted.map(({ name, sizeBytes }) => encodeRequest(fromHex(name), sizeBytes, 0, sizeBytes))
      let next = 0
      for await (const answer of stream.requestAll(requests, signal)) arrived(wanted[next++]!, answer.subarray())
      this.#free.get(peer)?.close()
      this.#free.set(peer, stream)
    } catch {
      // What is lacking is lost.
      stream?.close()
    }
  }

  async #take(peer: string, signal: AbortSignal): Promise<RequestStream> {
    const free = this.#free.get(peer)
    this.#free.delete(peer)
    return free?.usable === true ? free : new RequestStream(await this.#open(peer, signal), chunkBytes)
  }
}
