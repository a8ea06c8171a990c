/**
 * Checkpoints and certificates: the consensus check.
 *
 * Every peer aggregates the agreed set and signs (round, previous checkpoint, set, rule, digest of the new model).
 * Equal signatures of weight more than (n+f)/2 make a certificate. Two such sets share more than f, so an honest peer,
 * which signs one checkpoint a round: with at most f liars there is one certificate a round. With more, two
 * conflicting certificates share more than f signers, all of whom signed twice: every one is a culprit, none is honest.
 * Certificates name their predecessor, so they form a chain that a third party verifies without the updates.
 */

import type { Position } from '../roster/position.ts'
import type { Quorums } from '../roster/quorums.ts'
import { decodeExactly } from '../wire/decode.ts'
import { Certificate as CertificateMessage, Checkpoint as CheckpointMessage } from '../wire/envelope.pb.js'
import { type Digest, digestBytes, digestOf, fromHex, sha256, toHex } from '../words/digest.ts'
import type { Member } from '../words/member.ts'
import type { Network } from '../words/network.ts'
import { mayBeOut } from './eras.ts'

export interface Checkpoint {
  readonly round: number
  readonly previous: Digest
  readonly members: readonly Member[]
  readonly rule: string
  readonly model: Digest
  /** Who has lost its weight by this round or one before, sorted: from the second round after on it counts no more (eras.ts). */
  readonly out?: readonly Position[]
}

export interface Certificate {
  readonly checkpoint: Checkpoint
  /** The signed bytes of the checkpoint; their digest names the checkpoint. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly digest: Digest
  readonly signatures: ReadonlyMap<number, Uint8Array<ArrayBuffer>>
}

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  return CheckpointMessage.encode({
    round: checkpoint.round,
    previous: fromHex(checkpoint.previous),
    members: checkpoint.members.map(({ peer, digest }) => ({ sender: peer, digest: fromHex(digest) })),
    rule: checkpoint.rule,
    model: fromHex(checkpoint.model),
    out: sparseBitmapOf(checkpoint.out ?? []),
  })
}

/** Undefined if the bytes are not a well-formed checkpoint of this network. */
export function decodeCheckpoint(bytes: Uint8Array, network: Network): Checkpoint | undefined {
  if (bytes.length > network.limits.checkpointBytes) return undefined
  const message = decodeExactly(CheckpointMessage, bytes, { limits: { members: network.peers } })
  if (message === undefined || message.round < 1) return undefined
  if (message.previous.length !== digestBytes || message.model.length !== digestBytes) return undefined
  let last = -1
  for (const { sender, digest } of message.members) {
    if (sender <= last || sender >= network.peers || digest.length !== digestBytes) return undefined
    last = sender
  }
  const out = peersIn(message.out)
  if (out === undefined || !mayBeOut(out, network)) return undefined
  return {
    round: message.round,
    previous: toHex(message.previous),
    members: message.members.map(({ sender, digest }) => ({ peer: sender, digest: toHex(digest) })),
    rule: message.rule,
    model: toHex(message.model),
    ...(out.length > 0 && { out }),
  }
}

/** Bit i of byte j is the peer at position 8j + i; no byte of zeros ends it. */
function sparseBitmapOf(peers: readonly Position[]): Uint8Array<ArrayBuffer> {
  const bitmap = new Uint8Array(peers.length === 0 ? 0 : 1 + (Math.max(...peers) >> 3))
  for (const peer of peers) bitmap[peer >> 3]! |= 1 << (peer & 7)
  return bitmap
}

/** Sorted; undefined if the bitmap is not the one of these peers. */
function peersIn(bitmap: Uint8Array): number[] | undefined {
  if (bitmap.at(-1) === 0) return undefined
  return [...bitmap].flatMap((byte, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => ((byte >> bit) & 1 ? 8 * at + bit : [])),
  )
}

export function checkpointDigest(bytes: Uint8Array): Digest {
  return digestOf(bytes)
}

/** The bytes that a signature of a checkpoint covers. */
export function checkpointToSign(bytes: Uint8Array, network: Network): Uint8Array {
  return sha256(network.checkpointDomain, bytes)
}

export function encodeCertificate(certificate: Certificate): Uint8Array<ArrayBuffer> {
  return CertificateMessage.encode({
    checkpoint: certificate.bytes,
    signatures: [...certificate.signatures]
      .sort(([a], [b]) => a - b)
      .map(([signer, signature]) => ({ signer, signature })),
  })
}

/** The certificate, or why it is none. Everything is checked: form, set, signatures and weight, by the quorums of its era. */
export function decodeCertificate(
  bytes: Uint8Array,
  network: Network,
  quorums: Quorums = network.quorums,
): Certificate | string {
  const certificate = openCertificate(bytes, network)
  if (typeof certificate === 'string') return certificate
  const { checkpoint, signatures } = certificate
  if (!quorums.available(quorums.weigh(checkpoint.members.map(({ peer }) => peer)))) return 'a set of less than n−f'
  if (!quorums.certificate(quorums.weigh(signatures.keys()))) return 'a certificate of less than a quorum'
  return certificate
}

/** The same but for what its set and its signers weigh. */
export function openCertificate(bytes: Uint8Array, network: Network): Certificate | string {
  const parsed = parseCertificate(bytes, network)
  if (typeof parsed === 'string') return parsed
  const { message, checkpoint } = parsed
  if (checkpoint.rule !== network.rule) return 'a certificate of another rule'
  const { keys } = network
  const signed = checkpointToSign(message.checkpoint, network)
  const signatures = new Map<number, Uint8Array<ArrayBuffer>>()
  for (const { signer, signature } of message.signatures) {
    if (signer >= network.peers || signatures.has(signer)) return 'a certificate with an unknown or repeated signer'
    if (!keys.verify(signer, signed, signature)) return `a certificate with a wrong signature of peer ${signer}`
    signatures.set(signer, signature)
  }
  return { checkpoint, bytes: message.checkpoint, digest: checkpointDigest(message.checkpoint), signatures }
}

/** A checkpoint by what it says, with its digest; who signed it is not looked at. */
export interface Link extends Checkpoint {
  readonly digest: Digest
}

/**
 * The link of the chain in an encoded certificate that was checked before, or why there is none. A certificate that
 * follows by these digests, and was checked whole, vouches for all links before it.
 */
export function decodeLink(bytes: Uint8Array, network: Network): Link | string {
  const parsed = parseCertificate(bytes, network)
  if (typeof parsed === 'string') return parsed
  return { ...parsed.checkpoint, digest: checkpointDigest(parsed.message.checkpoint) }
}

function parseCertificate(
  bytes: Uint8Array,
  network: Network,
): { message: CertificateMessage; checkpoint: Checkpoint } | string {
  if (bytes.length > network.limits.certificateBytes) return 'a certificate of too many bytes'
  const message = decodeExactly(CertificateMessage, bytes, { limits: { signatures: network.peers } })
  if (message === undefined) return 'not a certificate'
  const checkpoint = decodeCheckpoint(message.checkpoint, network)
  return checkpoint === undefined ? 'a certificate without a well-formed checkpoint' : { message, checkpoint }
}
