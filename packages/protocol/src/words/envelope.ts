/**
 * Envelopes: everything that a peer says in one step, under one signature.
 *
 * Bytes from a peer are bounded before they are decoded and checked before they are used: `openEnvelope` gives an
 * envelope in which every field is in range and every signature right, or the reason why there is none. `readEnvelope`
 * stops before the signatures, and before the statements where those cannot matter: a signature costs as much to check as
 * hundreds of statements to read.
 */

import type { Position } from '../roster/position.ts'
import { attempt, decodeExactly } from '../wire/decode.ts'
import { Body, Envelope as EnvelopeMessage, Head as HeadMessage } from '../wire/envelope.pb.js'
import { type Digest, digestBytes, digestOf, sha256, toHex } from './digest.ts'
import type { Network } from './network.ts'
import { slotsOf } from './slots.ts'
import { bodyOf, statementLimits, statementsOf } from './statement-codec.ts'
import { mostPhasesAhead, type Statement } from './statements.ts'
import type { Claim, Envelope, Head, Words } from './words.ts'

/**
 * Statements of one author, round and predecessor as signed envelopes: one, or more if one would exceed the limit or say
 * votes of phases that are far apart. Whoever is behind drops an envelope that goes farther than it counts, and might wait
 * for ever for what else is in it. Votes of phase p are with those of up to p + mostPhasesAhead − 1 at most, which everybody
 * counts who needs those of p, also in instances that have come farther.
 */
export function sealEnvelopes(
  said: { author: Position; round: number; previous: Digest; statements: readonly Statement[] },
  network: Network,
): Envelope[] {
  const most = 4 * network.peers + 8
  const envelopes: Envelope[] = []
  const stretches = Map.groupBy(said.statements, stretchOf)
  for (const stretch of [...stretches.keys()].sort((a, b) => a - b)) {
    const statements = stretches.get(stretch)!
    for (let start = 0; start < statements.length; start += most)
      envelopes.push(seal({ ...said, statements: statements.slice(start, start + most) }, network))
  }
  return envelopes
}

/** Which mostPhasesAhead phases a statement is of; what is no vote goes with the first. */
function stretchOf(statement: Statement): number {
  return 'phase' in statement ? Math.ceil(statement.phase / mostPhasesAhead) : 1
}

function seal(
  said: { author: Position; round: number; previous: Digest; statements: readonly Statement[] },
  network: Network,
): Envelope {
  const body = Body.encode(bodyOf(said, network.peers))
  const bytes = EnvelopeMessage.encode({ body, signature: network.keys.sign(sha256(network.envelopeDomain, body)) })
  return { ...said, slots: slotsOf(said.statements, network.peers), bytes, id: digestOf(bytes) }
}

/** The envelope in bytes that came from a peer, or why there is none. */
export function openEnvelope(bytes: Uint8Array, network: Network): Envelope | string {
  const claim = readEnvelope(bytes, network, () => true)
  return typeof claim === 'object' ? claim.verified() : (claim ?? 'an envelope that does not matter')
}

/**
 * What bytes that came from a peer say; why they say nothing; or undefined when by the head they do not matter. `isRead`: they
 * were read before.
 */
export function readEnvelope(
  bytes: Uint8Array,
  network: Network,
  matters: (head: Head, isRead: boolean) => boolean,
): Claim | string | undefined {
  const before = network.opened?.get(bytes)
  if (before !== undefined) return typeof before === 'string' || matters(before, true) ? before : undefined
  const outer = outside(bytes, network)
  if (typeof outer === 'string') return outer
  const id = digestOf(bytes)
  const head = attempt(() => HeadMessage.decode(outer.body))
  if (head !== undefined && !matters({ ...head, id }, false)) return undefined
  const read = inside(outer, { bytes, id }, network)
  network.opened?.set(bytes, read)
  return read
}

function outside(bytes: Uint8Array, network: Network): EnvelopeMessage | string {
  if (bytes.length > network.limits.envelopeBytes) return `an envelope of ${bytes.length} bytes`
  const outer = decodeExactly(EnvelopeMessage, bytes)
  return outer === undefined || outer.signature.length !== 64 ? 'not an envelope' : outer
}

function inside(
  outer: EnvelopeMessage,
  { bytes, id }: { bytes: Uint8Array; id: Digest },
  network: Network,
): Claim | string {
  const body = decodeExactly(Body, outer.body, { limits: statementLimits(network.peers) })
  if (body === undefined) return 'an envelope without a body'
  const { author, round } = body
  if (author >= network.peers || round < 1 || body.previous.length !== digestBytes)
    return 'an envelope of an unknown author, round or checkpoint'
  const head = { author, round, previous: toHex(body.previous), id }
  const statements = statementsOf(body, head, network)
  if (typeof statements === 'string') return statements
  if (statements.length === 0) return 'an envelope that says nothing'
  const words: Words = { ...head, statements, slots: slotsOf(statements, network.peers) }
  let unchecked: EnvelopeMessage | undefined = outer
  let verified: Envelope | string = ''
  return {
    ...words,
    verified: () => {
      if (unchecked !== undefined) verified = wrongSignature(words, unchecked, network) ?? { ...words, bytes }
      unchecked = undefined
      return verified
    },
  }
}

function wrongSignature({ author, statements }: Words, outer: EnvelopeMessage, network: Network): string | undefined {
  const { keys, agreement } = network
  if (!keys.verify(author, sha256(network.envelopeDomain, outer.body), outer.signature))
    return `an envelope with a wrong signature of peer ${author}`
  const unsigned = statements.find((statement) => agreement.isSigned?.(statement, author, network) === false)
  return unsigned && `a ${unsigned.kind} with a wrong signature of peer ${author}`
}
