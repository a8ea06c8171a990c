import { createHash } from 'node:crypto'

/** A SHA-256 digest as 64 lower-case hexadecimal digits. */
export type Digest = string

export const digestBytes = 32

export function sha256(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

export function digestOf(...parts: readonly Uint8Array[]): Digest {
  return toHex(sha256(...parts))
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
