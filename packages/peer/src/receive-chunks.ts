/** The work of a lossy exchange: see agreement/exact/offers.ts of the protocol. */
import type { Digest, Position } from '@hearsay/protocol'
import { firstMsAfter, Patience } from './patience.ts'
import type { Carrier, Chunked, Clock, Vectors, Wanted, WorkOf } from './ports.ts'

interface Ports {
  readonly vectors: Vectors
  readonly carrier: Pick<Carrier, 'receive'>
  readonly clock: Pick<Clock, 'nowMs' | 'after'>
}

export class ChunkReceiver {
  readonly #ports: Ports
  /** By author, how long the first of its chunks took the last time. */
  readonly #tookMs = new Map<Position, number>()

  constructor(ports: Ports) {
    this.#ports = ports
  }

  /**
   * Takes the chunks of an offer, while its list is still under way: gives what is to be called once that is held. `received` is
   * told which chunks are held when both are over, unless the signal aborts first.
   */
  receive(
    { round, member, waitMs }: WorkOf<'receive'>,
    signal: AbortSignal,
    received: (held: string) => void,
  ): () => void {
    const { vectors, carrier, clock } = this.#ports
    const chunked = chunkedOf(vectors)
    const { peer: from, digest: list } = member
    const wanted = inTurn(round, chunked.wanted(list))
    const open = new Set(wanted)
    const over = new AbortController()
    let isListed = false
    const tell = (): void => {
      if (isListed && over.signal.aborted && !signal.aborted) received(chunked.held(list))
    }
    const end = (): void => {
      if (over.signal.aborted) return
      patience.end()
      over.abort()
      if (wanted.length > 0) this.#tookMs.set(from, patience.tookMs)
      tell()
    }
    const patience = new Patience(clock, { waitMs, firstMs: firstMsAfter(this.#tookMs.values(), waitMs) }, end)
    signal.addEventListener('abort', () => patience.end(), { once: true })
    const arrived = (each: Wanted, bytes: Uint8Array): void => {
      if (over.signal.aborted || signal.aborted || !open.has(each)) return
      if (!chunked.take(round, list, each, bytes)) return
      open.delete(each)
      patience.heard()
      if (open.size === 0) end()
    }
    if (open.size === 0) end()
    else carrier.receive?.({ round, from, wanted, signal: AbortSignal.any([signal, over.signal]), arrived })
    return () => {
      isListed = true
      tell()
    }
  }
}

/** From another chunk on each round: where time is always too short for all, none is left out for ever. */
function inTurn(round: number, wanted: readonly Wanted[]): readonly Wanted[] {
  const first = Math.floor(((round * goldenRatio) % 1) * wanted.length)
  return [...wanted.slice(first), ...wanted.slice(0, first)]
}

/** Its multiples are spread evenly (Weyl). */
const goldenRatio = (Math.sqrt(5) - 1) / 2

/** Makes the update of those chunks of an own offer that count; gives what it is announced by. */
export function announceChunks({ round, list, counted }: WorkOf<'announce'>, vectors: Vectors): Digest {
  return chunkedOf(vectors).announce(round, list, counted)
}

function chunkedOf({ chunked }: Vectors): Chunked {
  if (chunked === undefined) throw new Error('updates of this network go whole: this is a bug')
  return chunked
}
