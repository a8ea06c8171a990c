/**
 * Statements on the wire: one schema for all kinds of agreement. What comes from a peer is bounded here; its agreement says
 * whether a peer says that.
 */

import type { Position } from '../roster/position.ts'
import type { Body } from '../wire/envelope.pb.js'
import { type Digest, digestBytes, fromHex, toHex } from './digest.ts'
import { behindBytes, type Network } from './network.ts'
import { asEchoed, type Bit, type BitSet, type Statement, wordBytes } from './statements.ts'
import type { Head, Words } from './words.ts'

type Said = Pick<Words, 'author' | 'round' | 'previous' | 'statements'>

/** How many of each an envelope may have: as many as an honest peer puts into one. */
export function statementLimits(peers: number): Record<string, number> {
  const [most, votes] = [4 * peers + 8, 8 * peers + 8]
  return {
    ...{ echoes: peers, readies: peers, estimates: votes, coordinations: votes, auxiliaries: votes },
    ...{ stagedInits: most, stagedEchoes: most, stagedReadies: most, witnesses: most, words: most },
  }
}

export function bodyOf({ author, round, previous, statements }: Said, peers: number): Body {
  const body: Body = {
    ...{ author, round, previous: fromHex(previous), echoes: [], readies: [], estimates: [], coordinations: [] },
    ...{ auxiliaries: [], stagedInits: [], stagedEchoes: [], stagedReadies: [], witnesses: [], words: [] },
  }
  for (const statement of statements) write(statement, body, peers)
  return body
}

function write(statement: Statement, body: Body, peers: number): void {
  switch (statement.kind) {
    case 'init':
    case 'echo':
    case 'ready':
      writeBroadcast(statement, body)
      break
    case 'witness':
      body.witnesses.push({ stage: statement.stage, members: bitmapOf(statement.members, peers) })
      break
    case 'word':
      body.words.push({ stage: statement.stage, content: fromHex(statement.content) })
      break
    case 'estimate':
      body.estimates.push(statement)
      break
    case 'coordinate':
      body.coordinations.push(statement)
      break
    case 'auxiliary':
      body.auxiliaries.push({ instance: statement.instance, phase: statement.phase, value: statement.values })
      break
    case 'checkpoint':
      body.checkpoint = { checkpoint: statement.checkpoint, signature: statement.signature }
  }
}

function writeBroadcast(statement: Extract<Statement, { kind: 'init' | 'echo' | 'ready' }>, body: Body): void {
  const digest = fromHex(statement.digest)
  const { stage } = statement
  if (statement.kind === 'init') {
    if (stage === undefined) body.init = digest
    else body.stagedInits.push({ stage, digest })
    return
  }
  const { kind, sender } = statement
  if (stage === undefined) (kind === 'echo' ? body.echoes : body.readies).push({ sender, digest })
  else (kind === 'echo' ? body.stagedEchoes : body.stagedReadies).push({ stage, sender, digest })
}

/** What a body says, or what is wrong with it. */
export function statementsOf(
  body: Body,
  said: Pick<Words, keyof Head | 'previous'>,
  network: Network,
): Statement[] | string {
  const { peers, agreement } = network
  const statements = read(body, peers)
  if (statements === undefined) return 'a witness out of range'
  for (const statement of statements) {
    if (!inRange(statement, network)) return `a statement out of range: ${statement.kind}`
    const refusal = agreement.refuses(statement, said, network)
    if (refusal !== undefined) return refusal
  }
  return statements
}

function read(body: Body, peers: number): Statement[] | undefined {
  const all: Statement[] = []
  if (body.init !== undefined) all.push({ kind: 'init', digest: toHex(body.init) })
  for (const { stage, digest } of body.stagedInits) all.push({ kind: 'init', stage, digest: toHex(digest) })
  for (const kind of ['echo', 'ready'] as const) {
    for (const { sender, digest } of kind === 'echo' ? body.echoes : body.readies)
      all.push({ kind, sender, digest: toHex(digest) })
    for (const { stage, sender, digest } of kind === 'echo' ? body.stagedEchoes : body.stagedReadies)
      all.push({ kind, stage, sender, digest: toHex(digest) })
  }
  for (const kind of ['estimate', 'coordinate'] as const)
    for (const { instance, phase, value } of kind === 'estimate' ? body.estimates : body.coordinations)
      all.push({ kind, instance, phase, value: value as Bit })
  for (const { instance, phase, value } of body.auxiliaries)
    all.push({ kind: 'auxiliary', instance, phase, values: value as BitSet })
  for (const { stage, members } of body.witnesses) {
    const witnessed = membersOf(members, peers)
    if (witnessed === undefined) return undefined
    all.push({ kind: 'witness', stage, members: witnessed })
  }
  for (const { stage, content } of body.words) all.push({ kind: 'word', stage, content: toHex(content) })
  if (body.checkpoint !== undefined) all.push({ kind: 'checkpoint', ...body.checkpoint })
  return all
}

function inRange(statement: Statement, network: Network): boolean {
  const { peers } = network
  switch (statement.kind) {
    case 'init':
      return isValue(statement.digest, network)
    case 'echo':
    case 'ready': {
      const { kind, sender, digest } = statement
      return sender < peers && (isValue(digest, network) || (kind === 'ready' && digest === asEchoed))
    }
    case 'estimate':
    case 'coordinate':
      return statement.instance < 2 * peers && statement.phase >= 1 && statement.value <= 1
    case 'auxiliary':
      return statement.instance < 2 * peers && statement.phase >= 1 && statement.values >= 1 && statement.values <= 3
    case 'word':
      return statement.content.length <= 2 * wordBytes
    default:
      return true
  }
}

/** A digest; behind it vouches, or of which model it is, where such is said. */
function isValue(value: Digest, network: Network): boolean {
  const beyond = value.length - 2 * digestBytes
  return beyond >= 0 && beyond <= 2 * behindBytes(network)
}

/** Bit i of byte j is the peer at position 8j + i. */
export function bitmapOf(members: readonly Position[], peers: number): Uint8Array<ArrayBuffer> {
  const bitmap = new Uint8Array(Math.ceil(peers / 8))
  for (const peer of members) bitmap[peer >> 3]! |= 1 << (peer & 7)
  return bitmap
}

/** Sorted; undefined if the bitmap is not of this many peers. */
export function membersOf(bitmap: Uint8Array, peers: number): number[] | undefined {
  if (bitmap.length !== Math.ceil(peers / 8)) return undefined
  const members: number[] = []
  for (let peer = 0; peer < 8 * bitmap.length; peer++) if ((bitmap[peer >> 3]! >> (peer & 7)) & 1) members.push(peer)
  return (members.at(-1) ?? 0) < peers ? members : undefined
}
