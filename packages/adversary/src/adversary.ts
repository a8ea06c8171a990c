/**
 * The powers of a liar, written first and enforced by what it is handed.
 *
 * It knows its own secret key and no other, so it cannot forge what honest peers say. It sees all that reaches it,
 * may tell different peers different things, may stay silent, need not pass on what it hears, may train on anything
 * and offer any update, shares notes with its coalition at no cost, and knows the updates of all honest peers of its round
 * as soon as they are made. It cannot drop messages between honest peers whose links are up. The virtual network lets it
 * delay them, for a bounded time, and so reorder them; a real one does not.
 *
 * Of an envelope in a liar's step only the bytes travel, to whom the step says: a liar may put anything into them. Nobody
 * but the liar may use what else the object says.
 */
import type { RuleSpec, Update, WorkerPort } from '@hearsay/aggregation'
import { type Digest, inHalves, type Message, type Network, type Participant, type Position } from '@hearsay/protocol'
import type { KnownItems } from './updates/attack.ts'

export interface Coalition {
  /** Positions in the roster, sorted. */
  readonly liars: readonly Position[]
  /** The honest peers in two halves, the first not the lighter. */
  readonly halves: readonly [readonly number[], readonly number[]]
  /** To which halves an envelope (by id) was told: what the coalition knows of its own words. */
  readonly stories: Map<Digest, Set<number>>
  /** Of what the coalition draws together. */
  readonly seed: number
  /** Gives threads for one workspace of so long vectors, see `AttackContext`. */
  readonly threads?: ((length: number) => readonly WorkerPort[]) | undefined
  /** What the coalition last agreed to send, for each of its attacks. */
  readonly forged: Map<string, Forgery>
}

/** The one update that all liars of an attack send in a round, and what they keep for the next. */
export interface Forgery {
  readonly round: number
  readonly model: Digest
  readonly update: Update
  readonly memory: Map<string, unknown>
}

/** What a liar knows when it forms its update of a round. */
export interface RoundView {
  /** From 1. */
  readonly round: number
  /** On which all train that can take part in this round. */
  readonly model: Digest
  /** This liar. */
  readonly self: Position
  /** Where the rows of the model are about items: what is known of them, the model included. */
  readonly items?: KnownItems | undefined
  /** n, how many peers there are. */
  readonly n: number
  /** The fewest updates that a round takes in, by weight. */
  readonly least: number
  /** The rule in use, and how many liars it tolerates in the round. */
  readonly rule: RuleSpec
  /** What each peer weighs in the round, 0 if it has no part in it; 1 each when left out. */
  readonly weights?: readonly number[] | undefined
  readonly coalition: Coalition
  /**
   * The updates of all honest peers that train on the same model in this round, in the order of the roster. Waits until
   * they are made; rejects when the round is over before. Those of peers that stopped or lag are missing.
   */
  honest(): Promise<ReadonlyMap<Position, Update>>
}

export interface Powers {
  /** This liar's position in the roster. */
  readonly self: Position
  /** With this liar's own keys. */
  readonly network: Network
  readonly coalition: Coalition
  /** An honest peer under this liar's identity; each call makes another. */
  honest(): Participant
  /** An update that this liar holds; not to be changed. */
  update(digest: Digest): Update | undefined
  /** Makes an update of a round fetchable from this liar; gives its digest. */
  offer(round: number, update: Update): Digest
}

/** One way to misbehave: with the update, with the protocol, with the schedule of messages, or with some of these. */
export interface Adversary {
  /** Whether what it alters to does not depend on what it trained: it need not train, and may be given zero. */
  readonly ignoresOwn?: boolean
  /** What is sent instead of the trained update, which is not to be changed: of as many parameters, or of rows as it is. */
  alter?(update: Update, view: RoundView): Update | Promise<Update>
  /** What takes part instead of an honest peer. */
  participant?(powers: Powers): Participant
  /** Whether a payload that this liar holds is given to the peer in this position; without it, to everybody. */
  serves?(digest: Digest, to: Position): boolean
  /** How many ms later than it could this liar sends each chunk of a payload to the peer in this position. */
  serveDelayMs?(digest: Digest, to: Position): number
  /**
   * Extra ms that an envelope between two honest peers takes. Only the virtual network asks: of all liars, for every hop; the
   * greatest wish counts, cut to 0 and the network's bound, so that none is late for ever. Changes nothing that
   * others see.
   */
  delay?(message: Message): number
  /** The same for answers of honest peers to asks of honest peers: they would bring what is kept late. */
  delayAnswer?(hop: Omit<Message, 'envelope'>): number
}

/** Shares the honest peers, in order, between two halves, as `inHalves` does; each peer weighs 1 unless given. */
export function createCoalition(
  peers: number,
  liars: readonly Position[],
  seed = 0,
  weights: readonly number[] = Array(peers).fill(1),
): Coalition {
  const honest = Array.from({ length: peers }, (_, peer) => peer).filter((peer) => !liars.includes(peer))
  return {
    liars: [...liars].sort((a, b) => a - b),
    halves: inHalves(honest, weights),
    stories: new Map(),
    seed,
    forged: new Map(),
  }
}
