/**
 * What a peer needs of the world around it. Whatever implements these runs the same driver and performer: libp2p, or a virtual
 * network of thousands in one process. Peers are positions in the roster. What is not done at once is handed to a callback, and
 * not promised: a virtual clock decides when it runs, and no machine.
 */
import type { RuleSpec, Update } from '@hearsay/aggregation'
import type {
  Audience,
  Averaged,
  Contribution,
  Counted,
  Digest,
  Ended,
  Envelope,
  Evidence,
  Member,
  Opened,
  Order,
  Ordered,
  Position,
  Work,
} from '@hearsay/protocol'

export type Vector = Float32Array<ArrayBuffer>
export type WorkOf<Kind extends Work['kind']> = Extract<Work, { readonly kind: Kind }>

/** Time as a network knows it: that of the machine, or a virtual one. */
export interface Clock {
  /** Milliseconds since some moment. */
  nowMs(): number
  /** Runs this once, after so long; gives what cancels it. */
  after(delayMs: number, run: () => void): () => void
  /** Runs this once, when all that happens now has been told; gives what cancels it. */
  soon(run: () => void): () => void
}

/** Carries what peers say to each other. */
export interface Carrier {
  /** Who is told what comes in, from then on. */
  listen(listener: Listener): void
  say(to: Audience, envelope: Envelope): void
  /** Those that can be asked now, in an order that does not change by itself. */
  neighbours(): readonly number[]
  /** `answered` is called once, with nothing if there was no answer; or never, when this peer stops first. */
  ask(to: Position, request: Uint8Array, answered: (answer?: Uint8Array) => void): void
  /**
   * Pulls a payload. `ended` is called once, with true when `into` holds it; with false when the signal aborted first, and
   * nothing is written any more. `failed` is told our own failure instead.
   */
  pull(pull: Pull, ended: (got: boolean) => void, failed: (error: Error) => void): void
  /** Asks one peer for chunks, each of which it sends once, and tells what arrives until the signal aborts. Only where updates go in chunks. */
  receive?(reception: Receiving): void
  /** Never again carries anything to this peer or from it. */
  cutOff(peer: Position): void
  /** From now on peers weigh so, by position: for what may be taken of a part of them, and for nothing that is safe by it. */
  weigh(weights: readonly number[]): void
  stop(): Promise<void>
}

export interface Pull {
  readonly digest: Digest
  readonly sizeBytes: number
  /** Where the bytes go, if they are copied: within one process a vector may be there once for all. */
  readonly into: Uint8Array | undefined
  /** Who should hold it, best first; asked again while nobody gives it. */
  readonly sources: () => readonly number[]
  readonly signal: AbortSignal
}

/** A chunk of an offered update. */
export interface Wanted {
  /** From 0. */
  readonly chunk: number
  /** What its author is asked for it by, which follows from the offer alone: of no content the digest. */
  readonly name: Digest
  readonly sizeBytes: number
}

export interface Receiving {
  readonly round: number
  readonly from: Position
  readonly wanted: readonly Wanted[]
  readonly signal: AbortSignal
  /** Bytes of whatever source: whether they are the chunk is for whoever is told to see. */
  readonly arrived: (wanted: Wanted, bytes: Uint8Array) => void
}

/** What a carrier tells a peer. Everything that comes from others is hostile, and bounded in size only. */
export interface Listener {
  readonly envelope: (bytes: Uint8Array, from: Position) => Opened
  readonly ask: (request: Uint8Array, from: Position) => Uint8Array | undefined
  /** Somebody pulls: `give` is called once, with nothing if it is not held. */
  readonly pull: (digest: Digest, from: Position, give: (payload?: Uint8Array) => void) => void
  readonly neighbour: (peer: Position, connected: boolean) => void
  /** What no honest peer does. */
  readonly fault: (peer: Position, what: string) => void
}

/** Where a peer keeps what it must not forget. Calls return once the content is safe. */
export interface Store {
  /** What this peer is about to say, before anybody hears it. */
  said(envelopes: readonly Envelope[]): void
  /** A round is over. */
  ended(ended: Ended): void
  /** A proof of misbehaviour; after one of a fork, this peer does not learn on. */
  evidence(evidence: Evidence): void
}

/** Where payloads are kept for longer than in memory. */
export interface Payloads {
  /** An update of this peer, or a model. Fulfilled once it is safe; until then the bytes must not change. */
  keep(round: number, digest: Digest, bytes: Uint8Array): Promise<void>
  /** Another's update, which has other holders: kept where it is archived, and not waited for until it is safe. */
  archive(round: number, digest: Digest, bytes: Uint8Array): Promise<void>
  /** What was kept, if it still is. */
  kept(digest: Digest): Uint8Array | undefined
}

export interface Training extends Counted {
  /** From 1; where peers do not train once a round, the number of the training. */
  readonly round: number
  /** Which of the rounds of this peer it is, where pauses count: what its data, its momentum and its rate go by. Otherwise `round`. */
  readonly executed?: number
  /** The digest of the model that is trained on. */
  readonly model: Digest
  readonly from: Float32Array
  /** Aborts when the round is over: nobody wants the update any more. */
  readonly signal: AbortSignal
}

/**
 * Makes updates: trained − model, of as many parameters or, where the network has them, of rows. An update belongs to who is given it,
 * and may be changed.
 */
export interface Trainer {
  /** `done` is called once, or never when the signal aborts first; or `failed`, with our own failure. */
  train(training: Training, done: (update: Update) => void, failed: (error: Error) => void): void
}

/** By which number a training draws. */
export function executedOf({ round, executed = round }: Pick<Training, 'round' | 'executed'>): number {
  return executed
}

/** By whoever may tell a peer to pause. It is not asked whether that is convenient. */
export interface Pausing {
  /** Whether it pauses in a round that begins with this model. */
  isPaused(round: number, model: Float32Array): boolean
  /** Of a peer that pauses in it: the round whose model its operator asks to go back to. */
  backTo?(round: number, model: Float32Array): number | undefined
  /** Calls this when that may have changed; gives what ends it. */
  onChange?(changed: () => void): () => void
}

/** A trainer that promises; what it is given first is by which number it draws. */
export function promised(
  train: (executed: number, model: Float32Array, training: Training) => Promise<Update>,
): Trainer {
  return {
    train: (training, done, failed) =>
      void train(executedOf(training), training.from, training).then(done).catch(failed),
  }
}

/** Why nobody should use an update whose numbers are not finite. */
export const notFinite = 'it holds NaN or infinity'

/** Vectors and models by digest, and what is computed of them. */
export interface Vectors {
  /** A held model, or an update of all parameters, not to be changed. */
  vector(digest: Digest): Float32Array | undefined
  /** A held update that is one, not to be changed. */
  update(digest: Digest): Update | undefined
  /** The bytes of what is pulled by this digest: a held update or model, or a part of one; not to be changed. */
  payload(digest: Digest): Uint8Array | undefined
  /** All that a held update or model travels as, its own digest first; nothing of what is not held. */
  parts(digest: Digest): readonly Part[]
  /** Holds an update of our own making, as a copy. */
  hold(round: number, update: Update): Digest
  /** Whether this is held; it then counts as of this round: whoever repeats an old update needs it again. */
  renew(digest: Digest, round: number): boolean
  /** Room for an update of this round, or for a model, a list, or what is lacking of the chunks in it; undefined when what is still needed fills all. */
  reserve(round: number, what: 'update' | 'model' | 'offer' | 'chunks', digest: Digest): Room | undefined
  /** Why nobody should use a held update, which is its author's fault; undefined if it is sound. */
  fault(digest: Digest): string | undefined
  /** Digests of the updates that are held of this round. */
  heldOf(round: number): Digest[]
  /** Whether aggregating needs what the model was aggregated onto, to be held too. */
  readonly needsBefore?: boolean
  /** What the updates of the members, in their order, make of the model: held, by its digest. */
  aggregate(work: WorkOf<'aggregate'>): Digest
  /** The same where updates are judged in an order; not where they are of rows. */
  order?(work: WorkOf<'aggregate'>, order: Order): Ordered
  /** Where updates go in chunks. */
  readonly chunked?: Chunked
  /** What the vectors of the members, in their order, average to: held, by its digest. */
  average(work: WorkOf<'average'>): Digest
  /** How far apart the held vectors of each pair are: see `distanceBetween`. */
  measure(work: WorkOf<'measure'>): number[]
  /** What one held update, times the factor, makes of the model: held, by its digest. */
  apply(work: WorkOf<'apply'>): Digest
  /** Of what is held these go on being held, as of this round, and no others that were needed. */
  need(round: number, digests: readonly Digest[]): void
  /** Updates of rounds before the last before this may be forgotten. */
  beginRound(round: number): void
}

/** Updates in chunks that may be lost. Lists are digests of what `hold` gave, or was pulled as an offer. */
export interface Chunked {
  /** Those of an offer that are not held, whether its list is held or not. */
  wanted(list: Digest): readonly Wanted[]
  /** Holds a chunk; false if these bytes are not it, which may come out only when the list of the offer is held too. */
  take(round: number, list: Digest, wanted: Wanted, bytes: Uint8Array): boolean
  /** Which chunks of an offer whose list is held are held too, a bit each, hexadecimal. */
  held(list: Digest): string
  /** Holds the update of those chunks of an own offer that count; gives what it is announced by. */
  announce(round: number, list: Digest, counted: string): Digest
}

/** Of one round: the updates of the members in their order, n vectors of length d, as they were sent. */
export interface Sent {
  readonly round: number
  readonly members: readonly Member[]
  readonly vectors: readonly Float32Array[]
}

/** What becomes of updates of which not everything arrives. */
export interface Reception {
  /** What the rule makes of what arrived: a fresh vector of length d. Throws AggregationError. */
  aggregate(rule: RuleSpec, sent: Sent, weights?: readonly number[], previous?: Float32Array): Vector
}

/** What travels by a digest of its own. */
export interface Part {
  readonly digest: Digest
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Room for a part of an update or model, while it is pulled. */
export interface Room {
  readonly digest: Digest
  readonly sizeBytes: number
  /** Where its bytes go, unless vectors are there once for all peers of the process. */
  readonly into: Uint8Array | undefined
  /** Its bytes are there already. */
  readonly there?: true
  /**
   * Which chunk of an offer it is. Its author has sent it once, and is asked again after all others: these may have lost it since they
   * said that they hold it.
   */
  readonly chunk?: number
  /**
   * Its bytes are there. Gives room for the parts that follow, to be pulled all at once, and none where others that are under way
   * are still lacking; otherwise whether all is held now: false if the room was given to a newer round meanwhile.
   */
  commit(): readonly Room[] | boolean
  release(): void
}

/** One text for equal members. */
export function keyOf(members: readonly (Contribution & Averaged)[]): string {
  const scaled = (scale?: number): string => (scale === undefined ? '' : `*${scale}`)
  const taken = (less?: Digest): string => (less === undefined ? '' : `-${less}`)
  return members.map(({ peer, digest, scale, less }) => `${peer}:${digest}${taken(less)}${scaled(scale)}`).join()
}
