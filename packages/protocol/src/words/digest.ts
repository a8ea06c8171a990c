import { hash } from 'node:crypto'

/** A SHA-256 digest as 64 lower-case hexadecimal digits. */
export type Digest = string

export const digestBytes = 32

/** Of the parts one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash('sha256', joined(parts), 'buffer'))
}

export function digestOf(...parts: readonly Uint8Array[]): Digest {
  return hash('sha256', joined(parts), 'hex')
}

/** One call for the whole is several times as fast for short messages as a hash object. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** The digest of a vector of float32, as little-endian bytes: what peers sign of updates and models. */
export function digestOfVector(vector: Float32Array): Digest {
  return digestOf(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}
