/** What in a peer's state a crash explains, and what it does not. */
import { readFileSync } from 'node:fs'
import { PeerError } from '@hearsay/ledger'
import type { Ended } from '@hearsay/protocol'
import { z } from 'zod'

/** A crash in the middle of a write leaves the last line damaged, or nothing but zeros after the last whole one. */
export function isTorn(content: Uint8Array, end: number): boolean {
  return end === content.length || content.subarray(end).every((byte) => byte === 0)
}

/**
 * After the last whole line a crash leaves a part of another, at most as long as any. When it would be longer, or there is a
 * whole one, its length is damaged, and what follows it must not pass for never heard.
 */
export function checkRest(
  path: string,
  rest: Uint8Array,
  line: { readonly most: number; readonly reads: (bytes: Uint8Array) => boolean },
): void {
  if (rest.length < 4) return
  const length = new DataView(rest.buffer, rest.byteOffset, rest.byteLength).getUint32(0, true)
  let whole = false
  for (let end = 5; end <= rest.length && length <= line.most && !whole; end++)
    whole = line.reads(rest.subarray(4, end))
  if (whole || length > line.most) throw corrupt(path, `the length of a line, ${length},`)
}

export function otherNetwork(path: string, how: string): PeerError {
  return new PeerError(
    'other-network',
    `${path}: what this peer keeps is of another network than genesis.yaml is now: ${how}. Nothing is damaged: whatever is ` +
      'changed in a genesis makes another network. Put the old file back; or, for the new one, move the folder of the state away.',
  )
}

export function corrupt(path: string, what: string): PeerError {
  return new PeerError(
    'state-corrupt',
    `${path}: ${what} is damaged or of another network. Move the folder of the state away, and start the peer again: it ` +
      'then asks its neighbours what there is, catches up, and says nothing before a round that began after its start is ' +
      'certified, so that it contradicts nothing that it said. Do so at one peer at a time: the others have to certify it.',
  )
}

const averagedSchema = z.strictObject({ round: z.int().min(1), model: z.string().regex(/^[0-9a-f]{64}$/) })

/** Where a peer in averaging agreement, which has no certificates, keeps the last round that it finished. */
export const averagedName = 'averaged.json'

/** What the last round of averaging agreement ended with; undefined if none did. It is replaced as a whole, and never torn. */
export function readAveraged(path: string): Ended | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return averagedSchema.parse(JSON.parse(text))
  } catch {
    throw corrupt(path, 'what the last round ended with')
  }
}
