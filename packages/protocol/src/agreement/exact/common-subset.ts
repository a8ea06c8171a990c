/**
 * A leaderless common subset (Ben-Or, Kelmer, Rabin 1994): reliable broadcast of every peer's digest, then one binary
 * agreement a peer on "is this peer's update in".
 *
 * Guarantees, for n ≥ 3f+1: every honest peer ends with the same set of (sender, digest); its weight is at least n−f;
 * every update in it is held by an honest peer. Termination as that of binary agreement.
 *
 * Steps, and why each threshold is enough:
 * 1. When a sender's digest is delivered, give its agreement the input 1 (if it has none).
 * 2. Once agreements of weight n−f have decided 1, wait the grace time for slow honest peers, then give 0 to the rest. An
 *    update that all honest peers deliver before is in: each gives it 1. Nobody waits when all of the rest are proven to lie.
 *    Not before: the n−f honest senders are delivered by all (validity, totality), so if n−f ones are not decided
 *    yet, every honest peer still gives 1 to all honest senders, and those agreements decide 1 in the end.
 * 3. In a round that evicts (eras.ts), give each peer's agreement on whether it stays an input at step 2, before the grace time: 0 if
 *    it is proven to lie, else 1. They are n more, with numbers from n on. Nobody who weighs nothing is in any of this.
 * 4. When all have decided, wait for the delivery of every digest decided in: a decided 1 was some honest peer's
 *    input, that peer had delivered, so everybody delivers (totality), and the same (agreement).
 */

import type { Position } from '../../roster/position.ts'
import type { Quorums } from '../../roster/quorums.ts'
import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { Statement } from '../../words/statements.ts'
import { announcedOf, memberOf } from '../../words/vouches.ts'
import { ReliableBroadcast } from '../broadcast/reliable-broadcast.ts'
import { BinaryAgreement } from './binary-agreement.ts'

type Vote = Extract<Statement, { readonly phase: number }>

/** What a common subset asks of its caller. */
export interface CommonSubsetEffects {
  say(statement: Statement): void
  /** The phase timer of one binary agreement, or the grace timer. */
  timer(timer: { readonly instance: number; readonly phase: number } | 'grace'): void
  /** The payload of a sender's first digest is wanted, for echoing it. */
  want(member: Member): void
  /** Whether this peer is proven to lie: nobody waits for it. Without this, nobody is. */
  proven?(peer: Position): boolean
  /** Whether this value may count, which is the same for all honest peers; any may without this. */
  admits?(value: Digest): boolean
  /** Whether a set of so much weight will do: n − f unless given, and less if so many honest peers speak (ordered.ts). */
  isEnough?(weight: number): boolean
}

export class CommonSubset {
  /** The agreed set by position, once it is known. */
  result: readonly Member[] | undefined
  /** Who is evicted, by position, once the set is known. */
  evicted: readonly Position[] = []
  readonly broadcasts: readonly ReliableBroadcast[]
  /** One a peer on whether its update is in; then, in a round that evicts, one a peer on whether it stays. */
  readonly #agreements: readonly BinaryAgreement[]
  readonly #inSet: readonly Position[]
  readonly #quorums: Quorums
  readonly #effects: CommonSubsetEffects
  #grace: 'unset' | 'running' | 'expired' = 'unset'

  constructor(self: Position, quorums: Quorums, effects: CommonSubsetEffects, evicts = false) {
    this.#quorums = quorums
    this.#effects = effects
    const all = Array.from({ length: quorums.peers }, (_, peer) => peer)
    this.#inSet = all.filter((peer) => quorums.weight(peer) > 0)
    this.broadcasts = all.map((peer) => new ReliableBroadcast(peer, quorums))
    this.#agreements = (evicts ? [...all, ...all.map((peer) => all.length + peer)] : all).map(
      (instance) =>
        new BinaryAgreement(instance, self, quorums, {
          say: effects.say,
          timer: (phase) => effects.timer({ instance, phase }),
        }),
    )
  }

  /** The highest phase of an instance whose statements are counted now. */
  horizon(instance: number): number {
    return this.#agreements[instance]?.horizon ?? 0
  }

  /** A peer is in a phase beyond the horizon, or says so. True if the horizon is farther now. */
  onReached(from: Position, instance: number, phase: number): boolean {
    const agreement = this.#agreements[instance]
    if (agreement === undefined) return false
    const { decided, horizon } = agreement
    agreement.onReached(from, phase)
    if (agreement.decided !== decided) this.#progress()
    return agreement.horizon > horizon
  }

  /** Whether it is decided that this peer's update is in, or is not. */
  isDecided(peer: Position): boolean {
    return this.#agreements[peer]?.decided !== undefined
  }

  onHeld(member: Member): void {
    this.broadcasts[member.peer]?.onHeld(announcedOf(member), this.#effects.say)
  }

  onTimer(timer: { readonly instance: number; readonly phase: number } | 'grace'): void {
    if (timer === 'grace') this.#grace = 'expired'
    else this.#agreements[timer.instance]?.onTimer(timer.phase)
    this.#progress()
  }

  onStatement(from: Position, statement: Statement): void {
    const { say, want } = this.#effects
    if ('sender' in statement && this.#quorums.weight(statement.sender) === 0) return
    switch (statement.kind) {
      case 'init':
        if (this.#effects.admits?.(statement.digest) === false) return
        if (this.#quorums.weight(from) > 0 && this.broadcasts[from]?.onInit(statement.digest))
          want(memberOf(from, statement.digest))
        return
      case 'echo':
        if (this.broadcasts[statement.sender]?.onEcho(from, statement.digest, say)) this.#onDelivered(statement.sender)
        return
      case 'ready':
        if (this.broadcasts[statement.sender]?.onReady(from, statement.digest, say)) this.#onDelivered(statement.sender)
        return
      default:
        if ('phase' in statement) this.#onVote(from, statement)
    }
  }

  #onDelivered(sender: Position): void {
    this.#agreements[sender]?.start(1)
    this.#progress()
  }

  #beginGrace(): void {
    let waits = false
    let allProven = true
    for (const peer of this.#inSet) {
      if (this.#agreements[peer]!.started) continue
      waits = true
      allProven = allProven && this.#effects.proven?.(peer) === true
    }
    if (!waits) return
    this.#grace = allProven ? 'expired' : 'running'
    if (this.#grace === 'running') this.#effects.timer('grace')
  }

  #onVote(from: Position, vote: Vote): void {
    const agreement = this.#agreements[vote.instance]
    if (agreement === undefined || this.#quorums.weight(vote.instance % this.#quorums.peers) === 0) return
    const before = agreement.decided
    if (vote.kind === 'estimate') agreement.onEstimate(from, vote.phase, vote.value)
    else if (vote.kind === 'coordinate') agreement.onCoordinate(from, vote.phase, vote.value)
    else agreement.onAuxiliary(from, vote.phase, vote.values)
    // Most votes decide nothing, and then there is nothing to look for in all instances.
    if (agreement.decided !== before) this.#progress()
  }

  #progress(): void {
    if (this.result !== undefined) return
    if (this.#effects.isEnough?.(this.#ones()) ?? this.#quorums.available(this.#ones())) {
      for (const [peer, stays] of this.#stays()) stays.start(this.#effects.proven?.(peer) ? 0 : 1)
      if (this.#grace === 'unset') this.#beginGrace()
      // What has been heard may decide an agreement as soon as it starts, for 1 too.
      if (this.#grace === 'expired') for (const peer of this.#inSet) this.#agreements[peer]!.start(0)
    }
    if (this.#inSet.some((peer) => this.#agreements[peer]!.decided === undefined)) return
    if (this.#stays().some(([, { decided }]) => decided === undefined)) return
    const ones = this.#inSet.filter((peer) => this.#agreements[peer]!.decided === 1)
    const members = ones.flatMap((peer) => {
      const value = this.broadcasts[peer]?.delivered
      return value === undefined ? [] : [memberOf(peer, value)]
    })
    if (members.length < ones.length) return
    this.evicted = this.#stays().flatMap(([peer, { decided }]) => (decided === 0 ? [peer] : []))
    this.result = members
  }

  #stays(): (readonly [peer: Position, stays: BinaryAgreement])[] {
    const { peers } = this.#quorums
    if (this.#agreements.length === peers) return []
    return this.#inSet.map((peer) => [peer, this.#agreements[peers + peer]!] as const)
  }

  /** The weight of those whose instances have decided 1. */
  #ones(): number {
    let sum = 0
    for (const peer of this.#inSet) if (this.#agreements[peer]!.decided === 1) sum += this.#quorums.weight(peer)
    return sum
  }
}
