/**
 * Chunks that a peer sends once: a short stream for each, which has until the time is over and is not opened again. libp2p in
 * JavaScript has no datagrams: TCP below may still send again what it lost, and hold up what came after. What is won is that nobody
 * waits for it longer than the stated time.
 */
import type { Wanted } from '@hearsay/peer'
import { fromHex } from '@hearsay/protocol'
import type { OpenStream } from './lanes.ts'
import type { ReceiveOptions } from './options.ts'
import { encodeRequest } from './payload-serving.ts'
import { RequestStream } from './streams.ts'

/** So many streams to a peer at once. */
const mostAtOnce = 8
/** A peer lets in some more, which are closed already where they come from. */
export const chunkStreams = { maxInboundStreams: 2 * mostAtOnce, maxOutboundStreams: 2 * mostAtOnce }

/** Takes the chunks from this peer, as `Carrier.receive` says; fulfilled at its end. */
export async function receiveOnce(
  open: OpenStream,
  peer: string,
  { wanted, waitMs, signal, arrived }: ReceiveOptions,
): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(waitMs)])
  const rest = wanted.values()
  const takeNext = async (): Promise<void> => {
    for (const each of rest) {
      if (over.aborted) return
      const bytes = await takeOne(open, peer, each, waitMs, over)
      if (bytes !== undefined && !over.aborted) arrived(each, bytes)
    }
  }
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, wanted.length) }, takeNext))
}

/** The chunk; undefined when it is lost, whatever the reason. */
async function takeOne(
  open: OpenStream,
  peer: string,
  { digest, sizeBytes }: Wanted,
  waitMs: number,
  over: AbortSignal,
): Promise<Uint8Array | undefined> {
  let stream: RequestStream | undefined
  try {
    stream = new RequestStream(await open(peer, over), sizeBytes)
    const request = encodeRequest(fromHex(digest), sizeBytes, 0, sizeBytes)
    return (await stream.request(request, waitMs, over)).subarray()
  } catch {
    return undefined
  } finally {
    stream?.close()
  }
}
