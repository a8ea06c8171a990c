/**
 * Pauses as they travel: in place of the digest of an update. A peer that is paused says, in the slot of its INIT, that it pauses, and
 * everybody echoes, delivers and agrees on that as on an update. So a pause counts when it is in the agreed set of its round, signed by
 * who pauses and the same for all; a peer that pauses to some and sends others an update contradicts itself; and a peer that is
 * silent has crashed, as before.
 */
import { type Digest, digestBytes } from './digest.ts'
import type { Member } from './member.ts'

/** No update has such a digest: nobody knows one. The last bytes are a round to go back to (pauses/back.ts), or 0. */
const roundBytes = 4
const prefix = '00'.repeat(digestBytes - roundBytes)
export const pausedDigest: Digest = '00'.repeat(digestBytes)

export function isPause({ digest }: Pick<Member, 'digest'>): boolean {
  return digest.startsWith(prefix)
}

/** A pause of a peer whose operator asks to go back to the model that this round ended with. */
export function pauseBackTo(round: number): Digest {
  return prefix + round.toString(16).padStart(2 * roundBytes, '0')
}

/** That round; undefined of who only pauses, and of an update. */
export function askedBackTo({ digest }: Pick<Member, 'digest'>): number | undefined {
  return digest.startsWith(prefix) ? Number.parseInt(digest.slice(prefix.length), 16) || undefined : undefined
}

export const pausePolicies = ['present', 'zero', 'memory', 'prune', 'reweigh'] as const
export type PausePolicy = (typeof pausePolicies)[number]

/** The most that a checkpoint has of them: three counts and a digest a peer, and a digest. */
export function pauseBytes(peers: number): number {
  return (3 * 4 + digestBytes) * peers + digestBytes
}

/** How a network takes pauses. */
export interface PauseTerms {
  readonly policy: PausePolicy
  /** So many pauses of a peer count in a window, of so many rounds from round 1 on; all, unless given. */
  readonly budget?: { readonly pauses: number; readonly rounds: number }
}
