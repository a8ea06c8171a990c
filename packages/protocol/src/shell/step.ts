import type { Ended } from '../chain/ended.ts'
import type { Evidence } from '../chain/evidence.ts'
import type { Position } from '../roster/position.ts'
import type { Digest } from '../words/digest.ts'
import type { Averaged, Contribution, Member } from '../words/member.ts'
import type { Order, Ordered } from '../words/order.ts'
import type { Said } from '../words/vouches.ts'
import type { Envelope } from '../words/words.ts'

/** What happens to a peer. */
export type Event =
  | { readonly kind: 'start' }
  /** An envelope that `open` accepted. */
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  /** A timer that a step asked for is due. */
  | { readonly kind: 'timer'; readonly id: number }
  /** Work that a step asked for is done. */
  | { readonly kind: 'done'; readonly id: number; readonly result: Result }
  /** What a neighbour answered to an ask of ours. */
  | { readonly kind: 'answer'; readonly from: Position; readonly bytes: Uint8Array }
  /** A neighbour has become reachable. */
  | { readonly kind: 'neighbour'; readonly peer: Position }

export type Result =
  /** Training: the digest of the update. */
  | {
      readonly kind: 'trained'
      readonly digest: Digest
      /** Whom this peer wishes to vouch for, where vouches are heard: these and nobody else. All stays as it is without it. */
      readonly vouches?: readonly Said[]
    }
  /** Training: this peer pauses, and there is no update; its operator may ask to go back to what a round ended with. */
  | { readonly kind: 'paused'; readonly backTo?: number }
  /** Fetch: the payload is held, of the right size, and finite. */
  | { readonly kind: 'held' }
  /** Fetch: the payload is held, and nobody should use it. */
  | { readonly kind: 'unfit'; readonly reason: string }
  /** Aggregation: the digest of the new model; and in an agreed order, what goes into the checkpoint, and which members were applied. */
  | {
      readonly kind: 'aggregated'
      readonly model: Digest
      readonly ordered?: Pick<Ordered, 'state' | 'applied' | 'robust'>
    }
  /** Averaging: the result is held, and others may fetch it by this digest. */
  | { readonly kind: 'averaged'; readonly digest: Digest }
  /** Receiving: which chunks of the offer are held, a bit each, hexadecimal. */
  | { readonly kind: 'received'; readonly held: string }
  /** Announcing: the digest of the update of the chunks that count. */
  | { readonly kind: 'announced'; readonly digest: Digest }
  /** Adoption: the model is held. */
  | { readonly kind: 'adopted' }
  /** Measuring: the distances of the pairs, in their order. */
  | { readonly kind: 'measured'; readonly distances: readonly number[] }

/** How several vectors become one. */
export type AverageBy =
  /** By the aggregation rule of the network. */
  | { readonly kind: 'rule' }
  /** Per coordinate without the f lowest and f highest. */
  | { readonly kind: 'trimmed-mean'; readonly tolerated: number }
  /** The mean of all but f of least diameter. */
  | { readonly kind: 'mda'; readonly tolerated: number }
  /** The mean of the `keep` nearest to a vector or model that this peer holds. */
  | { readonly kind: 'nna'; readonly nearestTo: Digest; readonly keep: number }

/** How a rule counts updates in the era of their round. */
export interface Counted {
  /** Of the members, in their order, or of all peers where there are none: left out where each weighs 1. */
  readonly weights?: readonly number[] | undefined
  /** So much less weight of them may lie than the rule of the network says, or more, where it is below 0: weights have changed. */
  readonly fewer?: number | undefined
}

/** Work for the driver; each is answered by one `done` event with its id, or never. */
export type Work =
  | ({
      readonly id: number
      readonly kind: 'train'
      readonly round: number
      readonly model: Digest
      /** Where peers do not train once a round: the number of this training, which rises. */
      readonly count?: number
      /** Which of the rounds of this peer it is, from 1, where it is not the number of the round (pauses/record.ts). */
      readonly executed?: number
      /** Whether a pause is said in place of an update. If not, a peer that pauses trains when it resumes, if the round is under way then. */
      readonly mayPause?: boolean
    } & Counted)
  /** Pull an update and check it: finite, of the right length; or a model that was certified. */
  | {
      readonly id: number
      readonly kind: 'fetch'
      readonly round: number
      readonly member: Member
      readonly isModel?: true
      /** In averaging agreement. */
      readonly stage?: number
    }
  /** Take the list of a member's offer, and each of its chunks once: when none has come for so long, what is lacking is lost. */
  | {
      readonly id: number
      readonly kind: 'receive'
      readonly round: number
      readonly member: Member
      readonly waitMs: number
    }
  /** Make an update of those chunks of an own offer that count, a bit each, hexadecimal. */
  | {
      readonly id: number
      readonly kind: 'announce'
      readonly round: number
      readonly list: Digest
      readonly counted: string
    }
  /** Aggregate the updates of the members, in their order, onto the model; without any, it stays. */
  | ({
      readonly id: number
      readonly kind: 'aggregate'
      readonly round: number
      readonly model: Digest
      /** What the model was aggregated onto, for rules that go on from their last output, and who signed that; not in the first round. */
      readonly before?: { readonly model: Digest; readonly signers: readonly Position[] }
      readonly members: readonly Contribution[]
      /** How they become the model, where that is more than the rule of the network; and who has what it needs. */
      readonly order?: Order & { readonly holders: readonly Position[] }
    } & Counted)
  /** Averaging agreement: make one vector of those of the members, in their order; a member may be there twice. */
  | {
      readonly id: number
      readonly kind: 'average'
      readonly round: number
      readonly stage: number
      readonly by: AverageBy
      readonly members: readonly Averaged[]
      /** A model to which the result is added. */
      readonly onto?: Digest
      /** What the result is: something to agree on, or the model of the round. */
      readonly into: 'vector' | 'model'
    }
  /** How far apart are the held vectors of each pair? */
  | {
      readonly id: number
      readonly kind: 'measure'
      readonly round: number
      readonly pairs: readonly (readonly [Digest, Digest])[]
    }
  /** Add one held update, times the factor, to the model. */
  | {
      readonly id: number
      readonly kind: 'apply'
      readonly round: number
      readonly model: Digest
      readonly update: Digest
      readonly factor: number
    }
  /** Pull a certified model; replaces any adoption under way. */
  | {
      readonly id: number
      readonly kind: 'adopt'
      readonly round: number
      readonly model: Digest
      readonly signers: readonly Position[]
    }

export type Output =
  /** A round starts: what belongs to rounds before the last may be forgotten. */
  | {
      readonly kind: 'round'
      readonly round: number
      /** The oldest round of which work still goes on, when it is not this one. */
      readonly oldest?: number
      /** A round before this one of which only training goes on. */
      readonly trains?: number
      /** Updates of before, whatever their round, that may be needed in it. */
      readonly keeps?: readonly Digest[]
    }
  | { readonly kind: 'agreed'; readonly round: number; readonly members: readonly Member[] }
  /** In an agreed order: whose updates were applied, in this order, and whose filters refused, as this peer computed it. */
  | {
      readonly kind: 'ordered'
      readonly round: number
      /** It was a round of all, by the rule of the network. */
      readonly robust: boolean
      readonly applied: readonly Position[]
      readonly refused: readonly Position[]
    }
  /** A round is over for this peer, of these members' updates or models: a driver keeps what it ended with. */
  | ({ readonly kind: 'round-ended'; readonly members: readonly Member[] } & Ended)
  /** What this peer made of one gradient, where each is judged by itself: it is applied times `factor`, or not at all. */
  | {
      readonly kind: 'judged'
      readonly round: number
      readonly peer: Position
      readonly staleness: number
      readonly factor: number
      readonly why?: 'lipschitz' | 'frequency'
    }
  /** Of vectors that are held, these go on being held, whatever their round is, and none of those that were said before. */
  | { readonly kind: 'needed'; readonly round: number; readonly digests: readonly Digest[] }
  | { readonly kind: 'evidence'; readonly evidence: Evidence }
  /** What this peer aggregated is not what was certified, which it takes instead: it alone computes otherwise, or lied to. */
  | { readonly kind: 'differs'; readonly round: number; readonly aggregated: Digest; readonly certified: Digest }
  /** From this round on peers weigh otherwise than in the one before. */
  | { readonly kind: 'era'; readonly round: number; readonly weights: readonly number[]; readonly tolerated: number }
  /** The last round of the network is over: this peer answers, and says nothing more. */
  | { readonly kind: 'ended'; readonly round: number }
  /**
   * Whether this peer speaks: it asks what its identity has said; or says nothing until round `until` is certified, since it was
   * behind, or heard words of its own that it did not know; or speaks.
   */
  | {
      readonly kind: 'vigil'
      readonly state: 'asking' | 'silent' | 'over'
      readonly until: number
      readonly why?: 'behind' | 'unknown words'
    }
  /** The chain forked, or this peer is proven to have contradicted itself: it has stopped learning. */
  | { readonly kind: 'halted'; readonly evidence: Evidence }

/** Misbehaviour seen: data, never an error. */
export interface Fault {
  readonly peer: Position
  readonly what: string
}

/** Who receives an envelope: everybody, or just these positions of the roster. Honest peers say all to all. */
export type Audience = 'all' | readonly Position[]

/** What a peer wants done after some events. */
export interface Step {
  readonly sends: readonly { readonly to: Audience; readonly envelope: Envelope }[]
  /** Requests to one neighbour; without `to`, the driver takes the neighbours in turn. */
  readonly asks: readonly { readonly to?: Position; readonly bytes: Uint8Array }[]
  readonly timers: readonly { readonly id: number; readonly atMs: number }[]
  readonly work: readonly Work[]
  readonly outputs: readonly Output[]
  readonly faults: readonly Fault[]
}

export type Opened =
  /** Pass it to `handle`, and on to others. */
  | { readonly verdict: 'accept'; readonly envelope: Envelope }
  /** Known, late, or too early: neither pass it on nor blame anybody. Adversaries handle what they do not pass on. */
  | {
      readonly verdict: 'ignore'
      readonly envelope?: Envelope
      /** Who, in the name of these bytes, has said the same again and again: from itself, they are held against it. */
      readonly babbler?: number
    }
  /** No honest peer passes this on. */
  | { readonly verdict: 'reject'; readonly reason: string }

/**
 * What a driver runs: an honest peer, or an adversary around one. A class, so that the compiler knows that a spread of one
 * has lost its methods; `wrap` is how to change some of them.
 */
export declare abstract class Participant {
  abstract open(bytes: Uint8Array): Opened
  abstract handle(events: readonly Event[], nowMs: number): Step
  /** The answer to the ask of a neighbour; undefined if there is none. Changes nothing. */
  abstract answer(ask: Uint8Array, from: Position): Uint8Array | undefined
  /** Positions of those who said that they hold an update, or of one in chunks this chunk. */
  abstract holders(round: number, member: Member, chunk?: number): Position[]
}

/** One hop of an envelope between two honest peers, as whoever has power over delays sees it. */
export interface Message {
  /** The honest peer that sends or passes it on, and the one it goes to. */
  readonly from: Position
  readonly to: Position
  readonly envelope: Envelope
  readonly nowMs: number
}
