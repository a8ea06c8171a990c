/**
 * Checkpoints and certificates: the consensus check.
 *
 * Every peer aggregates the agreed set and signs (round, previous checkpoint, set, rule, digest of the new model).
 * Equal signatures of weight more than (n+f)/2 make a certificate. Two such sets share more than f, so an honest peer,
 * which signs one checkpoint a round: with at most f liars there is one certificate a round. With more, two
 * conflicting certificates share more than f signers, all of whom signed twice: every one is a culprit, none is honest.
 * Certificates name their predecessor, so they form a chain that a third party verifies without the updates.
 */

import { decodeRecord, encodeRecord } from '../pauses/record-codec.ts'
import type { Position } from '../roster/position.ts'
import type { Quorums } from '../roster/quorums.ts'
import { decodeExactly } from '../wire/decode.ts'
import { Certificate as CertificateMessage, Checkpoint as CheckpointMessage } from '../wire/envelope.pb.js'
import { type Digest, digestBytes, digestOf, fromHex, sha256, toHex } from '../words/digest.ts'
import type { Member } from '../words/member.ts'
import type { Network } from '../words/network.ts'
import { mayCount } from '../words/order.ts'
import { announcedOf, memberOf, saidIn } from '../words/vouches.ts'
import { type Changes, mayBeOut } from './eras.ts'
import { peersIn, sparseBitmapOf } from './sparse-bitmap.ts'
import { hearsVouches } from './standing.ts'
import { decodeStanding, encodeStanding } from './standing-codec.ts'

export interface Checkpoint extends Changes {
  readonly round: number
  readonly previous: Digest
  readonly members: readonly Member[]
  readonly rule: string
  readonly model: Digest
  /** What filters know by then, where they judge updates in an agreed order (words/order.ts). */
  readonly filters?: Uint8Array<ArrayBuffer>
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
    members: checkpoint.members.map((member) => ({ sender: member.peer, digest: fromHex(announcedOf(member)) })),
    rule: checkpoint.rule,
    model: fromHex(checkpoint.model),
    out: sparseBitmapOf(checkpoint.out ?? []),
    standing: checkpoint.standing === undefined ? new Uint8Array() : encodeStanding(checkpoint.standing),
    filters: checkpoint.filters ?? new Uint8Array(),
    pauses: checkpoint.pauses === undefined ? new Uint8Array() : encodeRecord(checkpoint.pauses),
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
    if (sender <= last || sender >= network.peers || !isValue(digest, sender, message.round, network)) return undefined
    last = sender
  }
  const out = peersIn(message.out, network.peers)
  if (out === undefined || !mayBeOut(out, network)) return undefined
  const standing = network.trust === undefined ? undefined : decodeStanding(message.standing, network)
  if (network.trust === undefined ? message.standing.length > 0 : standing === undefined) return undefined
  if (!isStateOf(message, network)) return undefined
  const counts = network.agreement.pauses !== undefined
  const pauses = counts ? decodeRecord(message.pauses, network) : undefined
  if (counts ? pauses === undefined : message.pauses.length > 0) return undefined
  return {
    round: message.round,
    previous: toHex(message.previous),
    members: message.members.map(({ sender, digest }) => memberOf(sender, toHex(digest))),
    rule: message.rule,
    model: toHex(message.model),
    ...(out.length > 0 && { out }),
    ...(standing && { standing }),
    ...(message.filters.length > 0 && { filters: message.filters as Uint8Array<ArrayBuffer> }),
    ...(pauses && { pauses }),
  }
}

/** Whether it has what filters know, where there are some, by its form, and nothing elsewhere. */
function isStateOf({ filters, round }: CheckpointMessage, { agreement, peers, quorums }: Network): boolean {
  if (agreement.ordering === undefined) return filters.length === 0
  return agreement.ordering.isState(filters, round, peers, quorums.tolerated)
}

/** A digest; behind it vouches, in a round that hears them, or of which model it is. */
function isValue(value: Uint8Array, sender: Position, round: number, network: Network): boolean {
  const { ordering } = network.agreement
  if (ordering !== undefined) return mayCount(toHex(value), round, ordering.remembered, false)
  if (value.length === digestBytes) return true
  if (value.length < digestBytes || !hearsVouches(round, network)) return false
  return saidIn(toHex(value), sender, network.peers) !== undefined
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
  if (!isSet(checkpoint, quorums, network))
    return network.agreement.ordering ? 'a set of f or less' : 'a set of less than n−f'
  if (!quorums.certificate(quorums.weigh(signatures.keys()))) return 'a certificate of less than a quorum'
  return certificate
}

/** Whether its members weigh enough: n − f, or where updates are judged one by one, more than may lie. */
export function isSet({ members }: Pick<Checkpoint, 'members'>, quorums: Quorums, { agreement }: Network): boolean {
  const weight = quorums.weigh(members.map(({ peer }) => peer))
  return agreement.ordering === undefined ? quorums.available(weight) : quorums.amplify(weight)
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
