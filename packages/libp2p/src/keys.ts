import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Keys } from '@hearsay/protocol'
import { isSignature, isSigningKey } from './ed25519.ts'
import { peerIdOfPublicKey } from './identity.ts'

/** DER around a raw Ed25519 key: node:crypto takes no raw keys. */
const privateHeader = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicHeader = Buffer.from('302a300506032b6570032100', 'hex')

/** Who a peer is: its secret, and what others know of it. */
export interface Identity {
  /** Libp2p peer id. */
  readonly id: string
  /** Ed25519 seed, 32 bytes. Secret. */
  readonly seed: Uint8Array
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array
}

/** The identity of an Ed25519 seed of 32 bytes. */
export async function identityOfSeed(seed: Uint8Array): Promise<Identity> {
  const publicKey = new Uint8Array(
    createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(-32),
  )
  return { id: peerIdOfPublicKey(publicKey), seed, publicKey }
}

/** Ed25519 signatures of one peer, and checks of those of all, by position in the roster. */
export function createKeys(seed: Uint8Array, publicKeys: readonly Uint8Array[]): Keys {
  const own = privateKeyOf(seed)
  return { sign: (bytes) => new Uint8Array(sign(null, bytes, own)), verify: createVerifier(publicKeys) }
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privateHeader, seed]), format: 'der', type: 'pkcs8' })
}

/** Checks of the signatures of all, by position in the roster, as `ed25519.ts` defines what is right. */
export function createVerifier(publicKeys: readonly Uint8Array[]): Keys['verify'] {
  const keys = publicKeys.map(keyObjectOf)
  return (peer, bytes, signature) => {
    const key = keys[peer]
    const publicKey = publicKeys[peer]
    if (key === undefined || publicKey === undefined || !isSignature(signature)) return false
    const triple = Buffer.concat([publicKey, signature, bytes]).toString('latin1')
    if (verified.has(triple)) return true
    const right = verify(null, bytes, key, signature)
    if (right) verified.add(triple)
    return right
  }
}

/** Keys of this process: the many peers of a simulation share theirs. Undefined of a key that signs nothing. */
const keyObjects = new WeakMap<Uint8Array, KeyObject | undefined>()

function keyObjectOf(raw: Uint8Array): KeyObject | undefined {
  if (keyObjects.has(raw)) return keyObjects.get(raw)
  const key = isSigningKey(raw)
    ? createPublicKey({ key: Buffer.concat([publicHeader, raw]), format: 'der', type: 'spki' })
    : undefined
  keyObjects.set(raw, key)
  return key
}

/**
 * Right signatures of this process, whole: key, signature and what was signed, so that nothing else can pass for them.
 * The same words come again in answers and certificates, and once for each peer of a simulation. At most two
 * generations of 4,096.
 */
const verified = {
  newer: new Set<string>(),
  older: new Set<string>(),
  has(triple: string): boolean {
    return this.newer.has(triple) || this.older.has(triple)
  },
  add(triple: string): void {
    if (this.newer.size >= 4096) {
      this.older = this.newer
      this.newer = new Set()
    }
    this.newer.add(triple)
  },
}
