import { generateKeyPairFromSeed, publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'

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

/** The 32-byte Ed25519 public key that a peer id holds. Throws TypeError if it is no id of an Ed25519 key. */
export function publicKeyOfPeerId(id: string): Uint8Array {
  const { publicKey, type } = peerIdFromString(id)
  if (type !== 'Ed25519' || publicKey === undefined) throw new TypeError(`${id} is not the peer id of an Ed25519 key`)
  return publicKey.raw
}
