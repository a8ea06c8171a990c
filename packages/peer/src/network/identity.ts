import { generateKeyPairFromSeed, publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'

/** The libp2p key of a 32-byte Ed25519 seed. */
export function keyOfSeed(seed: Uint8Array): Promise<Ed25519PrivateKey> {
  return generateKeyPairFromSeed('Ed25519', seed)
}

/** The libp2p peer id, as text, of a 32-byte Ed25519 seed. */
export async function peerIdOfSeed(seed: Uint8Array): Promise<string> {
  return peerIdFromPublicKey((await keyOfSeed(seed)).publicKey).toString()
}

/** The libp2p peer id, as text, of a 32-byte Ed25519 public key. */
export function peerIdOfPublicKey(publicKey: Uint8Array): string {
  return peerIdFromPublicKey(publicKeyFromRaw(publicKey)).toString()
}
