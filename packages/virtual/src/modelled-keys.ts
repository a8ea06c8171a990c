/**
 * Signatures by a keyed hash instead of Ed25519, which is much slower. Whoever checks a signature must know the
 * secret, so they prove nothing to anybody outside the process. Inside it they are as good: a secret lives in these
 * closures, and whoever holds the keys of one peer, an adversary too, can sign for that peer and for nobody else.
 */
import { type Keys, sha256 } from '@hearsay/protocol'
import { randomStream } from './random-stream.ts'

/** The keys of every peer, by position. */
export function modelledKeys(peers: number, seed: number): Keys[] {
  const secrets = Array.from({ length: peers }, (_, peer) => {
    const random = randomStream(seed, 'secret', peer)
    return Uint8Array.from({ length: 32 }, () => random.below(256))
  })
  const signature = (peer: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
    const half = sha256(secrets[peer]!, bytes)
    const whole = new Uint8Array(64)
    whole.set(half)
    whole.set(half, 32)
    return whole
  }
  const verify = (peer: number, bytes: Uint8Array, given: Uint8Array): boolean =>
    secrets[peer] !== undefined && Buffer.compare(signature(peer, bytes), given) === 0
  return secrets.map((_, self) => ({ sign: (bytes) => signature(self, bytes), verify }))
}
