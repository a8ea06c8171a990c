/** Statements of averaging agreement on the wire: every one names its stage, of those that its round has. */
import { digestBytes, toHex } from '../../digest.ts'
import type { Network } from '../../network.ts'
import type { Statement } from '../../statements.ts'
import { namesDigest } from '../../statements.ts'
import type { Body } from '../../wire/envelope.pb.js'
import { lastStage } from './settings.ts'

/** How many of each an envelope may have: as many as an honest peer puts into one. */
export function stagedLimits(
  peers: number,
): Record<'stagedInits' | 'stagedEchoes' | 'stagedReadies' | 'witnesses', number> {
  const most = 4 * peers + 8
  return { stagedInits: most, stagedEchoes: most, stagedReadies: most, witnesses: most }
}

export function hasStages(body: Body): boolean {
  return body.stagedInits.length + body.stagedEchoes.length + body.stagedReadies.length + body.witnesses.length > 0
}

/** The statements, or what is wrong with them. */
export function stagedStatementsOf(body: Body, network: Network): Statement[] | string {
  const averaging = network.averaging!
  if (hasVotes(body)) return 'an envelope of exact agreement'
  if (toHex(body.previous) !== network.genesis)
    return 'an envelope that builds on a checkpoint, of which there are none'
  const last = lastStage(body.round, averaging)
  const statements: Statement[] = []
  for (const { stage, digest } of body.stagedInits) {
    if (stage > last || digest.length !== digestBytes) return 'an init without stage or digest'
    statements.push({ kind: 'init', stage, digest: toHex(digest) })
  }
  const broadcast = averaging.method === 'rb-tm'
  for (const kind of ['echo', 'ready'] as const) {
    for (const { stage, sender, digest } of kind === 'echo' ? body.stagedEchoes : body.stagedReadies) {
      if (!broadcast) return `a ${kind} where vectors are sent plainly`
      if (stage > last || sender >= network.peers || !namesDigest(kind, digest))
        return `a ${kind} without stage, sender or digest`
      statements.push({ kind, stage, sender, digest: toHex(digest) })
    }
  }
  for (const { stage, members } of body.witnesses) {
    if (!broadcast) return 'a witness where vectors are sent plainly'
    const peers = membersOf(members, network.peers)
    if (stage > last || peers === undefined) return 'a witness out of range'
    if (!network.quorums.available(network.quorums.weigh(peers))) return 'a witness of less than n−f'
    statements.push({ kind: 'witness', stage, members: peers })
  }
  return statements
}

function hasVotes(body: Body): boolean {
  const votes = [body.echoes, body.readies, body.estimates, body.coordinations, body.auxiliaries]
  return body.init !== undefined || body.checkpoint !== undefined || votes.some(({ length }) => length > 0)
}

export function bitmapOf(members: readonly number[], peers: number): Uint8Array<ArrayBuffer> {
  const bitmap = new Uint8Array(Math.ceil(peers / 8))
  for (const peer of members) bitmap[peer >> 3]! |= 1 << (peer & 7)
  return bitmap
}

/** Sorted; undefined if the bitmap is not of this many peers. */
function membersOf(bitmap: Uint8Array, peers: number): number[] | undefined {
  if (bitmap.length !== Math.ceil(peers / 8)) return undefined
  const members: number[] = []
  for (let peer = 0; peer < 8 * bitmap.length; peer++) if ((bitmap[peer >> 3]! >> (peer & 7)) & 1) members.push(peer)
  return (members.at(-1) ?? 0) < peers ? members : undefined
}
