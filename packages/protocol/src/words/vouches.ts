/**
 * Vouches as they travel: behind the digest of an update. Where vouches are heard, the value that a peer announces is the digest and
 * what it says of others, and everybody echoes, delivers and signs both as one. So agreement on the set of updates is agreement on
 * the vouches, a peer that says one thing to some and another to others contradicts itself in the slot of its INIT, and the
 * checkpoint, which names the values of the set, is the signed record of who vouched for whom.
 *
 * What is said of a peer takes three bytes: its position in two, and how sure its author is in hundredths, of which 0 takes a
 * vouch back. Who says 0 of itself leaves. Sorted by position, and of each at most once, so that there is one encoding.
 */
import type { Position } from '../roster/position.ts'
import { type Digest, digestBytes } from './digest.ts'
import type { Member } from './member.ts'

/** What one peer says of another. */
export interface Vouch {
  readonly from: Position
  readonly to: Position
  /** Hundredths, 1 to 100. */
  readonly weight: number
}

/** The same of the peer that says it; 0 takes it back, and of oneself is a farewell. */
export type Said = Omit<Vouch, 'from'>

/** So many may be said by a peer in a round. */
export const mostSaid = 8
/** So many may stand of a peer. */
export const mostStanding = 16
export const fullWeight = 100

const saidBytes = 3
/** The most that is behind a digest. */
export const vouchBytes = mostSaid * saidBytes
const digestDigits = 2 * digestBytes

/** What reliable broadcast is about: the digest, and what is said behind it. */
export function announcedOf({ digest, behind = '' }: Pick<Member, 'digest' | 'behind'>): Digest {
  return digest + behind
}

export function memberOf(peer: Position, value: Digest): Member {
  if (value.length === digestDigits) return { peer, digest: value }
  return { peer, digest: value.slice(0, digestDigits), behind: value.slice(digestDigits) }
}

/** Hexadecimal; at most `mostSaid` of them, whatever their order. */
export function encodeSaid(said: readonly Said[]): string {
  const bytes = said.toSorted((a, b) => a.to - b.to).flatMap(({ to, weight }) => [to >> 8, to & 0xff, weight])
  return Buffer.from(bytes).toString('hex')
}

/**
 * What there is to say for a peer that wishes these, and nothing else, to stand: what it takes back first, and as many as may be
 * said in a round. Of whoever is gone there is nothing to say; nor, when it leaves itself, of anybody else.
 */
export function saidNow(
  self: Position,
  wished: readonly Said[],
  standing: readonly Vouch[],
  gone: readonly Position[],
): Said[] {
  if (wished.some(({ to }) => to === self)) return [{ to: self, weight: 0 }]
  const stands = new Map(standing.flatMap(({ from, to, weight }) => (from === self ? [[to, weight] as const] : [])))
  const wanted = wished.filter(({ to, weight }) => weight > 0 && !gone.includes(to))
  const takenBack = [...stands.keys()].filter((to) => !wanted.some((wish) => wish.to === to))
  const news = wanted.filter(({ to, weight }) => stands.get(to) !== weight)
  return [...takenBack.map((to) => ({ to, weight: 0 })), ...news].slice(0, mostSaid)
}

/** What this peer said, of its value; undefined if no peer says that. */
export function saidIn(value: Digest, author: Position, peers: number): Said[] | undefined {
  const bytes = Buffer.from(value.slice(digestDigits), 'hex')
  if (bytes.length % saidBytes !== 0 || bytes.length > vouchBytes) return undefined
  const said: Said[] = []
  for (let at = 0; at < bytes.length; at += saidBytes) {
    const [to, weight] = [bytes.readUInt16BE(at), bytes[at + 2]!]
    if (to >= peers || to <= (said.at(-1)?.to ?? -1) || weight > fullWeight) return undefined
    if (to === author && weight > 0) return undefined
    said.push({ to, weight })
  }
  return said
}
