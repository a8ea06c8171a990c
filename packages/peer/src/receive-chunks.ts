/** The work of a lossy exchange: see agreement/exact/offers.ts of the protocol. */
import type { Digest } from '@hearsay/protocol'
import type { Carrier, Chunked, Receiving, Vectors, WorkOf } from './ports.ts'

/** Takes the chunks of an offer whose list is held; `received` is told which are held then, unless the signal aborts first. */
export function receiveChunks(
  { round, member, waitMs }: WorkOf<'receive'>,
  { vectors, carrier, signal }: { vectors: Vectors; carrier: Pick<Carrier, 'receive'>; signal: AbortSignal },
  received: (held: string) => void,
): void {
  const chunked = chunkedOf(vectors)
  const { peer: from, digest: list } = member
  const wanted = chunked.wanted(list)
  const arrived: Receiving['arrived'] = (each, bytes) => void chunked.take(round, each, bytes)
  carrier.receive?.({ round, from, wanted, waitMs, signal, arrived }, () => {
    if (!signal.aborted) received(chunked.held(list))
  })
}

/** Makes the update of those chunks of an own offer that count; gives what it is announced by. */
export function announceChunks({ round, list, counted }: WorkOf<'announce'>, vectors: Vectors): Digest {
  return chunkedOf(vectors).announce(round, list, counted)
}

function chunkedOf({ chunked }: Vectors): Chunked {
  if (chunked === undefined) throw new Error('updates of this network go whole: this is a bug')
  return chunked
}
