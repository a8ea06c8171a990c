/**
 * Evidence: signed statements that no honest peer makes, in a form that convinces anybody who has the roster.
 *
 * - equivocation: two envelopes of one author and round that fill one slot differently, or build on different
 *   checkpoints. An honest peer fills each slot of a round once, and a restarted one repeats itself from its journal.
 * - fork: two certificates of one round for different checkpoints. Those who signed both are the culprits; by the
 *   size of quorums they weigh more than f.
 */

import type { Position } from '../roster/position.ts'
import { decodeExactly } from '../wire/decode.ts'
import { Evidence as EvidenceMessage } from '../wire/envelope.pb.js'
import { fromHex, toHex } from '../words/digest.ts'
import { openEnvelope } from '../words/envelope.ts'
import type { Network } from '../words/network.ts'
import { contentOf, contradict, slotOf } from '../words/statements.ts'
import type { Envelope } from '../words/words.ts'
import { type Certificate, decodeCertificate, encodeCertificate, openCertificate } from './checkpoint.ts'

export interface Evidence {
  readonly kind: 'equivocation' | 'fork'
  readonly round: number
  /** Positions in the roster, sorted. */
  readonly culprits: readonly Position[]
  /** The portable proof. */
  readonly bytes: Uint8Array
}

export function equivocation(first: Envelope, second: Envelope, network: Network): Evidence {
  const bytes = EvidenceMessage.encode({
    network: fromHex(network.genesis),
    envelopes: [first.bytes as Uint8Array<ArrayBuffer>, second.bytes as Uint8Array<ArrayBuffer>],
    certificates: [],
  })
  return { kind: 'equivocation', round: first.round, culprits: [first.author], bytes }
}

export function fork(first: Certificate, second: Certificate, network: Network): Evidence {
  const bytes = EvidenceMessage.encode({
    network: fromHex(network.genesis),
    envelopes: [],
    certificates: [encodeCertificate(first), encodeCertificate(second)],
  })
  return { kind: 'fork', round: first.checkpoint.round, culprits: bothSigned(first, second), bytes }
}

function bothSigned(first: Certificate, second: Certificate): number[] {
  return [...first.signatures.keys()].filter((signer) => second.signatures.has(signer)).sort((a, b) => a - b)
}

/** What the evidence proves, or why it proves nothing. Trusts nothing but the network's roster. */
export function verifyEvidence(bytes: Uint8Array, network: Network): Evidence | string {
  const { envelopeBytes, certificateBytes } = network.limits
  if (bytes.length > 2 * Math.max(envelopeBytes, certificateBytes) + 128) return 'evidence of too many bytes'
  const message = decodeExactly(EvidenceMessage, bytes, { limits: { envelopes: 2, certificates: 2 } })
  if (message === undefined) return 'not evidence'
  if (toHex(message.network) !== network.genesis) return 'evidence of another network'
  if (message.envelopes.length === 2) {
    const [first, second] = message.envelopes.map((envelope) => openEnvelope(envelope, network))
    if (typeof first !== 'object') return first ?? 'no envelope'
    if (typeof second !== 'object') return second ?? 'no envelope'
    if (first.author !== second.author || first.round !== second.round) return 'envelopes of different slots'
    if (!conflicts(first, second, network.peers)) return 'envelopes that do not contradict each other'
    return equivocation(first, second, network)
  }
  // Where quorums change, whether they are whole is the ledger's to say: who signed both lies in any case.
  const isFixed = network.agreement.evictEvery === undefined && network.trust === undefined
  const decode = isFixed ? decodeCertificate : openCertificate
  const [first, second] = message.certificates.map((certificate) => decode(certificate, network))
  if (typeof first !== 'object') return first ?? 'no certificate'
  if (typeof second !== 'object') return second ?? 'no certificate'
  if (first.checkpoint.round !== second.checkpoint.round) return 'certificates of different rounds'
  if (first.digest === second.digest) return 'two certificates of one checkpoint'
  if (bothSigned(first, second).length === 0) return 'certificates that nobody signed both of'
  return fork(first, second, network)
}

function conflicts(first: Envelope, second: Envelope, peers: number): boolean {
  if (first.previous !== second.previous) return true
  const contents = new Map(first.statements.map((statement) => [slotOf(statement, peers), contentOf(statement)]))
  return second.statements.some((statement) => {
    const content = contents.get(slotOf(statement, peers))
    return content !== undefined && contradict(content, contentOf(statement))
  })
}
