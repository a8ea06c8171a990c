import { sha256 } from '../words/digest.ts'
import type { Keys } from '../words/network.ts'

const encoder = new TextEncoder()

/** Signatures that nobody but the tests can make, for as many peers as there are. */
export function modelledKeys(self: number): Keys {
  const signature = (peer: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
    const half = sha256(encoder.encode(`secret of ${peer}`), bytes)
    const whole = new Uint8Array(64)
    whole.set(half)
    whole.set(half, 32)
    return whole
  }
  return {
    sign: (bytes) => signature(self, bytes),
    verify: (peer, bytes, given) => Buffer.compare(signature(peer, bytes), given) === 0,
  }
}
