import type { Digest } from '@hearsay/protocol'
import { othersThan } from './fetching/search.ts'
import type { PerformerOptions } from './performer-options.ts'
import type { Room, Vectors } from './ports.ts'

/** Something that travels in parts: an update, a model, what is offered, or those chunks of an offer that are not held. */
export interface Pulled {
  readonly round: number
  readonly digest: Digest
  readonly what: Parameters<Vectors['reserve']>[1]
  /** Who made it, where there is one. */
  readonly author?: number
  /** Who holds it, or of one in chunks this chunk. */
  readonly sources: (chunk?: number) => number[]
  readonly signal: AbortSignal
}

/** Takes it from the disk, or else from others, what does not follow from another part at the same time; `got` is not called when the signal aborts first. */
export function pullParts(
  { vectors, payloads, carrier, self }: Pick<PerformerOptions, 'vectors' | 'payloads' | 'carrier' | 'self'>,
  { round, digest, what, sources, signal, author }: Pulled,
  got: () => void,
  failed: (error: Error) => void,
): void {
  const fill = (room: Room): void => {
    const ended = (has: boolean): void => {
      if (!has) {
        room.release()
        return
      }
      const next = room.commit()
      if (next === true) got()
      else if (next !== false) for (const each of next) fill(each)
    }
    const { digest, sizeBytes, into, chunk, there } = room
    const others = (): number[] => othersThan(self, sources(chunk), chunk === undefined ? undefined : author)
    const kept = into && payloads?.kept(digest)
    if (there) ended(true)
    else if (into === undefined || kept?.length !== into.length)
      carrier.pull({ digest, sizeBytes, into, sources: others, signal }, ended, failed)
    else {
      into.set(kept)
      ended(true)
    }
  }
  const room = vectors.reserve(round, what, digest)
  if (room !== undefined) fill(room)
}
