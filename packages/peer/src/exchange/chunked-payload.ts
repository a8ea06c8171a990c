/**
 * An update of d numbers in chunks as it travels, each part by its SHA-256:
 *
 *   list   the digests of all its chunks, 32 bytes each: what its author offers
 *   head   256 bits, of which bit c says that chunk c counts; then the digest of each chunk, zeros where it does not count.
 *          Its digest is what is announced, echoed and certified
 *   chunk  its numbers, float32
 *
 * An author is asked for a chunk by a name that follows from the digest of its list, so that nobody has to wait for the list first;
 * others, who repeat what they hold, by the digest of the chunk.
 *
 * Guarantee: list and head have one length, that of the model gives it; so both are pulled by whoever knows nothing but a digest, and
 * no author chooses how much memory its update takes. Of an update one head says which chunks count and every bit of them.
 */
import { type Chunks, chunkCount, chunkSpan, type Present } from '@hearsay/aggregation'
import { type Digest, digestBytes, digestOf, fromHex, mostChunks, toHex } from '@hearsay/protocol'
import { bytesOf } from '../bytes.ts'
import type { Part } from '../ports.ts'

const bitmapBytes = mostChunks / 8

export const listBytes = (chunks: Chunks): number => digestBytes * chunkCount(chunks)
export const chunkedHeadBytes = (chunks: Chunks): number => bitmapBytes + listBytes(chunks)

/** How many of so many coordinates are lost at once. */
export function lostAtOnce(
  { unit, chunk }: { readonly unit: 'chunk' | 'coordinate' | 'update'; readonly chunk: number },
  length: number,
): number {
  if (unit === 'coordinate') return 1
  return unit === 'update' ? length : Math.min(chunk, length)
}

/** Coordinates in a chunk that is sent once: 256 KiB, what a stream carries at once. */
export const mostInChunk = 65_536

/** Why no update of a model of so many parameters travels in such chunks; undefined if it does. */
export function faultOfChunks(chunks: Chunks): string | undefined {
  const count = chunkCount(chunks)
  if (chunks.size > mostInChunk)
    return `a chunk has at most ${mostInChunk} parameters, and these have ${chunks.size}: take smaller ones, by unit chunk`
  if (count <= mostChunks) return undefined
  const least = Math.ceil(chunks.length / mostChunks)
  return `${chunks.length} parameters in chunks of ${chunks.size} are ${count} chunks, and at most ${mostChunks} are agreed on: take chunks of ${least} or more`
}

/** Its chunks, as copies, and their list. */
export function encodeChunks(
  update: Float32Array,
  chunks: Chunks,
): { readonly list: Part; readonly chunks: readonly Part[] } {
  const parts = Array.from({ length: chunkCount(chunks) }, (_, chunk): Part => {
    const bytes = bytesOf(update.slice(...chunkSpan(chunks, chunk)))
    return { digest: digestOf(bytes), bytes }
  })
  const bytes = new Uint8Array(listBytes(chunks))
  for (const [chunk, { digest }] of parts.entries()) bytes.set(fromHex(digest), digestBytes * chunk)
  return { list: { digest: digestOf(bytes), bytes }, chunks: parts }
}

/** What its author is asked for a chunk by. */
export function chunkName(list: Digest, chunk: number): Digest {
  return digestOf(fromHex(list), Uint8Array.of(chunk))
}

/** The digests in a list. */
export function decodeList(bytes: Uint8Array, chunks: Chunks): Digest[] {
  return Array.from({ length: chunkCount(chunks) }, (_, chunk) =>
    toHex(bytes.subarray(digestBytes * chunk, digestBytes * (chunk + 1))),
  )
}

/** Bit c of these is whether chunk c is there; bits beyond the last chunk are 0. */
export function encodePresent(present: Present): string {
  const bits = new Uint8Array(bitmapBytes)
  for (const [chunk, each] of present.entries()) if (each === 1) bits[chunk >> 3]! |= 1 << (chunk & 7)
  return toHex(bits)
}

export function decodePresent(bits: string, chunks: Chunks): Present {
  const bytes = fromHex(bits)
  return Uint8Array.from({ length: chunkCount(chunks) }, (_, chunk) => (bytes[chunk >> 3]! >> (chunk & 7)) & 1)
}

/** The head of an update with this list, of which these chunks count. */
export function encodeHead(digests: readonly Digest[], present: Present): Part {
  const bytes = new Uint8Array(bitmapBytes + digestBytes * digests.length)
  bytes.set(fromHex(encodePresent(present)))
  for (const [chunk, digest] of digests.entries())
    if (present[chunk] === 1) bytes.set(fromHex(digest), bitmapBytes + digestBytes * chunk)
  return { digest: digestOf(bytes), bytes }
}

/** By chunk the digest of each that counts, or why this is no head. */
export function decodeChunkedHead(bytes: Uint8Array, chunks: Chunks): (Digest | undefined)[] | string {
  if (bytes.length !== chunkedHeadBytes(chunks)) return `a head of ${bytes.length} bytes`
  const bits = toHex(bytes.subarray(0, bitmapBytes))
  const present = decodePresent(bits, chunks)
  if (encodePresent(present) !== bits) return `it counts chunks beyond the ${present.length} that there are`
  const digests = decodeList(bytes.subarray(bitmapBytes), chunks)
  if (digests.some((digest, chunk) => present[chunk] === 0 && digest !== nothing))
    return 'it has a digest of a chunk that does not count'
  return digests.map((digest, chunk) => (present[chunk] === 1 ? digest : undefined))
}

const nothing: Digest = '00'.repeat(digestBytes)
