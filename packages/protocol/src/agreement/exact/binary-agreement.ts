/**
 * Binary agreement without leader, coin or trusted set-up: DBFT (Crain, Gramoli, Larrea, Raynal 2018), for n ≥ 3f+1.
 *
 * Guarantees: agreement and validity (the decided bit was the input of an honest peer) always; termination once
 * messages arrive within a bound that nobody has to know, whatever f liars say, to whom and when, and whoever orders the
 * messages within that bound.
 *
 * Asks of the caller: every honest peer calls `start` in the end; timers are handed back by `onTimer`, in the order in
 * which they were asked for; what an honest peer said is handed over in the end, again if it was too early.
 *
 * Phase p = 1, 2, … (the paper's rounds; a round here is a round of learning), τ(p) = (p−1)·timeout:
 * 1. Binary-value broadcast of the estimate: say EST(p, b); on f+1 EST(p, b) say it too; on 2f+1 add b to the values.
 *    f+1 hold one honest peer, so a bit that only liars propose never spreads; 2f+1 hold f+1 honest ones, so a bit in
 *    one honest peer's values comes into everybody's. All of this goes on for any phase in the window of step 7.
 * 2. The weak coordinator, whose turn it is by weight (coordinators.ts), says COORD(p, its first value). It helps speed, never safety.
 * 3. With a value, whatever phase it is in, a peer starts the first timer of p, of τ(p). When that has run out, and it is
 *    in p, it says AUX(p, the coordinator's value if it is among the values, else all of them). Phase 1 has no timers. In
 *    phase 2 the coordinator's value ends the wait. Nobody waits once f+1 peers say EST of later phases: an honest one
 *    has left this one.
 * 4. With its AUX it starts the second timer, of τ(p) again, and waits for AUX from n−f peers, each within the values. If
 *    such of weight n−f say {v}, V = {v}. Else V = {0, 1}, but not before the second timer has run out. Two sets of n−f
 *    share n−2f ≥ f+1 peers, so an honest one: not one V = {0} and another {1}.
 * 5. V = {v}: the estimate is v, and v is decided if v = p mod 2. Otherwise the estimate is p mod 2. It enters p+1.
 * 6. A peer that has values in phases r−1 and r, and is in a phase before r−1, enters r−1 with one of the values there.
 * 7. What is before phase m−2, with m its own phase or the latest that f+1 peers have reached, is forgotten, and nothing
 *    beyond m+4 is counted but that its author got there (the latest phase of each peer): seven phases, however many pass.
 * 8. A peer that has decided says EST of a phase only after hearing somebody else's: the same messages when anybody
 *    needs them, none when nobody does.
 *
 * Agreement: a bit that an honest peer says is its own, or came from f+1; so for each bit of a phase there is one who
 * said it first, and entered the phase by step 5. If somebody decides v in p, every V in p holds v, and those with both
 * bits take p mod 2 = v too. So v alone spreads in p+1, also to those who enter by step 6; all V there are {v}; and so on.
 *
 * Nobody is stuck: of n−f ≥ 2f+1 honest estimates f+1 are alike, so every phase that all are in has values, which all
 * have in the end; AUX of n−f honest peers are within them; timers run out. Let p be the last phase that an honest
 * peer has entered. It had values in p−1 and heard of p−2, which nobody has forgotten; so all get values of p−2 and
 * p−1, and who is before p−2 goes there. Nobody needs the AUX of whoever went past a phase: all can.
 *
 * Termination. Let messages take at most δ, s(p) be when the first honest peer has a value in p, and τ(p−1) ≥ 4δ, p > 3.
 * a. Until s(p) + τ(p) nobody says AUX(p), hence nobody enters p+1 (the first to enter does so by step 5, which takes
 *    AUX of honest peers, the first of which is said after its timer). So s(p+1) ≥ s(p) + τ(p); and nobody leaves p with
 *    V = {0, 1} before s(p) + 2τ(p).
 * b. By s(p) f+1 honest peers said EST(p, b): by s(p)+δ everybody hears them, says it too and waits for no first timer of
 *    p−1; by s(p)+2δ everybody has b. Everybody had values of p−1 before, by (a), so everybody is in p−1 at least
 *    (step 6), and says AUX(p−1). All of these are heard, and within the values, by s(p)+4δ, and every second timer of
 *    p−1 has run out by s(p)+2δ+τ(p−1): everybody is in p by s(p)+2δ+τ(p). The first timer of p was started by s(p)+2δ,
 *    which is why it does not wait for its phase. So all AUX(p) are said by s(p)+2δ+τ(p), and heard by s(p)+τ(p)+3δ: before
 *    anybody leaves with {0, 1}, by (a).
 * c. If the coordinator of p is honest, it says some COORD(p, w) by s(p)+2δ, which all hear, and have w among their
 *    values, by s(p)+4δ: before anybody says AUX(p), by (a). So all say AUX(p, {w}), every V is {w} by (b), and w is
 *    decided in p or p+1. Of three phases for each liar one has an honest coordinator, of f+1 where all weigh the same.
 * Neither timer can go, nor be cut short by what f liars and one honest peer can say: with the coordinator's word ending
 * the first timer in every phase, one peer made to hurry, and liars who say EST of the next phase, hurry all others.
 */

import { PeerSet } from '../../roster/peer-set.ts'
import type { Position } from '../../roster/position.ts'
import { type Quorums, Tally } from '../../roster/quorums.ts'
import { type Bit, type BitSet, mostPhasesAhead, type Statement } from '../../words/statements.ts'

interface Phase {
  readonly estimates: readonly [Tally, Tally]
  readonly saidEstimate: [boolean, boolean]
  values: BitSet
  coordinated: Bit | undefined
  saidCoordinate: boolean
  /** Whoever said AUX, and their weight by the values that they said. */
  readonly auxiliaries: PeerSet
  readonly auxiliaryWeights: [number, number, number, number]
  /** How many of its timers were asked for, and how many have run out. Both take as long, so they do so in order. */
  timersAsked: number
  timersOver: number
  saidAuxiliary: boolean
}

/** How far before the last phase that is known to be reached phases are kept: honest peers there may need answers. */
const phasesBehind = 2

/** What a binary agreement asks of its caller. */
export interface BinaryAgreementEffects {
  say(statement: Statement): void
  timer(phase: number): void
}

/** All that later steps of a binary agreement depend on, as plain values in one order. */
export interface BinaryAgreementSnapshot {
  readonly decided: Bit | undefined
  readonly estimate: Bit
  readonly phase: number
  readonly front: number
  readonly reached: number
  readonly valued: number
  readonly latest: readonly (readonly [peer: Position, phase: number])[]
  readonly phases: readonly PhaseSnapshot[]
}

export interface PhaseSnapshot extends Readonly<Omit<Phase, 'estimates' | 'auxiliaries'>> {
  readonly phase: number
  /** Who said EST of 0, and of 1. */
  readonly estimates: readonly (readonly number[])[]
  readonly auxiliaries: readonly number[]
}

export class BinaryAgreement {
  decided: Bit | undefined
  readonly #instance: number
  readonly #self: Position
  readonly #quorums: Quorums
  readonly #effects: BinaryAgreementEffects
  /** Those in the window of which anything was heard or said. */
  readonly #phases = new Map<number, Phase>()
  #phase = 0
  /** The later of its own phase and that which is known to be reached: the window is around it. */
  #front = 0
  /** The last phase that an honest peer is known to have entered, from 1 on; and the latest that each peer spoke of. */
  #reached = 1
  readonly #latest = new Map<number, number>()
  /** The last phase in which this peer has a value. */
  #valued = 0
  #estimate: Bit = 0

  constructor(instance: number, self: Position, quorums: Quorums, effects: BinaryAgreementEffects) {
    this.#instance = instance
    this.#self = self
    this.#quorums = quorums
    this.#effects = effects
  }

  get started(): boolean {
    return this.#phase > 0
  }

  /** The highest phase whose statements are counted now. */
  get horizon(): number {
    return this.#front + mostPhasesAhead
  }

  start(input: Bit): void {
    if (this.started) return
    this.#estimate = input
    this.#enter(1)
  }

  onEstimate(from: Position, phase: number, value: Bit): void {
    this.onReached(from, phase)
    const state = this.#at(phase, from)
    if (state === undefined) return
    const tally = state.estimates[value]
    if (!tally.count(from, this.#quorums)) return
    if (this.#dormant(phase) && from !== this.#self) this.#sayEstimate(phase, this.#estimate)
    if (this.#quorums.amplify(tally.weight)) this.#sayEstimate(phase, value)
    // Most estimates change nothing that a phase waits for.
    if (!this.#quorums.deliver(tally.weight) || state.values & (1 << value)) return
    state.values = (state.values | (1 << value)) as BitSet
    this.#valued = Math.max(this.#valued, phase)
    if (phase > 1) {
      if (state.timersAsked === 0) this.#startTimer(phase, state)
      if (this.#quorums.coordinator(phase) === this.#self && !state.saidCoordinate) {
        state.saidCoordinate = true
        this.#effects.say({ kind: 'coordinate', instance: this.#instance, phase, value })
      }
    }
    this.#advance()
  }

  /** Who says EST of a phase is in it, or has it from somebody who is. Counts also beyond the horizon. */
  onReached(from: Position, phase: number): void {
    if (phase <= this.#reached || phase <= (this.#latest.get(from) ?? 0)) return
    this.#latest.set(from, phase)
    const before = this.#reached
    let weight = 0
    for (const [peer, claimed] of [...this.#latest].sort(([, a], [, b]) => b - a)) {
      weight += this.#quorums.weight(peer)
      if (!this.#quorums.amplify(weight)) continue
      this.#reached = claimed
      break
    }
    if (this.#reached === before) return
    this.#forget()
    this.#advance()
  }

  onCoordinate(from: Position, phase: number, value: Bit): void {
    const state = this.#at(phase, from)
    if (state === undefined || from !== this.#quorums.coordinator(phase) || state.coordinated !== undefined) return
    state.coordinated = value
    this.#advance()
  }

  onAuxiliary(from: Position, phase: number, values: BitSet): void {
    const state = this.#at(phase, from)
    if (state === undefined || values === 0) return
    // One AUX of a peer counts.
    if (!state.auxiliaries.add(from)) return
    state.auxiliaryWeights[values] += this.#quorums.weight(from)
    this.#advance()
  }

  onTimer(phase: number): void {
    const state = this.#phases.get(phase)
    if (state === undefined) return
    state.timersOver++
    this.#advance()
  }

  /** For tests: two agreements of one position with equal snapshots do the same from here on. */
  snapshot(): BinaryAgreementSnapshot {
    return {
      decided: this.decided,
      estimate: this.#estimate,
      phase: this.#phase,
      front: this.#front,
      reached: this.#reached,
      valued: this.#valued,
      latest: [...this.#latest].sort(([a], [b]) => a - b),
      phases: [...this.#phases]
        .sort(([a], [b]) => a - b)
        .map(([phase, state]) => ({
          ...state,
          phase,
          estimates: state.estimates.map((tally) => [...tally]),
          saidEstimate: [...state.saidEstimate] as const,
          auxiliaries: [...state.auxiliaries],
          auxiliaryWeights: [...state.auxiliaryWeights] as const,
        })),
    }
  }

  /** Decided, and silent in this phase until somebody else needs it. */
  #dormant(phase: number): boolean {
    return this.decided !== undefined && phase === this.#phase
  }

  /**
   * The phase, if words of it count now. One's own do, however far ahead: a restarted peer hears all that it said before
   * at once, and not again when it gets there.
   */
  #at(phase: number, from?: Position): Phase | undefined {
    if (phase < 1 || phase < this.#front - phasesBehind) return undefined
    if (phase > this.horizon && from !== this.#self) return undefined
    let state = this.#phases.get(phase)
    if (state === undefined) {
      state = {
        estimates: [new Tally(), new Tally()],
        saidEstimate: [false, false],
        values: 0,
        coordinated: undefined,
        saidCoordinate: false,
        auxiliaries: new PeerSet(),
        auxiliaryWeights: [0, 0, 0, 0],
        timersAsked: 0,
        timersOver: 0,
        saidAuxiliary: false,
      }
      this.#phases.set(phase, state)
    }
    return state
  }

  #forget(): void {
    this.#front = Math.max(this.#phase, this.#reached)
    for (const phase of this.#phases.keys()) if (phase < this.#front - phasesBehind) this.#phases.delete(phase)
  }

  #sayEstimate(phase: number, value: Bit): void {
    const state = this.#at(phase)
    if (state === undefined || state.saidEstimate[value]) return
    state.saidEstimate[value] = true
    this.#effects.say({ kind: 'estimate', instance: this.#instance, phase, value })
  }

  #startTimer(phase: number, state: Phase): void {
    state.timersAsked++
    this.#effects.timer(phase)
  }

  #enter(phase: number): void {
    this.#phase = phase
    this.#forget()
    // Of somebody else: of a phase that it is not in, a peer says only what f+1 have said.
    const heard = this.#phases.get(phase)?.estimates.some(({ weight }) => weight > 0) === true
    if (this.decided === undefined || heard) this.#sayEstimate(phase, this.#estimate)
    this.#advance()
  }

  /** Step 6. */
  #catchUp(): void {
    const next = this.#valued - 1
    if (next <= this.#phase) return
    const values = this.#phases.get(next)?.values ?? 0
    if (values === 0) return
    this.#estimate = values === 2 ? 1 : 0
    this.#enter(next)
  }

  #advance(): void {
    if (!this.started) return
    this.#catchUp()
    const state = this.#phases.get(this.#phase)
    if (state === undefined || state.values === 0) return
    if (!state.saidAuxiliary && !this.#sayAuxiliary(state)) return
    const union = this.#union(state)
    if (union === undefined || (union === 3 && !this.#waited(state, 2))) return
    const parity = (this.#phase % 2) as Bit
    if (union === 3) this.#estimate = parity
    else {
      this.#estimate = union === 2 ? 1 : 0
      if (this.#estimate === parity) this.decided ??= this.#estimate
    }
    this.#enter(this.#phase + 1)
  }

  /** Whether so many timers of this phase have run out. */
  #waited(state: Phase, timers: 1 | 2): boolean {
    return this.#phase === 1 || state.timersOver >= timers
  }

  /** Step 3; false while it waits. */
  #sayAuxiliary(state: Phase): boolean {
    const coordinated = state.coordinated
    const helped = coordinated !== undefined && (state.values & (1 << coordinated)) !== 0
    const hurried = this.#phase < this.#reached || (helped && this.#phase === 2)
    if (!hurried && !this.#waited(state, 1)) return false
    state.saidAuxiliary = true
    if (this.#phase > 1) this.#startTimer(this.#phase, state)
    const values = helped ? ((1 << coordinated) as BitSet) : state.values
    this.#effects.say({ kind: 'auxiliary', instance: this.#instance, phase: this.#phase, values })
    return true
  }

  /** Step 4: V, once peers of weight n−f have said AUX within our values. */
  #union(state: Phase): BitSet | undefined {
    const weigh = (values: Exclude<BitSet, 0>): number =>
      (values & ~state.values) === 0 ? state.auxiliaryWeights[values] : 0
    for (const unanimous of [1, 2] as const) if (this.#quorums.available(weigh(unanimous))) return unanimous
    return this.#quorums.available(weigh(1) + weigh(2) + weigh(3)) ? 3 : undefined
  }
}
