/**
 * The port between a peer and the kinds of agreement. A peer (peer.ts) hears and keeps words, fills each slot of its own
 * once, keeps vigil, holds to the pace, counts timers and work, asks and answers, and starts again from what it kept. An
 * agreement says what a round is made of: which words matter, what is said and done thereupon, and when a round is over.
 *
 * An agreement is like its peer a deterministic state machine: it is told, and acts on its shell, and nothing else.
 */

import type { Evidence } from '../chain/evidence.ts'
import type { Position } from '../roster/position.ts'
import type { Quorums } from '../roster/quorums.ts'
import type { Answer, Ask } from '../words/ask.ts'
import type { Digest } from '../words/digest.ts'
import type { Member } from '../words/member.ts'
import type { Vocabulary } from '../words/network.ts'
import type { Statement } from '../words/statements.ts'
import type { Envelope } from '../words/words.ts'
import type { Agenda, Unnumbered } from './agenda.ts'
import type { AgreementOptions } from './agreement-options.ts'
import type { Hearing, Reach } from './hearing.ts'
import type { Place } from './own-words.ts'
import type { Progress } from './progress.ts'
import type { Output, Result, Work } from './step.ts'
import type { Vigil } from './vigil.ts'

/** A kind of agreement, the same for all peers of a network. */
export interface AgreementKind extends Vocabulary {
  /** One peer's part in it. Throws RangeError when the options do not fit. */
  create(shell: Shell, options: AgreementOptions): Agreement
  /** The most stages that a round up to this one has, when peers hold vectors of each; updates alone without it. */
  stages?(round: number): number
}

/** What an agreement has of the peer around it. */
export interface Shell {
  readonly heard: Pick<Hearing, 'of' | 'isProven'>
  readonly vigil: Vigil
  /** What it waits for: to be forgotten. */
  readonly agenda: Pick<Agenda<() => void>, 'forgetTimers' | 'forgetWork' | 'work'>
  /** Whether the peer has stopped learning. */
  isHalted(): boolean
  /** Whether these are words of its own, which bind it. */
  heeds(words: { readonly author: Position }): boolean
  say(place: Place, statement: Statement): void
  /** What this author said in rounds before this one is not kept any more. */
  forget(author: Position, before: number): void
  /** Unless it is forgotten, `due` is called so many ms later. */
  setTimer(delayMs: number, due: () => void): void
  work(work: Unnumbered<Work>): void
  output(output: Output): void
  /** Begins a round, which `Agreement.round` already gives; or tells that the last one of the network is over. */
  enter(entry: Entry): void
  /** The round that was entered is not to be begun any more. */
  leave(): void
  /** A round is over; `heard`, by the words of others as they said them, which may otherwise be of any age. */
  end(output: Extract<Output, { kind: 'round-ended' }>, heard: boolean): void
  /** Says again, in the same bytes, what it said in this place before it was restarted, and hears what is kept of the round. */
  repeat(place: Place): void
  /** Asks a neighbour, the next in turn unless given, for what this peer lacks. */
  ask(to?: Position): void
  /** Asks now and then from now on, if it does not yet. */
  keepAsking(): void
  /** Stops learning. */
  halt(evidence: Evidence): void
}

export interface Entry extends Place {
  /** The oldest round of which words are kept. */
  readonly oldest: number
  /** The oldest round of which work goes on, when it is not this one. */
  readonly working?: number
  /** An earlier round of which only training goes on. */
  readonly trains?: number | undefined
  /** Updates of before that may be needed. */
  readonly keeps?: readonly Digest[]
  /** It says nothing of its own in this round. */
  readonly joins?: boolean
  /** Called when the pace allows it, unless this peer has announced an update of the round before. */
  begin(): void
}

/** A round that takes in what is said in it. */
export interface AgreementRound extends Place {
  onStatement(from: Position, statement: Statement): void
}

/** One peer's part in an agreement. */
export interface Agreement extends Reach {
  /** The newest round that is over for this peer. */
  readonly height: number
  /** Whether it takes part: `start` was called, or it has begun of itself. */
  readonly begun: boolean
  /** Of the round that follows, where they change from round to round; those of the network unless given. */
  readonly quorums?: Quorums
  start(): void
  /** Begins the round again in which it is silent: nothing came of waiting (vigil.ts, step 5). */
  again(): void
  /** The round of this number, if what is said in it is taken in. */
  round(number: number): AgreementRound | undefined

  /** They were handed over by the driver. */
  heedTooFar?(envelope: Envelope): void
  /** All that came at once, before any of it is taken in. */
  locate?(envelopes: readonly Envelope[]): void
  /** Whether both words of one that contradicts itself are heard; only the first unless given. */
  readonly hearsBoth?: boolean
  /**
   * The numbers that an author says words in only rise, and may be beyond its round: who has lost what it said goes on by one that is
   * greater than any that is known, once it has listened as anybody does who may have spoken in its round.
   */
  readonly numbersRise?: true
  /** Words in reach that no round takes in. */
  onUnheard?(envelope: Envelope): void

  onDone(work: Work, result: Result): void
  /** All events are in. */
  conclude(): void
  onHalted(): void

  /** Its chain, from its newest link back: what an ask tells. */
  locator(): Ask['locator']
  /** What the asker may lack, before what it says that it holds is left out. */
  answer(ask: Ask): {
    readonly certificates: readonly Uint8Array<ArrayBuffer>[]
    readonly envelopes: readonly Envelope[]
  }
  /** What is wrong with a certificate from an answer, if anything is. */
  onCertificate?(bytes: Uint8Array): string | undefined
  /** Whether who gave this answer, which was taken in, is not ahead; `before`, the height when it came. */
  hasShownAll(answer: Answer, from: Position, before: number): boolean
  /** Before a neighbour is asked because it is time. */
  onAsking?(): void

  /** Positions of those who said that they hold an update. */
  holders(round: number, member: Member, chunk?: number): Position[]
  /** Where its round stands, for people. */
  readonly progress?: Progress | undefined
}
