import { generateKeyPairFromSeed, publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { isSigningKey } from './ed25519.ts'

/** The libp2p key of a 32-byte Ed25519 seed. */
export function keyOfSeed(seed: Uint8Array): Promise<Ed25519PrivateKey> {
  return generateKeyPairFromSeed('Ed25519', seed)
}

/** The libp2p peer id, as text, of a 32-byte Ed25519 public key. */
export function peerIdOfPublicKey(publicKey: Uint8Array): string {
  return peerIdFromPublicKey(publicKeyFromRaw(publicKey)).toString()
}

/**
 * The 32-byte Ed25519 public key that a peer id holds. Throws TypeError if it holds none, or one by which no signature is
 * right (`ed25519.ts`).
 */
export function publicKeyOfPeerId(id: string): Uint8Array {
  const key = ed25519KeyIn(id)
  if (key === undefined) throw new TypeError(`${id} is not the peer id of an Ed25519 key`)
  if (!isSigningKey(key)) throw new TypeError(`${id} is ${unusableId}`)
  return key
}

/** Whether a text is the id of a peer that can sign. */
export function isPeerId(id: string): boolean {
  const key = ed25519KeyIn(id)
  return key !== undefined && isSigningKey(key)
}

export const unusableId = 'a peer id whose key is no sound Ed25519 key: nobody can sign by it, or anybody can'

function ed25519KeyIn(id: string): Uint8Array | undefined {
  try {
    const { publicKey, type } = peerIdFromString(id)
    return type === 'Ed25519' ? publicKey?.raw : undefined
  } catch {
    return undefined
  }
}
