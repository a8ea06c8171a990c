/**
 * Envelopes: everything that a peer says in one step, under one signature.
 *
 * Bytes from a peer are bounded before they are decoded and checked before they are used: `openEnvelope` gives an
 * envelope in which every field is in range and every signature right, or the reason why there is none. `readEnvelope`
 * stops before the signatures, and before the statements where those cannot matter: a signature costs as much to check as
 * hundreds of statements to read.
 */

import { bitmapOf, hasStages, stagedLimits, stagedStatementsOf } from './agreement/averaging/staged-statements.ts'
import { attempt, checkpointToSign, decodeCheckpoint, decodeExactly } from './chain/checkpoint.ts'
import { type Digest, digestBytes, digestOf, fromHex, sha256, toHex } from './digest.ts'
import type { Network } from './network.ts'
import { type Slots, slotsOf } from './slots.ts'
import { type Bit, type BitSet, maxPhasesAhead, namesDigest, type Statement } from './statements.ts'
import { Body, Envelope as EnvelopeMessage, Head as HeadMessage } from './wire/envelope.pb.js'

/** Whose words, of which round: nobody has signed for it yet. */
export interface Head {
  readonly author: number
  readonly round: number
  /** Digest of the bytes. */
  readonly id: Digest
}

/** What is said. */
export interface Words extends Head {
  /** Digest of the checkpoint that the author's round builds on. */
  readonly previous: Digest
  readonly statements: readonly Statement[]
  readonly slots: Slots
}

/** Words that their author has signed. */
export interface Envelope extends Words {
  readonly bytes: Uint8Array
}

/** Words that anybody may have put into the mouth of their author. */
export interface Claim extends Words {
  /** The envelope, if all signatures are the author's; else whose are wrong. Checked once. */
  verified(): Envelope | string
}

/**
 * Statements of one author, round and predecessor as signed envelopes: one, or more if one would exceed the limit or say
 * votes of phases that are far apart. Whoever is behind drops an envelope that goes farther than it counts, and might wait
 * for ever for what else is in it. Votes of phase p are with those of up to p + maxPhasesAhead − 1 at most, which everybody
 * counts who needs those of p, also in instances that have come farther.
 */
export function sealEnvelopes(
  said: { author: number; round: number; previous: Digest; statements: readonly Statement[] },
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

/** Which maxPhasesAhead phases a statement is of; what is no vote goes with the first. */
function stretchOf(statement: Statement): number {
  return 'phase' in statement ? Math.ceil(statement.phase / maxPhasesAhead) : 1
}

function seal(
  said: { author: number; round: number; previous: Digest; statements: readonly Statement[] },
  network: Network,
): Envelope {
  const message: Body = {
    author: said.author,
    round: said.round,
    previous: fromHex(said.previous),
    echoes: [],
    readies: [],
    estimates: [],
    coordinations: [],
    auxiliaries: [],
    stagedInits: [],
    stagedEchoes: [],
    stagedReadies: [],
    witnesses: [],
  }
  for (const statement of said.statements) {
    switch (statement.kind) {
      case 'init':
      case 'echo':
      case 'ready':
        writeBroadcast(statement, message)
        break
      case 'witness':
        message.witnesses.push({ stage: statement.stage, members: bitmapOf(statement.members, network.peers) })
        break
      case 'estimate':
        message.estimates.push(statement)
        break
      case 'coordinate':
        message.coordinations.push(statement)
        break
      case 'auxiliary':
        message.auxiliaries.push({ instance: statement.instance, phase: statement.phase, value: statement.values })
        break
      case 'checkpoint':
        message.checkpoint = { checkpoint: statement.checkpoint, signature: statement.signature }
    }
  }
  const body = Body.encode(message)
  const bytes = EnvelopeMessage.encode({ body, signature: network.keys.sign(sha256(network.envelopeDomain, body)) })
  return { ...said, slots: slotsOf(said.statements, network.peers), bytes, id: digestOf(bytes) }
}

function writeBroadcast(statement: Extract<Statement, { kind: 'init' | 'echo' | 'ready' }>, message: Body): void {
  const digest = fromHex(statement.digest)
  const { stage } = statement
  if (statement.kind === 'init') {
    if (stage === undefined) message.init = digest
    else message.stagedInits.push({ stage, digest })
    return
  }
  const { kind, sender } = statement
  if (stage === undefined) (kind === 'echo' ? message.echoes : message.readies).push({ sender, digest })
  else (kind === 'echo' ? message.stagedEchoes : message.stagedReadies).push({ stage, sender, digest })
}

/** The envelope in bytes that came from a peer, or why there is none. */
export function openEnvelope(bytes: Uint8Array, network: Network): Envelope | string {
  const claim = readEnvelope(bytes, network, () => true)
  return typeof claim === 'object' ? claim.verified() : (claim ?? 'an envelope that does not matter')
}

/** What bytes that came from a peer say; why they say nothing; or undefined when by the head they do not matter. */
export function readEnvelope(
  bytes: Uint8Array,
  network: Network,
  matters: (head: Head) => boolean,
): Claim | string | undefined {
  const before = network.opened?.get(bytes)
  if (before !== undefined) return typeof before === 'string' || matters(before) ? before : undefined
  const outer = outside(bytes, network)
  if (typeof outer === 'string') return outer
  const id = digestOf(bytes)
  const head = attempt(() => HeadMessage.decode(outer.body))
  if (head !== undefined && !matters({ ...head, id })) return undefined
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
  const count = network.peers
  const limits = { echoes: count, readies: count, estimates: 8 * count + 8, coordinations: 8 * count + 8 }
  const body = decodeExactly(Body, outer.body, {
    limits: { ...limits, auxiliaries: 8 * count + 8, ...stagedLimits(count) },
  })
  if (body === undefined) return 'an envelope without a body'
  if (body.author >= network.peers || body.round < 1 || body.previous.length !== digestBytes)
    return 'an envelope of an unknown author, round or checkpoint'
  const statements = network.averaging ? stagedStatementsOf(body, network) : statementsOf(body, network)
  if (typeof statements === 'string') return statements
  if (statements.length === 0) return 'an envelope that says nothing'
  const { author, round } = body
  const slots = slotsOf(statements, network.peers)
  const words: Words = { author, round, previous: toHex(body.previous), statements, slots, id }
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
  const { keys } = network
  if (!keys.verify(author, sha256(network.envelopeDomain, outer.body), outer.signature))
    return `an envelope with a wrong signature of peer ${author}`
  for (const statement of statements)
    if (
      statement.kind === 'checkpoint' &&
      !keys.verify(author, checkpointToSign(statement.checkpoint, network), statement.signature)
    )
      return `a checkpoint with a wrong signature of peer ${author}`
  return undefined
}

function statementsOf(body: Body, network: Network): Statement[] | string {
  const statements: Statement[] = []
  if (hasStages(body)) return 'an envelope of averaging agreement'
  if (body.init !== undefined) {
    if (body.init.length !== digestBytes) return 'an init without a digest'
    statements.push({ kind: 'init', digest: toHex(body.init) })
  }
  for (const kind of ['echo', 'ready'] as const) {
    for (const { sender, digest } of kind === 'echo' ? body.echoes : body.readies) {
      if (sender >= network.peers || !namesDigest(kind, digest)) return `a ${kind} without sender or digest`
      statements.push({ kind, sender, digest: toHex(digest) })
    }
  }
  for (const kind of ['estimate', 'coordinate'] as const) {
    for (const { instance, phase, value } of kind === 'estimate' ? body.estimates : body.coordinations) {
      if (instance >= network.peers || phase < 1 || value > 1) return `a ${kind} out of range`
      statements.push({ kind, instance, phase, value: value as Bit })
    }
  }
  for (const { instance, phase, value } of body.auxiliaries) {
    if (instance >= network.peers || phase < 1 || value < 1 || value > 3) return 'an auxiliary out of range'
    statements.push({ kind: 'auxiliary', instance, phase, values: value as BitSet })
  }
  if (body.checkpoint !== undefined) {
    const { checkpoint: bytes, signature } = body.checkpoint
    const checkpoint = decodeCheckpoint(bytes, network)
    if (checkpoint === undefined || checkpoint.round !== body.round) return 'a checkpoint that is malformed'
    if (checkpoint.previous !== toHex(body.previous)) return 'a checkpoint that builds on another than its envelope'
    statements.push({ kind: 'checkpoint', checkpoint: bytes, signature })
  }
  return statements
}
