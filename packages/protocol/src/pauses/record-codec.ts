import { type Digest, digestBytes, fromHex, toHex } from '../words/digest.ts'
import type { Network } from '../words/network.ts'
import { pausedDigest } from '../words/pauses.ts'
import type { PauseRecord } from './record.ts'

type Given = Pick<Network, 'agreement' | 'peers'>

const countBytes = 4

/** Three counts a peer, then the last update of each where there are any, then what the model was aggregated onto; zeros for none. */
export function encodeRecord({ executed, paused, spent, last, onto }: PauseRecord): Uint8Array<ArrayBuffer> {
  const counts = [...executed, ...paused, ...spent]
  const bytes = Buffer.alloc(countBytes * counts.length + digestBytes * (last.length + 1))
  for (const [at, count] of counts.entries()) bytes.writeUInt32BE(count, countBytes * at)
  for (const [at, digest] of [...last, onto].entries())
    bytes.set(fromHex(digest || pausedDigest), countBytes * counts.length + digestBytes * at)
  return Uint8Array.from(bytes)
}

/** Undefined if it is none of this network, by its form. */
export function decodeRecord(encoded: Uint8Array, { agreement: { pauses }, peers }: Given): PauseRecord | undefined {
  const lasts = pauses?.policy === 'memory' ? peers : 0
  if (encoded.length !== 3 * countBytes * peers + digestBytes * (lasts + 1)) return undefined
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length)
  const all = Array.from({ length: peers }, (_, peer) => peer)
  const counts = (from: number): number[] => all.map((peer) => bytes.readUInt32BE(countBytes * (from * peers + peer)))
  const digest = (at: number): Digest => {
    const from = 3 * countBytes * peers + digestBytes * at
    const found = toHex(bytes.subarray(from, from + digestBytes))
    return found === pausedDigest ? '' : found
  }
  return {
    executed: counts(0),
    paused: counts(1),
    spent: counts(2),
    last: all.slice(0, lasts).map((peer) => digest(peer)),
    onto: digest(lasts),
  }
}
