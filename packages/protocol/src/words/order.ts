/**
 * Where updates may be of models that are older than the round that they count in: the port between an agreement that judges
 * them one after the other, in an order that follows from the set, and whoever holds vectors. Behind the digest of its update a
 * peer says of which model it is: by the number of the round that gave it, in four bytes, which names one model, since the
 * envelope names the chain.
 */
import type { Position } from '../roster/position.ts'
import type { Digest } from './digest.ts'
import type { Member } from './member.ts'

/** Behind the digest. */
export const modelBytes = 4
const digestDigits = 64

/** Hexadecimal; 0 is the model of the genesis. */
export function encodeModelRound(round: number): string {
  return round.toString(16).padStart(2 * modelBytes, '0')
}

/** Of an announced value, or of a member's digest and what is behind it; undefined if no peer says that. */
export function modelRoundOf(value: Digest): number | undefined {
  const behind = value.slice(digestDigits)
  return behind.length === 2 * modelBytes ? Number.parseInt(behind, 16) : undefined
}

/** What is done with vectors, for who names them by their digests. All that is named is held. */
export interface Bench {
  /** ‖a − b‖, of two updates, or of two models; the same bits on every machine. */
  distance(a: Digest, b: Digest): number
  /** ‖a − (y − x)‖: of an update, and of the step from one model to the other. */
  distanceOfStep(update: Digest, from: Digest, to: Digest): number
  /** Adds so many times this update to the model that is made. */
  add(update: Digest, times: number): void
  /** Adds what the rule of the network makes of all members. */
  addByRule(): void
  /** Holds the model that was made, and gives its digest. */
  model(): Digest
}

export interface Ordered {
  readonly model: Digest
  /** What the next round goes on from. */
  readonly state: Uint8Array<ArrayBuffer>
  /** Whose updates were applied, in this order; all of the set where the rule of the network did it, `robust`. */
  readonly applied: readonly Position[]
  readonly robust: boolean
  /** Updates that rounds to come may need. */
  readonly keeps: readonly Digest[]
}

/** How an agreed set becomes a model. */
export interface Order {
  /** Digest of the state that it goes on from: one text for equal ones. */
  readonly state: string
  /** What has to be held besides the updates of the set and the model of the round. */
  readonly needs: { readonly updates: readonly Digest[]; readonly models: readonly Digest[] }
  make(bench: Bench): Ordered
}

/** A round of such an agreement. */
export interface OrderedRound {
  readonly number: number
  /** Digest of the model that it builds on. */
  readonly model: Digest
  /** What its checkpoint has; nothing in round 1. */
  readonly state: Uint8Array | undefined
  /** n and f. */
  readonly peers: number
  readonly tolerated: number
}

/** How updates are judged in an agreed order: of an agreement that does. */
export interface Ordering {
  /** An update of a model that is older by more rounds than this is too late. */
  readonly remembered: number
  /** The most bytes of a state. */
  stateBytes(peers: number, tolerated: number): number
  /** Whether it is one, after this round, by its form. */
  isState(state: Uint8Array, round: number, peers: number, tolerated: number): boolean
  /** Whether the round takes n − f updates of the model that it builds on, and no others, as exact agreement does. */
  isRobust(round: OrderedRound): boolean
  order(round: OrderedRound, members: readonly Member[]): Order
}

/** Whether an announced value may count in a round of so many remembered models, `robust` or not. */
export function mayCount(value: Digest, round: number, remembered: number, robust: boolean): boolean {
  const of = modelRoundOf(value)
  return of !== undefined && of < round && of >= (robust ? round - 1 : Math.max(0, round - remembered))
}
