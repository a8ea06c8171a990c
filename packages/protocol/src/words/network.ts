import type { Position } from '../roster/position.ts'
import type { Quorums } from '../roster/quorums.ts'
import { type Digest, digestBytes, fromHex, sha256 } from './digest.ts'
import { modelBytes, type Ordering } from './order.ts'
import { type PauseTerms, pauseBytes } from './pauses.ts'
import type { Statement } from './statements.ts'
import { mostStanding, type Vouch, vouchBytes } from './vouches.ts'
import type { Claim, Words } from './words.ts'

/** Signatures of the peers, by position in the roster. Synchronous and without randomness (Ed25519 is both). */
export interface Keys {
  /** The signature of this peer. */
  sign(bytes: Uint8Array): Uint8Array<ArrayBuffer>
  verify(peer: Position, bytes: Uint8Array, signature: Uint8Array): boolean
}

/** What peers of an agreement say. */
export interface Vocabulary {
  readonly name: string
  /** In every so manieth round those who are proven to lie lose their weight (eras.ts); never, unless given. */
  readonly evictEvery?: number
  /** How updates are judged in an agreed order, where they may be of older models. */
  readonly ordering?: Ordering
  /** How pauses count; without it nobody pauses but by being silent. */
  readonly pauses?: PauseTerms
  /** Updates go in chunks that are sent once, and waited for so long, milliseconds (offers.ts); whole, and for certain, unless given. */
  readonly chunkMs?: number
  /**
   * Why no peer of this agreement says this in an envelope with this head; undefined if one does. It bounds stages, which are
   * any numbers that go over the wire, and so the slots that a liar can fill.
   */
  refuses(
    statement: Statement,
    said: Pick<Words, 'author' | 'round' | 'previous'>,
    network: Network,
  ): string | undefined
  /** Whether what is signed besides the envelope is signed by its author. */
  isSigned?(statement: Statement, author: Position, network: Network): boolean
}

/** How weights follow from vouches in a network where they do (standing.ts). */
export interface TrustTerms {
  /** In every so manieth round vouches are heard. */
  readonly every: number
  /** Those that stand before round 1, sorted; the weights of the network are theirs. */
  readonly vouches: readonly Vouch[]
  /** What each peer weighs by these: integers of 0 or more, the same for all, whatever their machine. */
  weigh(vouches: readonly Vouch[]): readonly number[]
}

/** What all peers of one network share, and this peer's keys. */
export interface Network<Agreement extends Vocabulary = Vocabulary> {
  /** Digest of the genesis: names the network and is the checkpoint before round 1. */
  readonly genesis: Digest
  readonly peers: number
  readonly quorums: Quorums
  /** Without it, weights are those of the genesis for ever. */
  readonly trust?: TrustTerms
  readonly keys: Keys
  /** The aggregation rule, in the canonical text of the genesis. */
  readonly rule: string
  readonly agreement: Agreement
  readonly envelopeDomain: Uint8Array
  readonly checkpointDomain: Uint8Array
  readonly limits: Limits
  /**
   * Bytes that were opened before, with what came of it: where many peers of one network run in one process and are
   * handed the very same bytes, they are decoded and verified once. Not for bytes that anybody may still change.
   */
  readonly opened?: WeakMap<Uint8Array, Claim | string>
}

/** Bounds on what comes from a peer, in bytes, from the number of peers. */
export interface Limits {
  readonly envelopeBytes: number
  readonly checkpointBytes: number
  readonly certificateBytes: number
  /** The least that an ask takes: a locator ends with the genesis. */
  readonly leastAskBytes: number
  readonly askBytes: number
  readonly answerBytes: number
}

type Given<A extends Vocabulary> = Omit<Network<A>, 'peers' | 'envelopeDomain' | 'checkpointDomain' | 'limits'>

export function createNetwork<Agreement extends Vocabulary>(given: Given<Agreement>): Network<Agreement> {
  const { genesis, quorums, rule, trust, agreement } = given
  const domain = (name: string): Uint8Array => sha256(new TextEncoder().encode(`hearsay/1/${name}`), fromHex(genesis))
  return {
    ...given,
    peers: quorums.peers,
    envelopeDomain: domain('envelope'),
    checkpointDomain: domain('checkpoint'),
    limits: limitsOf(quorums.peers, rule, trust !== undefined, {
      behind: behindBytes({ trust, agreement }),
      state: stateBytes(quorums, agreement),
    }),
  }
}

/** A chain that is its genesis alone: a digest, and what says that it is one. */
export const leastAskBytes = digestBytes + 4

/** The most that is said behind a digest. */
export function behindBytes({
  trust,
  agreement,
}: {
  readonly trust?: TrustTerms | undefined
  readonly agreement: Vocabulary
}): number {
  if (agreement.ordering !== undefined) return modelBytes
  return trust === undefined ? 0 : vouchBytes
}

/** What is in a checkpoint of what lasts over rounds. */
function stateBytes({ peers, tolerated }: Quorums, { ordering, pauses }: Vocabulary): number {
  return (ordering?.stateBytes(peers, tolerated) ?? 0) + (pauses === undefined ? 0 : pauseBytes(peers))
}

/**
 * A digest costs 34 bytes, a vote 40, a value 12, a signature 72. An envelope holds at most one echo and one ready a
 * sender, and a peer splits a step that would exceed the limit. An ask names 30 envelopes of each peer, more than honest
 * ones mostly say in a round: what it has no room for comes again, in place of what it lacks. Where vouches are heard, they are
 * behind digests, and a checkpoint has five bytes of each that stands, and a weight a peer. Where updates are judged in an agreed
 * order, it has the state of what judges them, `state`, and `behind` each digest is of which model it is; where pauses count, what they
 * have come to.
 */
export function limitsOf(
  peers: number,
  rule: string,
  hearsVouches = false,
  { behind = hearsVouches ? vouchBytes : 0, state = 0 } = {},
): Limits {
  const said = behind
  const stands = hearsVouches ? 16 + (5 * mostStanding + 4) * peers : 0
  const checkpointBytes = 128 + 40 * peers + 4 * rule.length + said * peers + stands + (state && state + 8)
  return {
    checkpointBytes,
    certificateBytes: checkpointBytes + 80 * peers + 16,
    envelopeBytes: 512 + (200 + 2 * said) * peers + checkpointBytes,
    leastAskBytes,
    askBytes: Math.max(64 * 1024, 512 * peers),
    answerBytes: 1024 * 1024,
  }
}
